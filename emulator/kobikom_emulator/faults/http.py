"""An HTTP answer of something in front of the service: a broken proxy, a login page, a maintenance page."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated, Final, Literal

from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase

WITHOUT_BODY: Final = (204, 205, 304)
"""Statuses whose answers have no body and so no page."""


def _status_problem(status: int) -> str:
    return "has no body, so no page" if status in WITHOUT_BODY else ""


PageStatus = Annotated[
    int,
    Meta(
        ge=200,
        le=599,
        extra_json_schema={"not": {"enum": list(WITHOUT_BODY)}},
        extra={"check": _status_problem},
    ),
]


class Http(Effect, frozen=True, tag="http"):
    """A short HTML page with the HTTP status `status` is sent: `before` instead of carrying the request out, or `after`
    it was carried out, instead of its answer.
    """

    status: PageStatus
    moment: Literal["before", "after"] = "before"

    def description(self) -> str:
        if self.moment == "before":
            return Phrase("HTTP {status} instead of carrying the request out", status=self.status)
        return Phrase("the request was carried out, HTTP {status} was sent instead of its answer", status=self.status)

    def sentence(self) -> str:
        if self.moment == "before":
            return Phrase("an HTML page with HTTP {status} comes, and nothing is carried out", status=self.status)
        return Phrase("it is carried out, and an HTML page with HTTP {status} comes", status=self.status)

    def before(self) -> Answer | None:
        return Answer((self._page(),), "text/html", self.status) if self.moment == "before" else None

    def alters_answers(self) -> bool:
        return self.moment == "after"

    def after(self, answer: Answer, dice: Dice) -> Answer:
        if self.moment == "before":
            return answer
        return replace(answer, chunks=(self._page(),), content_type="text/html", status=self.status)

    def _page(self) -> bytes:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Error"
        title = f"{self.status} {phrase}"
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>\r\n"
        return page.encode()
