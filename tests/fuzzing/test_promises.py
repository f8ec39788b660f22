"""The promises: a correct service keeps them on every day, and each mistake breaks one, that of always failing too."""

import contextlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kobikom_contracts import Day, days
from kobikom_contracts.promises import NUMBERS, TEXT, BrokenPromise, Service, keep_promises
from kobikom_emulator import Emulator
from kobikom_emulator.driver import Kobikom, KobikomServer

sys.path.insert(0, str(Path(__file__).parent))

from services import Orders, ServiceDown

EVERY = {day.name: day for day in days(operations=["send", "pull"])}
PAGE = Path(__file__).parents[2] / "docs/testing/fuzzing.md"


@pytest.fixture(scope="module")
def space() -> Iterator[Kobikom]:
    """A space whose clock stands still; each day resets it."""
    with Emulator() as emulator, KobikomServer.of(emulator).open(clock="2026-01-31T09:00:00+03:00") as space:
        yield space


def orders(space: Kobikom, *mistakes: str) -> Orders:
    return Orders(space.base_url, space.user, space.password, mistakes)


def service_of(program: Orders) -> Service:
    """The functions of a program that the promises need."""
    return Service(
        send=program.send,
        recorded=program.numbers_sent,
        unsure=program.numbers_unsure,
        collect=program.collect,
        stored=lambda: program.reports,
        alarms=lambda: program.alarms,
        spent=lambda: program.spent,
        failures=(ServiceDown,),
    )


@pytest.mark.parametrize("day", days(operations=["send"], kinds=["drop", "http"]), ids=str)
def test_every_day(kobikom: Kobikom, day: Day) -> None:
    """A customer gets at most one message, also when the connection breaks."""
    kobikom.play(day)
    for number in NUMBERS:
        with contextlib.suppress(ServiceDown):
            orders(kobikom).send([number], TEXT)
        assert len(kobikom.find(to=number)) <= 1


@pytest.mark.parametrize("day", days(operations=["send", "pull"]), ids=str)
def test_promises(kobikom: Kobikom, day: Day) -> None:
    """A correct service keeps its promises on every day of its requests."""
    keep_promises(kobikom, service_of(orders(kobikom)), day)


def test_the_page_shows_these_tests() -> None:
    """Each line of a test that the page shows from here stands here."""
    here = Path(__file__).read_text("utf-8")
    fence_of_this_file = r"^```python elsewhere=tests/fuzzing/test_promises.py\n(.*?)^```"
    fences = re.findall(fence_of_this_file, PAGE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    shown = [line for fence in fences if "tests/days" not in fence for line in fence.splitlines() if line.strip()]
    assert [] == [line for line in shown if line not in here]
    assert len(shown) > 20


@pytest.mark.parametrize(
    ("mistake", "name", "sentence"),
    [
        ("always fails", "ordinary", "nothing fails on this day, but sending did"),
        ("never collects", "outcome-at-once", "nothing fails on this day, but collecting did"),
        ("always fails", "credit-none", "the faults are over, but sending still fails"),
        ("gives up for good", "send-drop-before", "the faults are over, but sending still fails"),
        ("never collects", "credit-for-one", "the faults are over, but collecting still fails"),
        ("sends again", "send-drop-after", "905322542525 gets the same message 2 times"),
        ("first status", "send-recipient-3-last", "905421112233 is recorded as sent, but was never accepted"),
        ("forgets the unsure", "send-drop-after", "recorded neither as sent nor as unsure"),
        ("no alarm", "pull-drop-after", "but its answer was damaged, lost or late, and no alarm says so"),
        ("all delivered", "outcome-all-rejected", "says REJECTED, but DELIVERED is stored"),
        ("pays for the refused", "send-recipient-3-last", "was charged, but the books say"),
    ],
)
def test_each_mistake_breaks_a_promise(space: Kobikom, mistake: str, name: str, sentence: str) -> None:
    """The message says which, and the same day is survived without the mistake."""
    with pytest.raises(BrokenPromise, match=sentence):
        keep_promises(space, service_of(orders(space, mistake)), EVERY[name])


def test_a_mistake_that_is_no_announced_failure_goes_through(space: Kobikom) -> None:
    """An exception that is none of `failures` is the test's own error."""

    def crash(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        keep_promises(space, Service(send=crash, failures=(OSError,)), EVERY["ordinary"])
