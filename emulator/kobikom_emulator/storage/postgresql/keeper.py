"""Keeps the state, the journal and the users of a space in the rows of its database, and takes over those of others."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.space.errors import SpaceClosed
from kobikom_emulator.storage.postgresql.lock import SpaceLock
from kobikom_emulator.storage.postgresql.waiting import WaitingConnection
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

if TYPE_CHECKING:
    import asyncpg

    from kobikom_emulator.space.sharing import SharedSpace

SOON = 0.05
"""Seconds within which is kept what nothing waits for."""


class PostgresKeeper:
    """`ports.Keeper` of a space, and `lock.SharedState`. What is in the rows is written again only where it changed."""

    def __init__(self, lock: SpaceLock, space: SharedSpace) -> None:
        self._lock = lock
        self._space = space
        self._state = b""
        self._last_entry = self._first_entry = 0
        self._timer: asyncio.TimerHandle | None = None
        self._noting: asyncio.Task[None] | None = None
        lock.shared = self
        space.hold_journal_back(self.note_soon)

    async def note(self) -> None:
        """Nothing to do: the holder of the lock of the space has noted everything."""

    def note_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._begin_noting)

    def _begin_noting(self) -> None:
        self._timer = None
        self._noting = asyncio.get_running_loop().create_task(self._note())

    async def _note(self) -> None:
        try:
            async with self._lock:
                pass
            await self._lock.kept()
        except StoreFailed:
            self.note_soon()
        except SpaceClosed:
            return

    # the group

    def may_write(self) -> None:
        self._space.release_journal()

    def write_values(self, connection: WaitingConnection) -> bytes | None:
        self._space.hold_journal_back(self.note_soon)
        number = self._lock.number
        assert number is not None
        if (first := self._space.first_entry) > self._first_entry:
            connection.execute("DELETE FROM journal WHERE space = ? AND number < ?", (number, first))
            self._first_entry = first
        if entries := self._space.entries(self._last_entry):
            connection.executemany("INSERT INTO journal VALUES (?, ?, ?)", [(number, *entry) for entry in entries])
        self._last_entry = self._space.written
        self._write_users(connection, number)
        if (state := self._space.state()) == self._state:
            return None
        self._state = state
        return state

    def _write_users(self, connection: WaitingConnection, number: int) -> None:
        users = self._space.changed_users()
        if users is None:
            return
        self._lock.users_written += 1
        self._lock.users_pending = True
        kept = {name for (name,) in connection.execute("SELECT name FROM claims WHERE space = ?", (number,)).fetchall()}
        for name in sorted(kept - users):
            connection.execute("DELETE FROM claims WHERE name = ? AND space = ?", (name, number))
        for name in sorted(users - kept):
            added = connection.execute(
                "INSERT INTO claims VALUES (?, ?) ON CONFLICT (name) DO NOTHING RETURNING name", (name, number)
            )
            connection.flush()
            if not added.fetchall():
                raise StoreFailed(f"the user {name!r} belongs to another space since a moment ago")
        if kept != users:
            self._lock.note_spaces()

    async def take_over(self, connection: asyncpg.Connection, state: bytes, *, contents: int, replaced: bool) -> None:
        entries = await connection.fetch(
            "SELECT number, entry FROM journal WHERE space = $1 AND number > $2 ORDER BY number",
            self._lock.number,
            self._last_entry,
        )
        self._space.take_over(state, [row["entry"] for row in entries], replaced=replaced)
        self._state = state
        self._last_entry, self._first_entry = self._space.written, self._space.first_entry
        if self._space.is_watched:
            first = contents << SHIFT
            newest = await connection.fetchrow(
                "SELECT key, size FROM batches WHERE key BETWEEN $1 AND $2 ORDER BY key DESC LIMIT 1",
                first,
                first | MOST,
            )
            self._space.look_again(0 if newest is None else (newest["key"] & MOST) + newest["size"])
        self._space.announce()

    def forget_values(self) -> None:
        self._state = b""
        self._space.hold_journal_back(self.note_soon)
        self._space.forget_entries(self._last_entry)

    async def forget(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._lock.database.forget_space(self._lock)
