"""Reads the body of a request from the pieces that it arrives in."""

from __future__ import annotations

import re
from typing import Protocol

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.fields import MAX_HEADER_BYTES

_CHUNK_LINE = re.compile(rb"([0-9A-Fa-f]{1,15})(?:;[^\x00-\x08\x0a-\x1f\x7f]*)?")
_TRAILER = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+:[^\x00-\x08\x0a-\x1f\x7f]*")

_LONGEST_CHUNK_LINE = 4096

_AT_ONCE = 250
"""Chunks that are read at once; they may be a byte each, and others want to be answered too (T-11)."""


class Body(Protocol):
    """A body that is being received; `size` counts its bytes so far, or those announced where they are."""

    size: int
    complete: bool

    def feed(self, data: bytes) -> bytes:
        """Take what belongs to the body, or part of it, and return the rest. `BadRequest` if the chunks are broken."""

    def content(self) -> bytes:
        """The whole body."""


class LengthBody:
    """A body with a Content-Length of at least 1."""

    def __init__(self, length: int, *, kept: bool = True) -> None:
        self.size = length
        self.complete = False
        self._missing = length
        self._content = bytearray()
        self._kept = kept

    def feed(self, data: bytes) -> bytes:
        part = data[: self._missing]
        if self._kept:
            self._content += part
        self._missing -= len(part)
        self.complete = not self._missing
        return data[len(part) :]

    def content(self) -> bytes:
        return bytes(self._content)


class ChunkedBody:
    """A body in chunks (RFC 9112, 7.1). Their extensions and the trailer fields are checked and left out. It takes no
    more as soon as a chunk's size says that the body has more bytes than `most`.
    """

    def __init__(self, most: int, *, kept: bool = True) -> None:
        self._most = most
        self.size = 0
        self.complete = False
        self._content = bytearray()
        self._kept = kept
        self._missing = 0
        """Bytes that the current chunk still has, with the two of its line end."""
        self._in_trailer = False
        self._trailer_bytes = 0
        self._tail = b""

    def feed(self, data: bytes) -> bytes:
        if self._tail:
            data, self._tail = self._tail + data, b""
        at = 0
        for _ in range(_AT_ONCE):
            if self._missing:
                at = self._read_chunk(data, at)
                if self._missing:
                    return b""
            end = data.find(b"\r\n", at)
            if end < 0:
                self._keep_line(data[at:])
                return b""
            line, at = data[at:end], end + 2
            if self._in_trailer:
                self.complete = self._ends_trailer(line)
            else:
                self._begin_chunk(line)
            if self.complete or self.size > self._most:
                break
        return data[at:]

    def content(self) -> bytes:
        return bytes(self._content)

    def _read_chunk(self, data: bytes, at: int) -> int:
        """Take bytes of the current chunk and its line end; the position after them."""
        available = min(len(data) - at, max(self._missing - 2, 0))
        if self._kept:
            self._content += data[at : at + available]
        self._missing -= available
        at += available
        while self._missing in (1, 2) and at < len(data):
            if data[at] != b"\n\r"[self._missing - 1]:
                raise BadRequest(Phrase("a chunk that is longer than its size"))
            self._missing -= 1
            at += 1
        return at

    def _begin_chunk(self, line: bytes) -> None:
        fields = _CHUNK_LINE.fullmatch(line)
        if fields is None or len(line) > _LONGEST_CHUNK_LINE:
            raise _bad_chunk()
        size = int(fields[1], 16)
        if size:
            self.size += size
            self._missing = size + 2
        else:
            self._in_trailer = True

    def _ends_trailer(self, line: bytes) -> bool:
        """Whether this line is the empty one after the trailer fields."""
        self._trailer_bytes += len(line) + 2
        if line and (_TRAILER.fullmatch(line) is None or self._trailer_bytes > MAX_HEADER_BYTES):
            raise _bad_trailer()
        return not line

    def _keep_line(self, line: bytes) -> None:
        """Keep the beginning of a chunk's line or of a trailer field until the rest of it arrives."""
        size = len(line.removesuffix(b"\r"))
        if self._in_trailer:
            if b"\n" in line or self._trailer_bytes + size + 2 > MAX_HEADER_BYTES:
                raise _bad_trailer()
        elif b"\n" in line or size > _LONGEST_CHUNK_LINE:
            raise _bad_chunk()
        self._tail = line


def _bad_chunk() -> BadRequest:
    return BadRequest(Phrase("a chunk that does not begin with its size in hexadecimal digits and CRLF"))


def _bad_trailer() -> BadRequest:
    return BadRequest(Phrase("a trailer field that is not valid"))
