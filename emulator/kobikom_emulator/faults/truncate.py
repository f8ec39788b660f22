"""An answer cut short."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect


class Truncate(Effect, frozen=True, tag="truncate"):
    """The first `bytes` of the body, under the Content-Length of the whole, then the connection closes."""

    bytes: int

    def problem(self) -> str:
        return "" if self.bytes >= 0 else "effect.bytes: is 0 or more"

    def description(self) -> str:
        return f"The answer was cut after {self.bytes} bytes of its body."

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, truncate_at=self.bytes))
