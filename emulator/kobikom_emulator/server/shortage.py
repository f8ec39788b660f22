"""What the server does when memory or descriptors run out: 503 where it can, and one log line a second at most."""

from __future__ import annotations

import contextlib
import errno
import logging
import os
import socket
import time
from collections.abc import Callable

_log = logging.getLogger("kobikom_emulator.server")

_ERRNOS = frozenset({errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS})

_REFUSAL = (
    b"HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/plain\r\nContent-Length: 43\r\nRetry-After: 1\r\n"
    b"Connection: close\r\n\r\n503: the server is out of file descriptors\n"
)

_AT_ONCE = 512
"""Connections that are refused in one go at most."""


def is_shortage(error: BaseException | None) -> bool:
    """Whether an error says that memory or descriptors ran out."""
    return isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno in _ERRNOS)


class Shortage:
    """Logs shortages, and refuses connections that there is no descriptor for with the one that it keeps in reserve."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._logged = float("-inf")
        self._unlogged = 0
        self._reserve: int | None = None

    @property
    def was_logged(self) -> bool:
        """Whether there was a shortage."""
        return self._logged > float("-inf")

    def log(self, error: BaseException | None) -> None:
        """One line, unless there was one within the last second; it counts those that were left out."""
        now = self._clock()
        if now - self._logged < 1:
            self._unlogged += 1
            return
        more = f" ({self._unlogged} times more since the last line)" if self._unlogged else ""
        self._logged, self._unlogged = now, 0
        what = "file descriptors" if getattr(error, "errno", None) in (errno.EMFILE, errno.ENFILE) else "memory"
        _log.error("out of %s: requests are answered with 503 where that is possible%s", what, more)

    def refuse_waiting(self, listening: socket.socket) -> None:
        """Answer the connections that wait to be accepted with 503, one after the other."""
        self.free_reserve()
        try:
            for _ in range(_AT_ONCE):
                connection, _address = listening.accept()
                with connection, contextlib.suppress(OSError):
                    connection.setblocking(False)
                    connection.send(_REFUSAL)
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(65536)  # what arrived already: unread, it would make the client lose the answer
        except OSError:  # none is waiting, or something else took the descriptor
            pass
        finally:
            self.keep_reserve()

    def keep_reserve(self) -> None:
        """Open the descriptor that is kept in reserve, if it is not open."""
        if self._reserve is None:
            with contextlib.suppress(OSError):
                self._reserve = os.open(os.devnull, os.O_RDONLY)

    def free_reserve(self) -> None:
        if self._reserve is not None:
            os.close(self._reserve)
            self._reserve = None
