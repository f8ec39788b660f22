"""An answer that does not come until somebody gives up."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer, Transmission
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Stall(Effect, frozen=True, tag="stall"):
    """Nothing is sent until the client gives up, a test releases the answer, or `seconds` of real time are over:
    `after` the request was carried out, its answer is held; `before`, nothing is carried out and the connection closes
    then.
    """

    moment: Literal["before", "after"] = "after"
    seconds: Annotated[float, Meta(gt=0, le=3600)] = 60.0

    def description(self) -> str:
        if self.moment == "before":
            return Phrase("the request was not carried out, nothing was sent, the connection was held")
        return Phrase("the request was carried out, the answer was held")

    def sentence(self) -> str:
        if self.moment == "before":
            return Phrase("nothing is carried out and nothing is sent for {seconds} seconds", seconds=self.seconds)
        return Phrase("it is carried out, and the answer is held for {seconds} seconds", seconds=self.seconds)

    def before(self) -> Answer | None:
        return Answer((), transmission=Transmission(drop=True)) if self.moment == "before" else None

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, stall=self.seconds))
