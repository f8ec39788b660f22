"""An answer that takes its time."""

from __future__ import annotations

from random import Random

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect


class Delay(Effect, frozen=True, tag="delay"):
    """`seconds` of real time between carrying the request out and answering: what a client's time-out sees."""

    seconds: float

    def problem(self) -> str:
        return "" if 0 < self.seconds <= 3600 else "effect.seconds: is more than 0 and at most 3600"

    def description(self) -> str:
        return f"The answer was sent {self.seconds:g} s late."

    def after(self, answer: Answer, dice: Random) -> Answer:
        return replace(
            answer, transmission=replace(answer.transmission, delay=answer.transmission.delay + self.seconds)
        )
