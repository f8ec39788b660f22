"""The open connections of a server, and its end."""

from __future__ import annotations

import asyncio
import contextlib

from kobikom_emulator.server.connection import Connection, ConnectionLimits
from kobikom_emulator.server.routes import Application

_BUFFER = 256 * 1024
"""Bytes that are received at once at most."""


class Listener:
    """A protocol factory for `loop.create_server`, which knows the connections that are open."""

    def __init__(self, application: Application, limits: ConnectionLimits) -> None:
        self.connections: set[Connection] = set()
        self._application = application
        self._limits = limits
        self._none_open = asyncio.Event()
        self._buffer = memoryview(bytearray(_BUFFER))

    def __call__(self) -> Connection:
        return Connection(self._application, self._limits, self._buffer, opened=self._add, closed=self._remove)

    async def shutdown(self, seconds: float) -> None:
        """Close idle connections and those with incomplete requests at once. Answers have half of the time, and then
        their way to the client has the other half.
        """
        for connection in tuple(self.connections):
            connection.stop()
        await self._wait(seconds / 2)
        for connection in tuple(self.connections):
            if (work := connection.answering.work) is not None:
                work.cancel()
            connection.close()
        await self._wait(seconds / 2)
        for connection in tuple(self.connections):
            connection.transport.abort()

    async def _wait(self, seconds: float) -> None:
        """Return once every connection is closed, or the time is over."""
        if self.connections:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._none_open.wait(), seconds)

    def _add(self, connection: Connection) -> None:
        self.connections.add(connection)
        self._none_open.clear()

    def _remove(self, connection: Connection) -> None:
        self.connections.discard(connection)
        if not self.connections:
            self._none_open.set()
