"""Answers malformed just as the vendor's page prints them (clauses E, R-02)."""

from __future__ import annotations

from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.protocol.readings import Readings


class AsPrinted(Effect, frozen=True, tag="as-printed"):
    """The readings `result-shape` and `report-close` become `as-printed` for this answer."""

    def affects(self, operation: str) -> bool:
        return operation in ("send", "pull")

    def description(self) -> str:
        return "The answer was malformed in the way the vendor's page prints its examples."

    def readings(self, readings: Readings) -> Readings:
        return readings.with_choices({"result-shape": "as-printed", "report-close": "as-printed"})
