"""Promises that a program which sends and collects has to keep on every day, as checks over a space.

A promise about what must not happen is kept by a program that always fails. So there are promises about what must
happen too: on a day that is only different everything succeeds, and after a day with faults everything works again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Protocol

from kobikom_contracts.catalogue.day import Day
from kobikom_contracts.scenario_words import READINGS

NUMBERS = ("905322542525", "905352220087", "905421112233")
TEXT = "Siparişiniz yola çıktı"
BEFORE = "Siparişiniz alındı"
"""The text of the sends that a day spares, before the one in which something fails."""
AGAIN = "Siparişiniz teslim edildi"
DELIVERY = 3 * 86_400
"""Seconds after which every report is ready."""


class BrokenPromise(AssertionError):
    """A promise that a program did not keep."""


class Space(Protocol):
    """What the promises ask of a space: the handle `kobikom` of the pytest plugin has it."""

    clock: Any
    faults: Any

    @property
    def messages(self) -> Sequence[Any]:
        """The accepted messages: `to`, `text`, `message_id`, `cost` and `report` (waiting, ready, given) of each."""

    @property
    def journal(self) -> Sequence[Any]:
        """The requests: `operation`, `outcome` and `faults` of each."""

    def play(self, scenario: Any, *, reset: bool = True) -> None:
        """Put the space on a day."""


@dataclass(frozen=True, kw_only=True)
class Service:
    """The program under test as a few functions. What it does not have is left out, with the promises about it.

    `send` sends a text to numbers, `collect` is its job for reports; both raise one of `failures` where they fail and
    say so. `recorded` gives the numbers recorded as sent a text, `unsure` those of which it is not known. `stored`
    gives the reports in the database, status by message id; `alarms` what somebody has to look into; `spent` what its
    own books say was paid.
    """

    send: Callable[[Sequence[str], str], object]
    recorded: Callable[[str], Collection[str]] | None = None
    unsure: Callable[[str], Collection[str]] = lambda _: ()
    collect: Callable[[], object] | None = None
    stored: Callable[[], Mapping[str, str]] | None = None
    alarms: Callable[[], Collection[object]] = lambda: ()
    spent: Callable[[], Decimal] | None = None
    failures: tuple[type[Exception], ...] = (Exception,)


def keep_promises(
    space: Space, service: Service, day: Day, *, numbers: Sequence[str] = NUMBERS, text: str = TEXT, nights: int = 2
) -> None:
    """Play a day, send, collect on some nights, and check every promise; then the same once more, on a good day.

    Where the day spares the first sends, these come before, with a text of their own, and must succeed.
    `BrokenPromise` says which promise was broken.
    """
    space.play(day)
    before = [f"{BEFORE} {nth}" for nth in range(1, _spared_sends(day) + 1)]
    for spared in before:
        sent = _attempt(service, partial(service.send, numbers, spared))
        _must(sent, f"nothing has failed yet on this day, but sending did: {day.sentence}")
        everybody_gets_it(space, service, numbers, spared)
    succeeded = _attempt(service, partial(service.send, numbers, text))
    space.clock.advance(DELIVERY)
    collected = [_attempt(service, service.collect) for _ in range(nights) if service.collect is not None]
    for each in (*before, text):
        nobody_gets_it_twice(space, each)
        accepted_is_recorded(space, service, each)
    reports_are_stored(space, service)
    money_adds_up(space, service, unsure=service.unsure(text))
    if day.different:
        _must(succeeded, f"nothing fails on this day, but sending did: {day.sentence}")
        _must(all(collected), f"nothing fails on this day, but collecting did: {day.sentence}")
        everybody_gets_it(space, service, numbers, text)
        _must(not collected or not _left(space), "nothing fails on this day, but reports were left with the provider")
    works_again(space, service, day, numbers=numbers)


def nobody_gets_it_twice(space: Space, text: str = TEXT) -> None:
    """No number was accepted more than once for a text."""
    for number, count in Counter(message.to for message in space.messages if message.text == text).items():
        _must(count == 1, f"{number} gets the same message {count} times")


def everybody_gets_it(space: Space, service: Service, numbers: Sequence[str], text: str = TEXT) -> None:
    """Every number was accepted, and is recorded as sent."""
    accepted = {message.to for message in space.messages if message.text == text}
    for number in numbers:
        _must(number in accepted, f"{number} does not get the message")
    if service.recorded is not None:
        for number in set(numbers) - set(service.recorded(text)):
            _must(False, f"{number} gets the message, but it is not recorded as sent")


def accepted_is_recorded(space: Space, service: Service, text: str = TEXT) -> None:
    """Every accepted message is recorded, once, as sent or as unsure; and what is recorded as sent was accepted."""
    if service.recorded is None:
        return
    accepted = {message.to for message in space.messages if message.text == text}
    recorded, unsure = Counter(service.recorded(text)), set(service.unsure(text))
    for number, count in recorded.items():
        _must(count == 1, f"{number} is recorded {count} times")
        _must(number in accepted, f"{number} is recorded as sent, but was never accepted")
    for number in accepted - set(recorded) - unsure:
        _must(False, f"{number} was accepted and charged, but is recorded neither as sent nor as unsure")


def reports_are_stored(space: Space, service: Service) -> None:
    """Every report that was given is stored as it was, or there is an alarm, also where the answer was damaged."""
    if service.stored is None:
        return
    stored, alarms = service.stored(), service.alarms()
    damaged = any(entry.operation == "pull" and entry.faults for entry in space.journal)
    for message in space.messages:
        if message.report != "given":
            continue
        if message.message_id not in stored:
            why = "its answer was damaged, lost or late, and no alarm says so" if damaged else "it is not stored"
            _must(bool(alarms), f"the report of {message.message_id} was given, and is not given again, but {why}")
        elif stored[message.message_id] != message.status and not (damaged and alarms):
            _must(
                damaged,
                f"the report of {message.message_id} says {message.status}, but {stored[message.message_id]} is stored",
            )


def money_adds_up(space: Space, service: Service, *, unsure: Collection[str] = ()) -> None:
    """What the books say was paid is what was charged; not asked where it is `unsure` of some numbers whether they were
    sent a message.
    """
    if service.spent is None or unsure:
        return
    charged = sum((message.cost for message in space.messages), Decimal(0))
    _must(service.spent() == charged, f"{charged} was charged, but the books say {service.spent()}")


def works_again(
    space: Space, service: Service, day: Day | None = None, *, numbers: Sequence[str] = NUMBERS, text: str = AGAIN
) -> None:
    """After a day with faults sending and collecting succeed: everybody gets it, and its reports are stored."""
    space.faults.clear()
    readings = {
        name: READINGS[name][0] for name in (day.scenario.readings if day is not None else ()) if name in READINGS
    }
    space.play({"readings": readings, "credit": "1000"}, reset=False)
    _must(_attempt(service, partial(service.send, numbers, text)), "the faults are over, but sending still fails")
    everybody_gets_it(space, service, numbers, text)
    nobody_gets_it_twice(space, text)
    if service.collect is None:
        return
    space.clock.advance(DELIVERY)
    _must(_attempt(service, service.collect), "the faults are over, but collecting still fails")
    if service.stored is not None:
        stored = service.stored()
        for message in space.messages:
            if message.text == text:
                _must(message.message_id in stored, f"the report of {message.message_id} is not stored on a good day")


def _spared_sends(day: Day) -> int:
    """How many sends come before the first in which something of this day happens."""
    document = day.document()
    faults = [
        rule.get("when", {}).get("skip", 0)
        for rule in document.get("faults", ())
        if rule.get("match", {}).get("operation") == "send"
    ]
    steps = [
        step["after"].get("count", 1) - 1
        for step in document.get("steps", ())
        if step.get("after", {}).get("operation") == "send"
    ]
    return min((*faults, *steps), default=0)


def _attempt(service: Service, step: Callable[[], object] | None) -> bool:
    """Whether a step of the program succeeded; what it does not announce as a failure goes through."""
    try:
        if step is not None:
            step()
    except service.failures:
        return False
    return True


def _left(space: Space) -> bool:
    return any(message.report == "ready" for message in space.messages)


def _must(holds: bool, sentence: str) -> None:
    if not holds:
        raise BrokenPromise(sentence)
