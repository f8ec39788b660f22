"""Apply a scenario (readings, faults, delivery, credit, clock) to a space, or let a space begin with one."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import UNSET
from msgspec.structs import replace

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import AccountSet, Change, CreditSet
from kobikom_emulator.domain.values import milliseconds
from kobikom_emulator.operations import clock
from kobikom_emulator.operations.errors import Invalid
from kobikom_emulator.operations.faults import check_rules
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.scenario import Scenario
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.steps import Step


async def play(space: Space, scenario: Scenario) -> None:
    """Apply a scenario to the space as it is. `Invalid` names what is wrong with it, and nothing changes then."""
    async with space.change():
        readings = chosen(space.readings, scenario.readings, field="readings.")
        planned = None if scenario.clock is UNSET else clock.planned(space.clock, scenario.clock, field="clock.")
        now = space.clock.now()
        then = now if planned is None or planned.at is None else planned.at
        check_rules(scenario.faults, then, field="faults")
        check_steps(scenario.steps, then)
        changes: list[Change] = []
        for account in await space.store.accounts():
            if scenario.delivery is not UNSET:
                changes.append(AccountSet(_with_delivery(account, scenario), now))
            if scenario.credit is not UNSET:
                changes.append(CreditSet(account.user, now, scenario.credit))
        await space.store.apply(changes)
        space.use_readings(readings)
        if scenario.seed is not UNSET:
            space.seed = scenario.seed
            space.faults.reseed(scenario.seed)
        if planned is not None:
            clock.apply(planned, space.clock)
        space.faults.arm_all(scenario.faults, then)
        space.steps.arm(scenario.steps)


def begin_with(blueprint: Blueprint, scenario: Scenario, *, now: int) -> Blueprint:
    """A blueprint of a space that begins with a scenario, after each reset too; `Invalid` names what is wrong.
    `now` (ms) is the machine's time.
    """
    start = _start(blueprint.clock, scenario, now)
    then = (now if start.at is None else start.at) + start.advance
    check_rules(scenario.faults, then, field="faults")
    check_steps(scenario.steps, then)
    accounts = [_with_delivery(account, scenario) for account in blueprint.accounts]
    if scenario.credit is not UNSET:
        accounts = [replace(account, credit=scenario.credit) for account in accounts]
    return replace(
        blueprint,
        readings=chosen(blueprint.readings, scenario.readings, field="readings."),
        faults=(*blueprint.faults, *scenario.faults),
        steps=(*blueprint.steps, *scenario.steps),
        seed=blueprint.seed if scenario.seed is UNSET else scenario.seed,
        accounts=tuple(accounts),
        clock=start,
    )


def check_steps(steps: Sequence[Step], now: int) -> None:
    """`Invalid` names the first step that changes nothing, or at which the clock could not be `now` (ms) any more."""
    for nth, step in enumerate(steps):
        if problem := step.problem():
            raise Invalid(f"steps[{nth}].{problem}", field=f"steps[{nth}].{problem.partition(':')[0]}")
        if step.advance is not UNSET:
            now += round(step.advance * 1000)
            clock.check_reachable(now, f"steps[{nth}].advance")


def _with_delivery(account: Account, scenario: Scenario) -> Account:
    return account if scenario.delivery is UNSET else replace(account, profile=scenario.delivery.profile())


def _start(start: ClockStart, scenario: Scenario, now: int) -> ClockStart:
    change = scenario.clock
    if change is UNSET:
        return start
    if change.set is not UNSET:
        start = replace(start, at=milliseconds(change.set), advance=0)
    if change.advance is not UNSET:
        start = replace(start, advance=start.advance + round(change.advance * 1000))
        clock.check_reachable((now if start.at is None else start.at) + start.advance, "clock.advance")
    if change.freeze is not UNSET:
        start = replace(start, frozen=change.freeze)
    return start if change.rate is UNSET else replace(start, rate=change.rate)
