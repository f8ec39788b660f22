"""What the steps of answering one request share, and what an operation returns."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import msgspec

from kobikom_emulator.faults.chain import FiredRules
from kobikom_emulator.journal.entries import Outcome
from kobikom_emulator.journal.notes import Note
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.space import Space

T = TypeVar("T")


class OperationResult(msgspec.Struct, frozen=True, gc=False):
    """The body of the answer, the outcome and status code for the journal, and the explanation."""

    chunks: tuple[bytes, ...]
    outcome: Outcome
    code: int | None = 0
    notes: tuple[Note, ...] = ()
    ids: range = range(0)
    """The generated ids of the messages that were created."""
    intended: tuple[bytes, ...] | None = None
    """The body in the readings of the space, where a fault rule chose others for this answer."""


class RequestContext(msgspec.Struct, frozen=True, gc=False):
    """What the answer to a request depends on beside the request. `now` is in ms."""

    space: Space
    now: int
    readings: Readings
    fired: FiredRules
    large: bool = False
    """Whether the work on it must let other requests in (T-11)."""

    async def run(self, work: Callable[[], T]) -> T:
        """What a plain function returns: at once or, for a large request, from the thread for those."""
        return await self.space.large_work.run(work) if self.large else work()

    @property
    def altered(self) -> bool:
        """Whether a fault rule chose other readings for this answer."""
        return self.readings is not self.space.readings
