"""One HTTP connection over a raw socket, for requests that no HTTP library would send.

It can send any bytes, several requests, or half of one.
"""

from __future__ import annotations

import socket
import ssl
import time
from contextlib import suppress

from kobikom_contracts.answer_reader import MAX_BODY, AnswerReader, HttpAnswer, NoAnswer
from kobikom_contracts.traffic import Traffic

__all__ = ["MAX_BODY", "Connection", "HttpAnswer", "NoAnswer", "TimedOut"]


class TimedOut(NoAnswer):
    """The answer had not come, or not as a whole, when its time was over."""


class Connection(AnswerReader):
    """One TCP (or TLS) connection that remembers every byte of both directions.

    ``timeout``: the seconds that one answer may take as a whole, however it trickles in. ``traffic`` counts
    every answer.
    """

    def __init__(self, sock: socket.socket, timeout: float, traffic: Traffic | None = None) -> None:
        super().__init__()
        self._socket = sock
        self._traffic = traffic or Traffic()
        self._timeout = timeout
        self._deadline = time.monotonic() + timeout
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
            self._deadline = time.monotonic() + self._timeout
            answer = self.read_answer(head=head)
        except TimedOut:
            self._traffic.unanswered()
            raise
        self._traffic.answered(self._traffic.now() - started)
        return answer
