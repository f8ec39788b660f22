"""One HTTP connection over a raw socket, for requests that no HTTP library would send.

It can send any bytes, several requests, or half of one. It reads answers strictly enough to name every
framing fault, and leniently enough to go on.
"""

from __future__ import annotations

import re
import socket
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass

from kobikom_contracts.traffic import Traffic

MAX_BODY = 64 * 1024 * 1024
MAX_HEAD = 1024 * 1024

_NUMBER = re.compile(r"[0-9]{1,18}")
_CHUNK_SIZE = re.compile(rb"[0-9A-Fa-f]{1,16}")


class NoAnswer(Exception):
    """The target accepted the connection but gave no readable HTTP answer."""


class TimedOut(NoAnswer):
    """The answer had not come, or not as a whole, when its time was over."""


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


class Connection:
    """One TCP (or TLS) connection that remembers every byte of both directions.

    ``timeout``: the seconds that one answer may take as a whole, however it trickles in. ``traffic`` counts
    every answer.
    """

    def __init__(self, sock: socket.socket, timeout: float, traffic: Traffic | None = None) -> None:
        self._socket = sock
        self._traffic = traffic or Traffic()
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
        self._buffer = b""
        self.sent = b""
        self.received = b""
        self.half_closed = False
        self.still_open = False

    def write(self, data: bytes) -> None:
        """Send bytes as they are; that the peer has closed shows when the answer is read."""
        self.sent += data
        self._socket.settimeout(self._timeout)
        with suppress(OSError):
            self._socket.sendall(data)

    def half_close(self) -> None:
        """Say that nothing more will be sent; over TLS nothing is said, which has no half-closed connections.

        ``shutdown`` would end the TLS layer itself: what then comes in is read still encrypted.
        """
        if isinstance(self._socket, ssl.SSLSocket):
            return
        self.half_closed = True
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    def closed_by_peer(self) -> bool:
        """Wait (up to the timeout) whether the peer closes; False when it stays open."""
        self._deadline = time.monotonic() + self._timeout
        try:
            self.still_open = bool(self._buffer) or self._more()
        except NoAnswer:
            self.still_open = True
        return not self.still_open

    def surplus(self) -> bytes:
        """What has come beyond the answer that was read, without waiting for more."""
        self._socket.setblocking(False)
        with suppress(OSError):
            data = self._socket.recv(65536)
            self.received += data
            self._buffer += data
        return self._buffer

    def _more(self) -> bool:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimedOut("no whole answer in time")
        self._socket.settimeout(left)
        try:
            data = self._socket.recv(65536)
        except TimeoutError:
            raise TimedOut("no whole answer in time") from None
        except OSError:  # reset by the peer, or its TLS ended
            data = b""
        self.received += data
        self._buffer += data
        return bool(data)

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

    def read_interim(self, timeout: float) -> bool:
        """True when any byte arrives within ``timeout`` seconds (a 100 Continue, or the answer)."""
        self._deadline = time.monotonic() + timeout
        try:
            return bool(self._buffer) or self._more()
        except NoAnswer:
            return False

    def read(self, *, head: bool = False) -> HttpAnswer:
        """Read one final answer (1xx are noted and skipped); raises :class:`NoAnswer`."""
        started = self._traffic.now()
        try:
            answer = self._read(head=head)
        except TimedOut:
            self._traffic.unanswered()
            raise
        self._traffic.answered(self._traffic.now() - started)
        return answer

    def _read(self, *, head: bool) -> HttpAnswer:
        self._deadline = time.monotonic() + self._timeout
        interim: list[int] = []
        while True:
            answer = self._read_one(head=head)
            if answer.status >= 200:
                return HttpAnswer(
                    answer.status,
                    answer.reason,
                    answer.version,
                    answer.headers,
                    answer.body,
                    answer.framing,
                    tuple(interim),
                    answer.faults,
                )
            interim.append(answer.status)

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
