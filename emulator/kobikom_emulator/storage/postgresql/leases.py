"""Which spaces this server works for in the background: their pushes, webhooks and retention.

A server has a lease on each and renews it. Where it does not do so any more, another takes the lease over.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING

from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.storage.postgresql.lock import CHANNEL

if TYPE_CHECKING:
    import asyncpg

    from kobikom_emulator.storage.postgresql.database import PostgresDatabase

VALID = 10
"""Seconds after which a lease that was not renewed is free."""

RENEWED = 2.5
"""Seconds after which leases are renewed."""

MARGIN = 2.0
"""Seconds before a lease ends by which a server that cannot renew it has stopped to work."""

_UNTIL = f"clock_timestamp() + interval '{VALID} seconds'"


class Leases:
    """`held` are the numbers of the spaces that this server works for."""

    def __init__(self, database: PostgresDatabase) -> None:
        self._database = database
        self.held: set[int] = set()
        self._valid_until = 0.0

    async def take(self, connection: asyncpg.Connection, number: int) -> None:
        """Have the lease on a space that is being made, in the transaction that makes it."""
        await connection.execute(
            f"INSERT INTO leases VALUES ($1, $2, {_UNTIL}) ON CONFLICT (space) DO NOTHING",  # noqa: S608  # constants
            number,
            self._database.server,
        )
        self.held.add(number)

    async def renew(self) -> None:
        """Renew the leases, and take over those that are free."""
        before = time.monotonic()
        rows = await self._database.connections.fetch(
            f"INSERT INTO leases SELECT number, $1, {_UNTIL} FROM spaces ON CONFLICT (space)"  # noqa: S608  # constants
            " DO UPDATE SET server = excluded.server, until = excluded.until"
            " WHERE leases.server = excluded.server OR leases.until < clock_timestamp() RETURNING space",
            self._database.server,
        )
        self.held = {row["space"] for row in rows}
        self._valid_until = before + VALID - MARGIN
        await self._database.leases_changed()

    async def keep(self) -> None:
        """Renew them again and again. Where that fails for too long, this server has none any more."""
        while True:
            await asyncio.sleep(RENEWED)
            with suppress(StoreFailed, TimeoutError):
                async with asyncio.timeout(max(0.1, self._valid_until - time.monotonic())):
                    await self.renew()
            if time.monotonic() > self._valid_until and self.held:
                self.held = set()
                await self._database.leases_changed()

    async def give_up(self) -> None:
        """Let other servers have them at once."""
        self.held = set()
        server = self._database.server
        await self._database.connections.fetch("DELETE FROM leases WHERE server = $1 RETURNING space", server)
        await self._database.connections.fetch("SELECT pg_notify($1, $2)", CHANNEL, f"{server} 0 0 leases")
