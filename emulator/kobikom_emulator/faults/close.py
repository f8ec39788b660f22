"""Connections that are closed after an answer, as a restart of the service closes them."""

from __future__ import annotations

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Close(Effect, frozen=True, tag="close"):
    """The request is carried out and answered, then every open connection of the space's clients closes, although its
    head promised to keep it open, as when the service restarts. A client that uses one again finds it dead, one that
    waits for an answer gets none.
    """

    def description(self) -> str:
        return Phrase("every open connection was closed after the answer, unannounced")

    def sentence(self) -> str:
        return Phrase("every open connection closes after the answer, unannounced")

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, close=True))
