"""Read and move the clock of a space."""

from __future__ import annotations

import msgspec
from msgspec import UNSET

from kobikom_emulator.domain.values import Milliseconds, Rate, instant, instant_problem, milliseconds
from kobikom_emulator.operations.errors import Invalid
from kobikom_emulator.ports import Clock
from kobikom_emulator.space.scenario import ClockChange
from kobikom_emulator.space.space import Space


class ClockState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a clock shows (ms since the epoch), and whether it is frozen or runs at `rate` emulated seconds a second."""

    now: Milliseconds
    frozen: bool
    rate: Rate


class ClockOperations:
    """The clock of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def show(self) -> ClockState:
        return state_of(self._space.clock)

    async def change(self, change: ClockChange) -> ClockState:
        """Move the clock; `Invalid` where it would pass the last year that dates can be printed in."""
        async with self._space.change():
            apply(planned(self._space.clock, change), self._space.clock)
        return self.show()


def state_of(clock: Clock) -> ClockState:
    return ClockState(clock.now(), clock.frozen, clock.rate)


class PlannedClock(msgspec.Struct, frozen=True):
    """How a clock will be after a change; `at` None leaves the time it shows."""

    at: int | None
    frozen: bool
    rate: float


def planned(clock: Clock, change: ClockChange, *, field: str = "") -> PlannedClock:
    """How a clock will be after a change; `Invalid` where the change is not possible. `field` is that of the change,
    with a point.
    """
    at: int | None = None
    if change.set is not UNSET:
        at = milliseconds(change.set)
    if change.advance is not UNSET:
        at = (clock.now() if at is None else at) + round(change.advance * 1000)
        check_reachable(at, f"{field}advance")
    return PlannedClock(
        at=at,
        frozen=clock.frozen if change.freeze is UNSET else change.freeze,
        rate=clock.rate if change.rate is UNSET else change.rate,
    )


def check_reachable(at: int, field: str) -> None:
    """`Invalid` where an instant (ms) is after the last year that dates can be printed in."""
    try:
        problem = instant_problem(instant(at))
    except (ValueError, OverflowError):
        problem = "goes past the last year that dates can be printed in"
    if problem:
        raise Invalid(f"{field}: {problem}", field=field)


def apply(plan: PlannedClock, clock: Clock) -> None:
    at = clock.now() if plan.at is None else plan.at
    clock.start(at=at, advance=0, frozen=plan.frozen, rate=plan.rate)
