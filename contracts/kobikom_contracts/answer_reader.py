"""Reads HTTP answers out of a stream of octets.

Strict enough to name every framing fault, and lenient enough to go on.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, replace

MAX_BODY = 64 * 1024 * 1024
MAX_HEAD = 1024 * 1024

_NUMBER = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class NoAnswer(Exception):
    """The target accepted the connection but gave no readable HTTP answer."""


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """One HTTP answer as read from the wire.

    ``framing`` is ``length``, ``chunked`` or ``eof``; ``headers`` keeps order, spelling and the
    exact value; ``interim`` lists the 1xx statuses that came before.
    """

    status: int
    reason: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    framing: str
    interim: tuple[int, ...] = ()
    faults: tuple[str, ...] = ()

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; None when absent."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), None)

    @property
    def text(self) -> str:
        """The body as UTF-8, unreadable bytes escaped."""
        return self.body.decode("utf-8", "backslashreplace")


class AnswerReader(ABC):
    """Takes answers out of a buffer that is filled as they are read."""

    def __init__(self) -> None:
        self._buffer = b""

    @abstractmethod
    def _more(self) -> bool:
        """Put the next octets into the buffer; False at the end of the stream."""

    def read_answer(self, *, head: bool = False) -> HttpAnswer:
        """One final answer (1xx are noted and skipped); ``head``: to HEAD. Raises :class:`NoAnswer`."""
        interim: list[int] = []
        while True:
            answer = self._read_one(head=head)
            if answer.status >= 200:
                return replace(answer, interim=tuple(interim))
            interim.append(answer.status)

    def _until(self, mark: bytes) -> bytes:
        while mark not in self._buffer:
            if len(self._buffer) > MAX_HEAD:
                raise NoAnswer(f"more than {MAX_HEAD} bytes without {mark!r}")
            if not self._more():
                got = self._buffer[:60]
                raise NoAnswer(f"connection closed before the answer was complete, after {got!r}")
        head, _, self._buffer = self._buffer.partition(mark)
        return head

    def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count:
            if not self._more():
                raise NoAnswer(f"body cut: {len(self._buffer)} of {count} bytes")
        body, self._buffer = self._buffer[:count], self._buffer[count:]
        return body

    def _read_one(self, *, head: bool) -> HttpAnswer:
        lines = self._until(b"\r\n\r\n").decode("latin-1").split("\r\n")
        version, _, rest = lines[0].partition(" ")
        code, _, reason = rest.partition(" ")
        if not version.startswith("HTTP/") or not re.fullmatch("[0-9]{3}", code):
            raise NoAnswer(f"not an HTTP answer: {lines[0][:60]!r}")
        faults = [] if version in ("HTTP/1.0", "HTTP/1.1") else [f"the version {version[:20]} in the status line"]
        headers: list[tuple[str, str]] = []
        for line in lines[1:]:
            name, colon, value = line.partition(":")
            if not colon or name != name.strip() or not name:
                faults.append(f"malformed header line {line[:60]!r}")
            headers.append((name.strip(), value.strip(" \t")))
        lowered = {name.lower(): value for name, value in headers}
        status = int(code)
        body, framing = b"", "length"
        if head or status < 200 or status in (204, 304):
            pass
        elif "chunked" in lowered.get("transfer-encoding", "").lower():
            body, framing = self._chunks(), "chunked"
        elif _NUMBER.fullmatch(lowered.get("content-length", "")):
            size = int(lowered["content-length"])
            if size > MAX_BODY:
                raise NoAnswer(f"an answer of {size} bytes")
            body = self._exactly(size)
        else:
            framing = "eof"
            while self._more():
                if len(self._buffer) > MAX_BODY:
                    raise NoAnswer("an endless answer")
            body, self._buffer = self._buffer, b""
        return HttpAnswer(status, reason, version, tuple(headers), body, framing, faults=tuple(faults))

    def _chunks(self) -> bytes:
        body = b""
        while True:
            line = self._until(b"\r\n")
            digits = line.partition(b";")[0].strip() or b"0"
            if not _CHUNK_SIZE.fullmatch(digits):
                raise NoAnswer(f"not a chunk size: {line[:60]!r}")
            size = int(digits, 16)
            if len(body) + size > MAX_BODY:
                raise NoAnswer(f"an answer of more than {MAX_BODY} bytes")
            if size == 0:
                while self._until(b"\r\n"):
                    pass
                return body
            body += self._exactly(size)
            self._until(b"\r\n")
