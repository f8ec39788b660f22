"""A request in hand: what bears on its answer, and what came of it."""

from __future__ import annotations

import msgspec

from kobikom_emulator.faults.chain import Firing
from kobikom_emulator.journal.notes import Note
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.space import Space


class Done(msgspec.Struct, frozen=True, gc=False):
    """What an operation came to: the body, one word and the code for the journal, and the explanation."""

    chunks: tuple[bytes, ...]
    outcome: str
    code: int | None = 0
    notes: tuple[Note, ...] = ()
    ids: range = range(0)
    """The generated ids of the messages that came of it."""


class RequestContext(msgspec.Struct, frozen=True, gc=False):
    """A request with everything that bears on its answer."""

    space: Space
    now: int
    readings: Readings
    firing: Firing
