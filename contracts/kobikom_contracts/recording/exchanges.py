"""A recorded exchange: one HTTP request and its answer, as a value that no file format shapes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

Headers = tuple[tuple[bytes, bytes], ...]
"""Header lines in their order: name and value as written, without the white space around the value."""


class Ended(StrEnum):
    """How an exchange ended."""

    ANSWERED = "answered"
    """The whole answer came."""
    CUT = "cut"
    """The connection ended inside the answer."""
    NO_ANSWER = "no-answer"
    """The server closed the connection without a byte of answer."""
    CLIENT_CLOSED = "client-closed"
    """The client closed the connection before the answer was complete."""
    UNREACHABLE = "unreachable"
    """No connection to the server."""
    INTERRUPTED = "interrupted"
    """The recording ended first."""
    UNREADABLE = "unreadable"
    """The bytes are not HTTP/1.x: the rest of the connection is in ``request_bytes`` and ``answer_bytes``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchange:
    """One request and its answer.

    ``number`` counts from 1 in the order of a recording. ``begun_at`` and ``ended_at`` are in UTC when this package
    recorded them, else in the zone of the file. ``target`` is the request target as written, such as
    ``/api/sendsms/xml/`` (or an absolute URL). Bodies are without chunked framing; what else was encoded
    (``Content-Encoding``) still is. ``status`` is 0 where no answer came. With ``exact`` the two ``…_bytes`` are what
    went over the wire, head and framing included, except that passwords are masked in the same length; without it they
    are empty, and headers and bodies are as another tool wrote them down, which may be decoded, reordered or left out.
    """

    number: int
    begun_at: datetime
    method: str
    target: str
    request_headers: Headers = ()
    request_body: bytes = b""
    status: int = 0
    answer_headers: Headers = ()
    answer_body: bytes = b""
    exact: bool = False
    ended: str = Ended.ANSWERED
    ended_at: datetime | None = None
    url: str = ""
    """The address of the server, such as ``http://127.0.0.1:8080``; empty when unknown."""
    request_version: str = "HTTP/1.1"
    answer_version: str = "HTTP/1.1"
    reason: str = ""
    request_bytes: bytes = b""
    answer_bytes: bytes = b""
    connection: int = 0
    """Exchanges of one connection have one number from 1; 0 when unknown."""
    host_sent: str = ""
    """The Host header that the server got, where the recorder replaced it; the bytes hold what the client wrote."""
    password: int = 0
    """Each distinct password of a recording has a number from 1, in order of appearance; 0 for none."""
    pseudonyms: bool = False
    """Users, numbers, titles and texts stand for others of the same kind."""
    by_server: bool = False
    """The server recorded it (the journal of an emulator): times are by its clock, bodies as on the wire, heads not."""
    request_left_out: int = 0
    """Octets at the end of the request body that were not kept."""
    answer_left_out: int = 0
    """Octets of the answer body, its end or all of it, that were not kept."""

    def request_header(self, name: str) -> str | None:
        """The first value of a request header, whatever its case; None when absent."""
        return _header(self.request_headers, name)

    def answer_header(self, name: str) -> str | None:
        """The first value of an answer header, whatever its case; None when absent."""
        return _header(self.answer_headers, name)


def _header(headers: Sequence[tuple[bytes, bytes]], name: str) -> str | None:
    lowered = name.lower().encode("latin-1")
    return next((value.decode("latin-1") for key, value in headers if key.lower() == lowered), None)
