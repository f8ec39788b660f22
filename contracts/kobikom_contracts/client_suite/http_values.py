"""Requests that the scripted server received, and the replies it gives."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit

from kobikom_contracts.transcript import Exchange

CONTENT_TYPE = "text/csv;charset= UTF-8"


class Ending(StrEnum):
    """What the server does with the connection after an answer's bytes."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    SILENT = "silent"
    """Keep it open and send nothing more; the client has to give up."""
    DRIP = "drip"
    """Send a blank every few milliseconds until the client closes."""


_ENDED = {
    Ending.KEEP: "answered, connection kept open",
    Ending.CLOSE: "closed",
    Ending.RESET: "reset",
    Ending.SILENT: "open and silent",
    Ending.DRIP: "open, an octet at a time",
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, byte for byte; ``pieces`` are the offsets at which it pauses."""

    raw: bytes
    ending: Ending = Ending.KEEP
    pieces: tuple[int, ...] = ()


NOTHING = Reply(b"", Ending.CLOSE)
"""The request was read, and the connection closed."""


@dataclass(slots=True)
class Received:
    """One request as read from the wire; ``faults`` are those of its framing."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes
    faults: tuple[str, ...] = ()
    reply: Reply = NOTHING
    at: float = field(default_factory=time.monotonic)
    seconds: float | None = None
    """From the request to the end of the answer; None while that is being written."""
    closed_by_client: bool = False

    @property
    def path(self) -> str:
        """The target without its query string."""
        return self._split()[0]

    @property
    def query(self) -> str:
        """The query string, still encoded."""
        return self._split()[1]

    def _split(self) -> tuple[str, str]:
        try:
            parts = urlsplit(self.target)
        except ValueError:  # an absolute target with a broken host
            return self.target, ""
        return parts.path, parts.query

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; None when absent."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), None)

    @property
    def how_it_ended(self) -> str:
        """What happened to the connection after the answer, in words."""
        ended = _ENDED[self.reply.ending]
        return f"{ended} until the client closed it" if self.closed_by_client else ended

    @property
    def ending(self) -> str:
        """How much of an answer there was, what happened to the connection, and when."""
        return f"{len(self.reply.raw)} octets of answer, {self.how_it_ended}, {self._lasted():.1f} s"

    def exchange(self) -> Exchange:
        """The request and its answer, for a transcript."""
        return Exchange(self.raw, self.reply.raw, self._lasted(), ended=self.how_it_ended)

    def _lasted(self) -> float:
        return time.monotonic() - self.at if self.seconds is None else self.seconds
