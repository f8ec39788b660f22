"""An answer that is sent slowly."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Dribble(Effect, frozen=True, tag="dribble"):
    """The request is carried out and its answer sent slowly, `bytes_per_second` of real time."""

    bytes_per_second: Annotated[float, Meta(gt=0)]

    def description(self) -> str:
        return Phrase("the answer was sent at {rate} bytes a second", rate=self.bytes_per_second)

    def sentence(self) -> str:
        return Phrase("the answer comes at {rate} bytes a second", rate=self.bytes_per_second)

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, bytes_per_second=self.bytes_per_second))
