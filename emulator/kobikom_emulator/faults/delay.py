"""An answer that comes late."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Delay(Effect, frozen=True, tag="delay"):
    """The request is carried out at once and answered `seconds` of real time later, longer than a client may wait."""

    seconds: Annotated[float, Meta(gt=0, le=3600)]

    def description(self) -> str:
        return Phrase("the answer was sent {seconds} seconds late", seconds=self.seconds)

    def sentence(self) -> str:
        return Phrase("the answer comes {seconds} seconds late", seconds=self.seconds)

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(
            answer, transmission=replace(answer.transmission, delay=answer.transmission.delay + self.seconds)
        )
