"""The service keeps its promises without mistakes, and each of its mistakes breaks one under some condition."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz_power.conditions import ORDINARY_DAY
from fuzz_power.judge import judged
from fuzz_power.service.bugs import BUGS, CONDITIONS, NAMES
from fuzz_power.shown_under import SHOWN_UNDER
from fuzz_power.street import Street

SERVICE = Path(__file__).parent / "service"


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with Street() as opened:
        yield opened


def test_there_are_enough_mistakes_and_each_is_described_once() -> None:
    """At least 64 mistakes have a name, a sentence and a known kind of condition, and a day can show most of them."""
    assert len(BUGS) == len(NAMES)
    assert 64 <= len(BUGS)
    assert [] == [bug.name for bug in BUGS if bug.shown_by not in CONDITIONS or not bug.sentence.endswith(".")]
    assert 64 <= sum(bug.visible_on_a_day for bug in BUGS)


def test_each_mistake_is_a_switch_of_the_service() -> None:
    """The service's code asks for every mistake by its name."""
    sources = [path for path in SERVICE.glob("*.py") if not path.name.startswith("bugs")]
    code = "".join(path.read_text(encoding="utf-8") for path in sources)
    assert [] == [bug.name for bug in BUGS if f'"{bug.name}"' not in code]


def test_each_mistake_has_a_condition() -> None:
    """The table of conditions names every mistake and nothing else."""
    assert NAMES == set(SHOWN_UNDER)


def test_the_correct_service_keeps_every_promise_on_an_ordinary_day(street: Street) -> None:
    """Without mistakes and faults nothing is broken."""
    assert [] == judged(street, ORDINARY_DAY)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_mistake_is_shown_by_its_condition(name: str, street: Street) -> None:
    """Under its condition the correct service keeps every promise, and the one with the mistake breaks one."""
    condition = SHOWN_UNDER[name]
    if condition.password == "shop-secret":
        assert [] == judged(street, condition)
        assert judged(street, condition, frozenset((name,)))
    else:
        with Street(condition.password) as another:
            assert [] == judged(another, condition)
            assert judged(another, condition, frozenset((name,)))


@pytest.mark.parametrize("name", sorted(NAMES))
def test_no_mistake_is_shown_by_an_ordinary_day(name: str, street: Street) -> None:
    """A test without faults passes whatever the mistake is: only other conditions find it."""
    assert [] == judged(street, ORDINARY_DAY, frozenset((name,)))
