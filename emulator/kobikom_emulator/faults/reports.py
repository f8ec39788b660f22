"""Delivery reports that are wrong, as a service with a bug gives them."""

from __future__ import annotations

import re
from typing import Final, Literal

from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase

UNKNOWN_ID: Final = b"999999999999999"
"""An id that no message has: generated ones have another first digit or another length."""
UNKNOWN_STATUS: Final = b"IN_PROGRESS"
"""A status that is documented nowhere."""

_REPORT: Final = re.compile(rb"<message [^>]*/>\n?")
_ID: Final = re.compile(rb'(?<= id=")[^"]*')
_STATUS: Final = re.compile(rb'(?<= status=")[^"]*')


class Reports(Effect, frozen=True, tag="reports"):
    """The pull is carried out; each report is in the answer twice (`repeated`), the first one once more under an id
    that no message has (`unknown-id`), or all have a status that is documented nowhere (`unknown-status`).
    """

    change: Literal["repeated", "unknown-id", "unknown-status"]

    def description(self) -> str:
        match self.change:
            case "repeated":
                return Phrase("each report was given twice")
            case "unknown-id":
                return Phrase("a report was added whose id no message has")
            case _:
                return Phrase("the reports had a status that is documented nowhere")

    def sentence(self) -> str:
        match self.change:
            case "repeated":
                return Phrase("each report is given twice")
            case "unknown-id":
                return Phrase("one more report is given, of an id that no message has")
            case _:
                return Phrase("the reports have a status that is documented nowhere")

    def affects(self, operation: str) -> bool:
        return operation == "pull"

    def after(self, answer: Answer, dice: Dice) -> Answer:
        return replace(answer, chunks=tuple(self._changed(answer.chunks)))

    def _changed(self, chunks: tuple[bytes, ...]) -> list[bytes]:
        match self.change:
            case "repeated":
                return [_REPORT.sub(lambda report: report[0] * 2, chunk) for chunk in chunks]
            case "unknown-status":
                return [_STATUS.sub(UNKNOWN_STATUS, chunk) for chunk in chunks]
            case _:
                first = [
                    _REPORT.sub(lambda report: report[0] + _ID.sub(UNKNOWN_ID, report[0]), chunk, count=1)
                    for chunk in chunks[:1]  # none where another rule left no body
                ]
                return [*first, *chunks[1:]]
