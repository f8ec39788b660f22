"""A status code on demand: for the whole request or for single recipients (clause E)."""

from __future__ import annotations

from typing import Literal

from kobikom_emulator.faults.effect import Effect


class Status(Effect, frozen=True, tag="status"):
    """`code` answers the request, or each recipient the rule matches; nothing is accepted or charged for those."""

    code: int
    scope: Literal["request", "recipient"] = "request"

    def problem(self) -> str:
        if self.code == 0:
            return "effect.code: 0 is success, not a fault"
        return "" if -999 <= self.code <= 999 else "effect.code: has at most three digits"

    def affects(self, operation: str) -> bool:
        return self.scope == "request" or operation == "send"

    def description(self) -> str:
        if self.scope == "request":
            return f"The request was answered with status {self.code} and not carried out."
        return f"The matching recipients were refused with status {self.code}."

    def request_code(self) -> int | None:
        return self.code if self.scope == "request" else None

    def recipient_code(self) -> int | None:
        return self.code if self.scope == "recipient" else None
