"""An HTTP error instead of an answer, like that of a broken proxy in front of the service."""

from __future__ import annotations

from http import HTTPStatus
from typing import Annotated

from msgspec import Meta

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect
from kobikom_emulator.phrases import Phrase


class Http(Effect, frozen=True, tag="http"):
    """The request is not carried out and answered with the HTTP error `status` and a short HTML page."""

    status: Annotated[int, Meta(ge=400, le=599)]

    def description(self) -> str:
        return Phrase("HTTP {status} instead of carrying the request out", status=self.status)

    def before(self) -> Answer | None:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Error"
        title = f"{self.status} {phrase}"
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>\r\n"
        return Answer((page.encode(),), "text/html", self.status)
