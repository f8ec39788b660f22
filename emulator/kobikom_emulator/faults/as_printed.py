"""Answers malformed just as the vendor's page prints them (clauses E, R-02)."""

from __future__ import annotations

from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.readings import Readings


class AsPrinted(Effect, frozen=True, tag="as-printed"):
    """The request is carried out; the answer is malformed just as the vendor's page prints it: the readings
    `result-shape` and `report-close` are `as-printed` for it.
    """

    def description(self) -> str:
        return Phrase("the answer was malformed as the vendor's page prints it")

    def sentence(self) -> str:
        return Phrase("the answer is malformed as the vendor's page prints it")

    def affects(self, operation: str) -> bool:
        return operation in ("send", "pull")

    def readings(self, readings: Readings) -> Readings:
        return readings.with_choices({"result-shape": "as-printed", "report-close": "as-printed"})
