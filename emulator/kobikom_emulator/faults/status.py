"""A status code for the whole request or for single recipients (clause E)."""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


def _code_problem(code: int) -> str:
    return "0 is success, not a fault" if code == 0 else ""


def _place_problem(place: int) -> str:
    return "places count from 1, or from -1 at the end" if place == 0 else ""


Code = Annotated[int, Meta(ge=-999, le=999, extra_json_schema={"not": {"const": 0}}, extra={"check": _code_problem})]
Place = Annotated[
    int, Meta(ge=-100_000, le=100_000, extra_json_schema={"not": {"const": 0}}, extra={"check": _place_problem})
]


class Status(Effect, frozen=True, tag="status"):
    """The status `code` answers the whole request, or each recipient that the rule matches; nothing is accepted or
    charged for those.

    Of the matching recipients of a request, counted from 1, `places` names some (-1 is the last), `every` n means the
    n-th, the 2n-th and so on.
    """

    code: Code
    scope: Literal["request", "recipient"] = "request"
    places: Annotated[tuple[Place, ...], Meta(max_length=1000)] = ()
    every: Annotated[int, Meta(ge=1)] = 1

    def description(self) -> str:
        if self.scope == "request":
            return Phrase("status {code} for the whole request", code=self.code)
        return Phrase("status {code} for the recipients that match", code=self.code)

    def sentence(self) -> str:
        if self.scope == "request":
            return Phrase("it fails with {code}", code=str(self.code))
        if self.places:
            places = ", ".join(map(str, self.places))
            return Phrase("of the matching recipients, number {places} get {code}", places=places, code=str(self.code))
        if self.every > 1:
            return Phrase("of every {every} matching recipients one gets {code}", every=self.every, code=str(self.code))
        return Phrase("each matching recipient gets {code}", code=str(self.code))

    def problem(self) -> str:
        if self.scope == "request" and self.places:
            return "effect.places: the code is for the whole request; scope is recipient for single ones"
        if self.scope == "request" and self.every > 1:
            return "effect.every: the code is for the whole request; scope is recipient for single ones"
        if self.places and self.every > 1:
            return "effect.every: places says which recipients already"
        return ""

    def affects(self, operation: str) -> bool:
        return operation == "send" or (self.scope == "request" and operation != "push")

    def request_code(self) -> int | None:
        return self.code if self.scope == "request" else None

    def recipient_code(self) -> int | None:
        return self.code if self.scope == "recipient" else None

    def hits(self, place: int, count: int) -> bool:
        if self.places:
            return place in self.places or place - count - 1 in self.places
        return place % self.every == 0

    def reaches(self, count: int) -> bool:
        if self.scope == "request" or (not self.places and self.every == 1):
            return True
        if self.places:
            return any(abs(place) <= count for place in self.places)
        return self.every <= count
