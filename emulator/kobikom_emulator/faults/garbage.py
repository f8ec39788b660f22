"""Random bytes instead of an answer."""

from __future__ import annotations

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Garbage(Effect, frozen=True, tag="garbage"):
    """The request is carried out; as many random bytes as the answer has, from the space's seed, are sent instead of
    it.
    """

    def description(self) -> str:
        return Phrase("random bytes were sent instead of the answer")

    def sentence(self) -> str:
        return Phrase("random bytes come instead of the answer")

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, chunks=(dice.randbytes(answer.length),))
