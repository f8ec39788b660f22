"""Closes connections on which nothing happens, or too slowly."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kobikom_emulator.server.connection import Connection


class Timeouts:
    """The time-outs of one connection, in seconds: `idle` without any traffic, `header` from the first byte of a head
    to its end.
    """

    def __init__(self, connection: Connection, *, idle: float, header: float) -> None:
        self._connection = connection
        self._idle = idle
        self._header = header
        self._loop = asyncio.get_running_loop()
        self._active_at = 0.0
        self._unsent = 0
        self._idle_check: asyncio.TimerHandle | None = None
        self._header_check: asyncio.TimerHandle | None = None
        self._lingering: asyncio.TimerHandle | None = None

    def start(self) -> None:
        """Begin, with the connection."""
        self._active_at = self._loop.time()
        self._idle_check = self._loop.call_later(self._idle, self._check_idle)

    def stop(self) -> None:
        """End, with the connection."""
        for check in (self._idle_check, self._header_check, self._lingering):
            if check is not None:
                check.cancel()

    def linger(self, seconds: float) -> None:
        """Close the connection after so many seconds."""
        self.head_is_complete()
        if self._lingering is None:
            self._lingering = self._loop.call_later(seconds, self._connection.close)

    def touch(self) -> None:
        """Note that something happened on the connection."""
        self._active_at = self._loop.time()

    def head_is_incomplete(self) -> None:
        """Expect the rest of a head in time; the first of these calls counts."""
        if self._header_check is None:
            self._header_check = self._loop.call_later(self._header, self._connection.end_head, self._header)

    def head_is_complete(self) -> None:
        if self._header_check is not None:
            self._header_check.cancel()
            self._header_check = None

    def _check_idle(self) -> None:
        """Close the connection if nothing was received for the idle time-out, or the client did not read its answer for
        so long. A connection with a request that is being answered is not idle.
        """
        connection = self._connection
        left = self._active_at + self._idle - self._loop.time()
        if left <= 0:
            left = self._idle
            unsent = connection.transport.get_write_buffer_size()
            if unsent and unsent == self._unsent:
                connection.transport.abort()
            elif not unsent and connection.answering.work is None:
                connection.end()
            self._unsent = unsent
        self._idle_check = self._loop.call_later(left, self._check_idle)
