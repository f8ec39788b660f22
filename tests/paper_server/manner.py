"""How an answer's head is written: what HTTP leaves to a server."""

import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from http import HTTPStatus

from .messages import Response

UNLIMITED = 1 << 30


def as_written(name: str) -> str:
    """A header name in the usual case."""
    return name


@dataclass(frozen=True, slots=True)
class Manner:
    """Choices that change no meaning; every value is sound HTTP.

    `order`: keys by which headers are sorted (None: as they come). `requests_a_connection`: how many requests are
    answered before a connection is closed, which the last answer says. `pause`: awaited before the first byte.
    `pieces`: into how many writes an answer is cut. `colon`: what stands between a header's name and its value.
    """

    case: Callable[[str], str] = as_written
    order: Callable[[str], object] | None = None
    phrase: bool = True
    date: bool = True
    says_keep_alive: bool = True
    requests_a_connection: int = UNLIMITED
    compress: bool = False
    pause: Callable[[], Awaitable[None]] | None = None
    pieces: int = 1
    colon: str = ": "
    more: tuple[tuple[str, str], ...] = ()

    def encoded(self, response: Response, accepted: str) -> Response:
        """The response, compressed where the request accepts it and the manner is to do so."""
        codings = [one.partition(";") for one in accepted.lower().replace(" ", "").split(",")]
        willing = any(name == "gzip" and weight not in ("q=0", "q=0.0") for name, _, weight in codings)
        if not self.compress or not willing:
            return response
        headers = {**response.headers, "Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        return replace(response, body=gzip.compress(response.body), headers=headers)

    def head(self, response: Response, *, keep: bool, date: str, old: bool = False) -> bytes:
        """Status line, headers and the empty line. `old`: an HTTP/1.0 client, which takes silence for a close."""
        headers = {**response.headers, "Content-Length": str(len(response.body)), **dict(self.more)}
        if self.date:
            headers["Date"] = date
        if not keep:
            headers["Connection"] = "close"
        elif self.says_keep_alive or old:
            headers["Connection"] = "keep-alive"
        names = list(headers) if self.order is None else sorted(headers, key=self.order)
        phrase = HTTPStatus(response.status).phrase if self.phrase else ""
        lines = [
            f"HTTP/1.1 {response.status} {phrase}",
            *(f"{self.case(name)}{self.colon}{headers[name]}" for name in names),
        ]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"

    def cut(self, octets: bytes) -> list[bytes]:
        """An answer in the pieces in which it is written."""
        size = max(-(-len(octets) // self.pieces), 1)
        return [octets[at : at + size] for at in range(0, len(octets), size)]


PLAIN = Manner()
