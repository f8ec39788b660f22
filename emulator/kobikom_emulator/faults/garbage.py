"""Noise instead of an answer."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect


class Garbage(Effect, frozen=True, tag="garbage"):
    """As many random bytes as the body had, from the space's seed; the request was carried out."""

    def description(self) -> str:
        return "The body of the answer was replaced by random bytes."

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(answer, chunks=(dice.randbytes(answer.length),))
