"""A status code for the whole request or for single recipients (clause E)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


def _code_problem(code: int) -> str:
    return "0 is success, not a fault" if code == 0 else ""


Code = Annotated[int, Meta(ge=-999, le=999, extra_json_schema={"not": {"const": 0}}, extra={"check": _code_problem})]


class Status(Effect, frozen=True, tag="status"):
    """The status `code` answers the whole request, or each recipient that the rule matches; nothing is accepted or
    charged for those.
    """

    code: Code
    scope: Literal["request", "recipient"] = "request"

    def description(self) -> str:
        if self.scope == "request":
            return Phrase("status {code} for the whole request", code=self.code)
        return Phrase("status {code} for the recipients that match", code=self.code)

    def affects(self, operation: str) -> bool:
        return self.scope == "request" or operation == "send"

    def request_code(self) -> int | None:
        return self.code if self.scope == "request" else None

    def recipient_code(self) -> int | None:
        return self.code if self.scope == "recipient" else None
