"""Pushed delivery reports that come twice, late, unclosed, or before the answer to their send (S-19)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.readings import Readings

PATIENCE = 10.0
"""Real seconds that a send's answer waits for the pushes of its messages at most."""


class Push(Effect, frozen=True, tag="push"):
    """A report is pushed `twice`, `late` by `seconds` of the space's clock, or `unclosed` as the vendor's page prints
    it; `before-answer` is for sends, whose answer is held until the pushes that are due by then were attempted.
    """

    change: Literal["twice", "late", "unclosed", "before-answer"]
    seconds: Annotated[float, Meta(gt=0, le=86_400)] = 60.0

    def description(self) -> str:
        match self.change:
            case "twice":
                return Phrase("the report was pushed twice")
            case "late":
                return Phrase("the report was pushed {seconds} seconds late", seconds=self.seconds)
            case "unclosed":
                return Phrase("the report was pushed without the end of its document")
            case _:
                return Phrase("the answer was held until the reports were pushed")

    def sentence(self) -> str:
        match self.change:
            case "twice":
                return Phrase("the report is pushed twice")
            case "late":
                return Phrase("the report is pushed {seconds} seconds late", seconds=self.seconds)
            case "unclosed":
                return Phrase("the report is pushed without the end of its document")
            case _:
                return Phrase("the reports are pushed before the answer comes")

    def affects(self, operation: str) -> bool:
        return operation == ("send" if self.change == "before-answer" else "push")

    def readings(self, readings: Readings) -> Readings:
        return readings.with_choices({"report-close": "as-printed"}) if self.change == "unclosed" else readings

    def push_delay(self) -> float:
        return self.seconds if self.change == "late" else 0.0

    def push_copies(self) -> int:
        return 2 if self.change == "twice" else 1

    def alters_answers(self) -> bool:
        return self.change == "before-answer"

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, transmission=replace(answer.transmission, stall=PATIENCE, until_pushed=True))
