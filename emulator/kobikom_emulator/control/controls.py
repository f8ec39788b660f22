"""Clock, faults, readings and scenarios of a space over the control API."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from msgspec import UNSET

from kobikom_emulator.control import views
from kobikom_emulator.control.models import (
    ArmedView,
    ClockRequest,
    Done,
    FaultList,
    PreviewEntry,
    PreviewView,
    ReadingList,
    Scenario,
)
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import NO_CONTENT, Call, as_json
from kobikom_emulator.domain.changes import AccountSet, Change, CreditSet
from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.chain import NeverMatches
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.journal.rendering import iso
from kobikom_emulator.operations.preview import preview
from kobikom_emulator.ports import Clock
from kobikom_emulator.protocol.readings import Readings, UnknownReading
from kobikom_emulator.space.space import Space

_EARLIEST, _LATEST = 1, 9998


async def show_clock(space: Space, _: Call) -> Answer:
    return as_json(views.clock(space.clock))


async def turn_clock(space: Space, call: Call) -> Answer:
    """Set, advance, freeze, run: in this order, what of it is given."""
    apply_clock(space.clock, call.body_as(ClockRequest))
    space.changed.notify()
    return as_json(views.clock(space.clock))


def apply_clock(clock: Clock, wanted: ClockRequest) -> None:
    target = clock.now()
    if wanted.set is not UNSET:
        target = milliseconds(wanted.set, "set")
    if wanted.advance is not UNSET:
        target += round(wanted.advance * 1000)
    if target > milliseconds(datetime.fromisoformat("9998-12-31T00:00:00+00:00"), "set"):
        raise Problem(422, "advance: goes past the year 9998", field="advance")
    if wanted.set is not UNSET or wanted.advance is not UNSET:
        clock.set(target)
    if wanted.freeze is True:
        clock.freeze()
    if wanted.rate is not UNSET:
        frozen = clock.frozen
        clock.run(rate=wanted.rate)
        if frozen and wanted.freeze is not False:
            clock.freeze()
    elif wanted.freeze is False:
        clock.run()


def milliseconds(at: datetime, field: str) -> int:
    """An instant in ms since the epoch; `Problem` 422 if it has no zone or is no year dates can be printed in."""
    if at.tzinfo is None:
        raise Problem(422, f"{field}: needs a time zone, as in 2026-01-31T09:00:00+03:00", field=field)
    if not _EARLIEST < at.year <= _LATEST:
        raise Problem(422, f"{field}: is a year from {_EARLIEST + 1} to {_LATEST}", field=field)
    return round(at.timestamp() * 1000)


def checked_amount(amount: Decimal, field: str) -> Decimal:
    if not amount.is_finite() or amount < 0 or amount != round(amount, 3):
        raise Problem(422, f"{field}: is an amount of 0 or more with at most three decimals", field=field)
    return amount


async def list_faults(space: Space, _: Call) -> Answer:
    return as_json(FaultList(tuple(map(views.armed, space.faults.rules))))


async def arm_fault(space: Space, call: Call) -> Answer:
    """Arm a rule; 422 if it could never do anything."""
    return as_json(arm(space, call.body_as(Rule)), 201)


def arm(space: Space, rule: Rule) -> ArmedView:
    try:
        return views.armed(space.faults.arm(rule, space.clock.now()))
    except NeverMatches as error:
        raise Problem(422, str(error), field=str(error).partition(":")[0]) from None


async def preview_fault(space: Space, call: Call) -> Answer:
    """Which of the requests so far a rule would have matched; nothing is armed."""
    try:
        found = await preview(space, call.body_as(Rule))
    except NeverMatches as error:
        raise Problem(422, str(error), field=str(error).partition(":")[0]) from None
    matching = tuple(
        PreviewEntry(number, iso(entry.at), entry.operation, entry.user, meant)
        for (number, entry), meant in found.matching
    )
    return as_json(PreviewView(found.looked_at, matching))


async def clear_faults(space: Space, _: Call) -> Answer:
    for armed in space.faults.rules:
        space.faults.disarm(armed.number)
    return NO_CONTENT


async def disarm_fault(space: Space, call: Call) -> Answer:
    number = call.path["fault"]
    if not (number.isascii() and number.isdigit() and len(number) <= 18 and space.faults.disarm(int(number))):
        raise Problem(404, f"space {space.name!r} has no fault {number!r}")
    return NO_CONTENT


async def list_readings(space: Space, _: Call) -> Answer:
    return as_json(ReadingList(views.readings(space.readings)))


async def change_readings(space: Space, call: Call) -> Answer:
    """Choose readings by name; they hold from the next request on."""
    choose(space, call.body_as(dict[str, str]))
    return as_json(ReadingList(views.readings(space.readings)))


def choose(space: Space, choices: dict[str, str]) -> None:
    space.read_as(choose_from(space.readings, choices))


def choose_from(readings: Readings, choices: dict[str, str]) -> Readings:
    """The readings with some of them changed; `Problem` 422 names the one that can't be."""
    for name, value in choices.items():
        try:
            readings = readings.with_choices({name: value})
        except UnknownReading as error:
            raise Problem(422, str(error), field=name) from None
    return readings


async def play(space: Space, call: Call) -> Answer:
    """Let a scenario begin: its readings, faults, delivery, credit and clock, on top of what is there."""
    await apply_scenario(space, call.body_as(Scenario))
    return as_json(Done("playing"))


async def apply_scenario(space: Space, scenario: Scenario) -> None:
    for rule in scenario.faults:
        if problem := rule.problem(space.clock.now()):
            raise Problem(422, problem, field=f"faults.{problem.partition(':')[0]}")
    choose(space, scenario.readings)
    changes: list[Change] = []
    for account in await space.store.accounts():
        if scenario.delivery is not UNSET:
            changes.append(AccountSet(replace(account, profile=scenario.delivery.profile())))
        if scenario.credit is not UNSET:
            changes.append(CreditSet(account.user, checked_amount(scenario.credit, "credit")))
    async with space.lock:
        await space.store.apply(changes)
    if scenario.clock is not UNSET:
        apply_clock(space.clock, scenario.clock)
    for rule in scenario.faults:
        arm(space, rule)
    space.changed.notify()
