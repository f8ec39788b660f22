"""An answer that trickles."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect


class Dribble(Effect, frozen=True, tag="dribble"):
    """The body at `bytes_per_second` of real time."""

    bytes_per_second: float

    def problem(self) -> str:
        return "" if self.bytes_per_second > 0 else "effect.bytes_per_second: is more than 0"

    def description(self) -> str:
        return f"The body of the answer was sent at {self.bytes_per_second:g} bytes a second."

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, bytes_per_second=self.bytes_per_second))
