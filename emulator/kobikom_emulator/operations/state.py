"""A whole space as one JSON value, out and in again."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from kobikom_emulator.domain.states import Books
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.space.space import Space


class ClockState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Milliseconds since the epoch."""

    now: int
    frozen: bool
    rate: float


class FaultState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An armed rule and what it has done."""

    rule: Rule
    matched: int
    fired: int


class State(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything a space is at an instant, but for its journal: accounts with their money, messages, pushes, faults,
    clock, readings, the next message id.
    """

    format: Literal["kobikom-emulator-state/1"]
    next_id: int
    clock: ClockState
    readings: dict[str, str]
    faults: tuple[FaultState, ...]
    books: Books


async def taken(space: Space) -> bytes:
    """The state as JSON."""
    clock = space.clock
    async with space.lock:
        state = State(
            format="kobikom-emulator-state/1",
            next_id=space.ids.peek(),
            clock=ClockState(clock.now(), clock.frozen, clock.rate),
            readings=space.readings.chosen(),
            faults=tuple(FaultState(each.rule, each.matched, each.fired) for each in space.faults.rules),
            books=await space.store.open_books(),
        )
    return msgspec.json.encode(state, enc_hook=_encode)


def _encode(value: Any) -> Any:
    if isinstance(value, range):
        return list(value)
    raise TypeError(type(value).__name__)


def read(text: bytes) -> State:
    """JSON as a state; raises msgspec's errors."""
    return msgspec.json.decode(text, type=State)


async def put(space: Space, state: State) -> None:
    """Make a space what the state says; its journal begins anew."""
    async with space.lock:
        await space.store.replace_books(state.books)
        space.ids.restart()
        space.ids.take(state.next_id - space.ids.peek())
        space.read_as(space.readings.with_choices(state.readings))
        space.clock.set(state.clock.now)
        space.clock.run(rate=state.clock.rate)
        if state.clock.frozen:
            space.clock.freeze()
        space.faults.clear()
        for fault in state.faults:
            space.faults.restore(fault.rule, matched=fault.matched, fired=fault.fired)
        space.journal.clear()
        space.beginnings += 1
    space.clock.nudge()
    space.changed.notify()
