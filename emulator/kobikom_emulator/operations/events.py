"""Follow the changes of a space as they happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

import msgspec

from kobikom_emulator.operations.clock import ClockState, state_of
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space

MIN_INTERVAL = 0.1
"""Real seconds between two events: thousands of sends a second are ten events."""

SILENCE = 15.0
"""Real seconds without a change after which None is given, so that a connection is kept open."""


class Pulse(msgspec.Struct, frozen=True):
    """Numbers that tell whether a space changed: `change` grows with each change, `generation` with each reset or
    import, `requests` counts journal entries, `active_faults` the armed rules that may still fire. `machine_time`: the
    clock shows the time of the machine.
    """

    change: int
    generation: int
    requests: int
    faults: int
    active_faults: int
    machine_time: bool
    clock: ClockState


class EventOperations:
    """The changes of one space."""

    def __init__(self, space: Space, registry: SpaceRegistry) -> None:
        self._space = space
        self._registry = registry

    def pulse(self) -> Pulse:
        space = self._space
        return Pulse(
            change=space.changed.count,
            generation=space.generation,
            requests=space.journal.written,
            faults=len(space.faults),
            active_faults=space.faults.active(space.clock.now()),
            machine_time=space.clock.is_machine_time(),
            clock=state_of(space.clock),
        )

    async def follow(self) -> AsyncGenerator[Pulse | None]:
        """The pulse now and after each change, until the space is closed; changes that come together give one. None
        after each silence.
        """
        space, seen = self._space, -1
        while self._registry.named(space.name) is space:
            if space.changed.count != seen:
                seen = space.changed.count
                yield self.pulse()
                await asyncio.sleep(MIN_INTERVAL)
                continue
            try:
                async with asyncio.timeout(SILENCE):
                    await space.changed.wait(seen)
            except TimeoutError:
                yield None
