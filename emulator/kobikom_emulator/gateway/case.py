"""A request in hand: what bears on its answer, and what came of it. May be imported by gateway."""

from __future__ import annotations

import msgspec

from kobikom_emulator.gateway.explanation import Note
from kobikom_emulator.gateway.faults.chain import Firing
from kobikom_emulator.gateway.space import Space
from kobikom_emulator.protocol.readings import Readings


class Done(msgspec.Struct, frozen=True, gc=False):
    """What an operation came to: the body, one word and the code for the journal, and the explanation."""

    chunks: tuple[bytes, ...]
    outcome: str
    code: int | None = 0
    notes: tuple[Note, ...] = ()
    ids: range = range(0)
    """The generated ids of the messages that came of it."""


class Case(msgspec.Struct, frozen=True, gc=False):
    """A request with everything that bears on its answer."""

    space: Space
    now: int
    readings: Readings
    firing: Firing
