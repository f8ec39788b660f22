"""The catalogue's single days find the mistakes of the shop's service, and raise no false alarm."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz_power.found_by import FOUND_BY, NOT_FOUND
from fuzz_power.judge import judged
from fuzz_power.measure import catalogue, condition_of
from fuzz_power.service.bugs import BUGS
from fuzz_power.street import Street

WANTED = {bug.name for bug in BUGS if bug.visible_on_a_day}
DAYS: dict[str, Any] = {day.name: day for day in catalogue(stalled=True)}


@pytest.fixture(scope="module")
def street() -> Iterator[Street]:
    with Street() as opened:
        yield opened


def test_the_table_counts_every_mistake_that_a_day_can_show() -> None:
    """Each is found by a day, or not found for a reason; at least three in four are found."""
    assert WANTED == FOUND_BY.keys() | NOT_FOUND.keys()
    assert 0.75 * len(WANTED) <= len(FOUND_BY)
    assert set() == FOUND_BY.keys() & NOT_FOUND.keys()


@pytest.mark.parametrize("day", [name for name in DAYS if "-stall-" not in name])
def test_the_correct_service_keeps_every_promise(day: str, street: Street) -> None:
    """A day of the catalogue is no reason for a service without mistakes to break a promise."""
    assert [] == judged(street, condition_of(DAYS[day]))


@pytest.mark.parametrize("name", sorted(FOUND_BY))
def test_a_day_finds_the_mistake(name: str, street: Street) -> None:
    """The service with the mistake breaks a promise on its day, each time."""
    assert judged(street, condition_of(DAYS[FOUND_BY[name]]), frozenset((name,)))
