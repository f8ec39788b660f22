"""An answer cut short. May be imported by gateway.faults."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from kobikom_emulator.gateway.answer import Answer
from kobikom_emulator.gateway.faults.effect import Effect


class Truncate(Effect, frozen=True, tag="truncate"):
    """The first `bytes` of the body, under the Content-Length of the whole, then the connection closes."""

    bytes: int

    def problem(self) -> str:
        return "" if self.bytes >= 0 else "effect.bytes: is 0 or more"

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(answer, manner=replace(answer.manner, truncate_at=self.bytes))
