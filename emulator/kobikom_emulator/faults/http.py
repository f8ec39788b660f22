"""An HTTP error instead of an answer, as a broken proxy in front of the service would give."""

from __future__ import annotations

from http import HTTPStatus

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.effect import Effect


class Http(Effect, frozen=True, tag="http"):
    """`status` with a short HTML page; the request is not carried out."""

    status: int

    def problem(self) -> str:
        return "" if 400 <= self.status <= 599 else "effect.status: is an HTTP error, 400 to 599"

    def description(self) -> str:
        return f"The answer was HTTP {self.status}; the request was not carried out."

    def before(self) -> Answer | None:
        try:
            phrase = HTTPStatus(self.status).phrase
        except ValueError:
            phrase = "Error"
        title = f"{self.status} {phrase}"
        page = f"<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center></body></html>\r\n"
        return Answer((page.encode(),), "text/html", self.status)
