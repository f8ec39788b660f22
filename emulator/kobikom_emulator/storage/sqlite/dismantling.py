"""Deletes the rows of contents that no space has any more, in pieces."""

from __future__ import annotations

import sqlite3
from functools import partial
from typing import TYPE_CHECKING

from kobikom_emulator.storage.sql.batches import Batches
from kobikom_emulator.storage.sqlite.search_index import delete_documents

if TYPE_CHECKING:
    from kobikom_emulator.storage.sqlite.database import Database

PIECE = 200
"""Batches, or other rows, that are deleted at a time."""

_BY_KEY = ("marks", "plans", "ledger", "pushes")


class Dismantling:
    """A chore of the upkeep."""

    def __init__(self, database: Database, contents: int) -> None:
        self._database = database
        self._contents = contents

    async def piece(self) -> bool:
        if self._contents in self._database.loading:
            return True
        work = partial(delete_some, self._database.connection, self._contents)
        return await self._database.alone(self, work)

    def write_values(self) -> None:
        """Everything is in the rows."""

    def forget_values(self) -> None:
        """Nothing is in memory."""


def delete_some(connection: sqlite3.Connection, contents: int) -> bool:
    """Delete some rows of contents; whether there are more."""
    found = connection.execute("SELECT searchable FROM contents WHERE number = ?", (contents,)).fetchone()
    used = connection.execute("SELECT 1 FROM spaces WHERE contents = ?", (contents,)).fetchone()
    if found is None or used is not None:
        return False  # deleted already, or the exchange of contents was undone
    batches = Batches(connection, contents)
    keys = (batches.first_key, batches.last_key)
    rows = connection.execute(
        "SELECT key, first_id, 0, body, NULL, NULL, NULL FROM batches WHERE key BETWEEN ? AND ? ORDER BY key LIMIT ?",
        (*keys, PIECE),
    ).fetchall()
    if rows:
        delete_documents(connection, contents, map(batches.row, rows), found[0])
        connection.execute("DELETE FROM batches WHERE key BETWEEN ? AND ?", (keys[0], rows[-1][0]))
        return True
    for table in _BY_KEY:
        first = f"SELECT key FROM {table} WHERE key BETWEEN ? AND ? LIMIT ?"
        deleted = connection.execute(f"DELETE FROM {table} WHERE key IN ({first})", (*keys, PIECE * 10))
        if deleted.rowcount:
            return True
    return _delete_named(connection, contents)


def _delete_named(connection: sqlite3.Connection, contents: int) -> bool:
    """The rows that are not found by key, when all others are deleted."""
    ids = "SELECT client_id, user, number FROM client_ids WHERE contents = ? LIMIT ?"
    deleted = connection.execute(
        f"DELETE FROM client_ids WHERE contents = ? AND (client_id, user, number) IN ({ids})",
        (contents, contents, PIECE * 10),
    )
    if deleted.rowcount:
        return True
    users = "SELECT id FROM users WHERE contents = ?"
    queues = f"SELECT id FROM queues WHERE user IN ({users})"
    reports = f"SELECT queue, done_at, number, replanned FROM reports WHERE queue IN ({queues}) LIMIT ?"
    deleted = connection.execute(
        f"DELETE FROM reports WHERE (queue, done_at, number, replanned) IN ({reports})",
        (contents, PIECE * 10),
    )
    if deleted.rowcount:
        return True
    connection.execute(f"DELETE FROM queues WHERE user IN ({users})", (contents,))
    connection.execute("DELETE FROM users WHERE contents = ?", (contents,))
    connection.execute("DELETE FROM contents WHERE number = ?", (contents,))
    return False


def abandoned(connection: sqlite3.Connection) -> list[int]:
    """The contents that no space has: what was left to delete when the server ended."""
    found = connection.execute("SELECT number FROM contents WHERE number NOT IN (SELECT contents FROM spaces)")
    return [number for (number,) in found]
