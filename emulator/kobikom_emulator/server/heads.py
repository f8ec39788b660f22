"""Finds the head of a request at the beginning of the bytes that were received, and reads it."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.fields import MAX_HEADER_BYTES, Fields, mixed_line_ends, read_fields
from kobikom_emulator.server.request_line import read_line, refuse_beginning

_BARE_LINE_FEED = re.compile(rb"(?<!\r)\n")
_CR = 0x0D
_REMEMBERED_BYTES = 2048

NO_HOST = Phrase("HTTP/1.1 without a Host header")
BARE_LINE_FEEDS = Phrase("line ends of LF alone, without CR")


class Head(msgspec.Struct, frozen=True, gc=False):
    """A request line and header lines. `leniences` are what they break of HTTP/1.1 and the server accepts."""

    method: str
    target: str
    minor: int
    fields: Fields
    leniences: tuple[str, ...] = ()

    @property
    def persistent(self) -> bool:
        """Whether the client keeps the connection open after the answer."""
        return self.fields.persistent if self.minor else self.fields.persistent_in_1_0

    @property
    def expects_continue(self) -> bool:
        """Whether the client waits for 100 Continue before it sends the body (T-04.2)."""
        return self.fields.expects_continue and self.minor > 0


def without_empty_lines(data: bytes) -> bytes:
    """The bytes without the line ends before a request line, which some clients write after a body."""
    if data[:1] not in (b"\r", b"\n"):
        return data
    start = 0
    while True:
        if data.startswith(b"\r\n", start):
            start += 2
        elif data.startswith(b"\n", start):
            start += 1
        else:
            return data[start:]


def read_head(data: bytes, max_target: int) -> tuple[Head, int] | None:
    """The head that the bytes begin with and the position after it; None while it is incomplete.

    Raises `BadRequest`, as early as the bytes show that they are no head, and for the same reason in whatever pieces
    they come. Line ends are CRLF, or LF alone in the whole head: a head with both could be read in two ways.
    A client writes the same head again and again: the last ones are remembered, of those of a GET the header lines
    alone, because their targets differ, and hold passwords.
    """
    end = data.find(b"\r\n\r\n", 0, _REMEMBERED_BYTES)
    if end < 0 or data.startswith(b"GET "):
        return _read(data, max_target)
    return _remembered(data[: end + 4], max_target)


def _read(data: bytes, max_target: int) -> tuple[Head, int] | None:
    line_end = data.find(b"\n")
    if line_end < 0:
        refuse_beginning(data.removesuffix(b"\r"), max_target)
        return None
    if line_end == 0 or data[line_end - 1] != _CR:
        return _read_with_line_feeds(data, line_end, max_target)
    line = read_line(data[: line_end - 1], max_target)
    start = line_end + 1
    end = data.find(b"\r\n\r\n", line_end - 1) + 2
    if end == 1 or end - start > MAX_HEADER_BYTES:
        if _BARE_LINE_FEED.search(data, start, start + MAX_HEADER_BYTES):
            raise mixed_line_ends()
        if end != 1 or len(data) - start >= MAX_HEADER_BYTES + 2:
            raise _too_large()
        return None
    fields = _remembered_fields(data[start:end]) if end - start < _REMEMBERED_BYTES else read_fields(data[start:end])
    _refuse_chunks_in_1_0(line.minor, fields)
    leniences = () if fields.has_host or not line.minor else (NO_HOST,)
    return Head(line.method, line.target, line.minor, fields, leniences), end + 2


_remembered = lru_cache(maxsize=256)(_read)
_remembered_fields = lru_cache(maxsize=256)(read_fields)


def _read_with_line_feeds(data: bytes, line_end: int, max_target: int) -> tuple[Head, int] | None:
    """The same for a head whose first line ends in LF alone (RFC 9112, 2.2)."""
    line = read_line(data[:line_end], max_target)
    start = line_end + 1
    end = data.find(b"\n\n", line_end) + 1
    if data.find(b"\r", start, min(end or len(data), start + MAX_HEADER_BYTES)) >= 0:
        raise mixed_line_ends()
    block = data[start:end].replace(b"\n", b"\r\n")
    if len(block) > MAX_HEADER_BYTES or (not end and len(data) - start > MAX_HEADER_BYTES):
        raise _too_large()
    if not end:
        return None
    fields = read_fields(block)
    _refuse_chunks_in_1_0(line.minor, fields)
    leniences = (BARE_LINE_FEEDS,) if fields.has_host or not line.minor else (BARE_LINE_FEEDS, NO_HOST)
    return Head(line.method, line.target, line.minor, fields, leniences), end + 1


def _refuse_chunks_in_1_0(minor: int, fields: Fields) -> None:
    if fields.chunked and not minor:
        raise BadRequest(Phrase("a Transfer-Encoding in HTTP/1.0, which has none"))


def _too_large() -> BadRequest:
    return BadRequest(Phrase("more than {count} bytes of header lines", count=MAX_HEADER_BYTES), status=431)
