"""The connections on which clients of a space made requests."""

from __future__ import annotations

from weakref import WeakSet

from kobikom_emulator.exchange import OpenConnection


class OpenConnections:
    """Those that are open, and some that were closed and are not yet forgotten."""

    def __init__(self) -> None:
        self._open: WeakSet[OpenConnection] = WeakSet()

    def add(self, connection: OpenConnection) -> None:
        self._open.add(connection)

    def close(self) -> int:
        """Close all, without the answers to requests that are being answered; how many were open."""
        return sum(connection.break_off() for connection in list(self._open))
