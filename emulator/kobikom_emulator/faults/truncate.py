"""An answer that is cut short."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Truncate(Effect, frozen=True, tag="truncate"):
    """The request is carried out; the first `bytes` of the answer are sent under the Content-Length of the whole, then
    the connection is closed.
    """

    bytes: Annotated[int, Meta(ge=0)]

    def description(self) -> str:
        if self.bytes == 1:
            return Phrase("the first byte was sent, then the connection was closed")
        return Phrase("the first {count} bytes were sent, then the connection was closed", count=self.bytes)

    def sentence(self) -> str:
        return Phrase("the connection closes after {count} bytes of the answer", count=self.bytes)

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, truncate_at=self.bytes))
