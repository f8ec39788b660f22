"""A connection that is closed without an answer."""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer, Transmission
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Drop(Effect, frozen=True, tag="drop"):
    """The connection is closed without an answer: `before` the request is carried out, or `after` it was, so that
    messages were accepted and charged and only the answer is lost.
    """

    moment: Literal["before", "after"]

    def description(self) -> str:
        if self.moment == "before":
            return Phrase("the request was not carried out, the answer was not sent, the connection was closed")
        return Phrase("the request was carried out, the answer was not sent, the connection was closed")

    def sentence(self) -> str:
        if self.moment == "before":
            return Phrase("nothing is carried out, and the connection closes without an answer")
        return Phrase("it is carried out, and its answer is lost")

    def before(self) -> Answer | None:
        return Answer((), transmission=Transmission(drop=True)) if self.moment == "before" else None

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, drop=True))
