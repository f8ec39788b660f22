"""Looks at a database, also while servers use it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from kobikom_emulator.storage.postgresql.connections import Connections, Failing, one_line
from kobikom_emulator.storage.postgresql.tables import UnusableDatabase, version_of


class StoredSpace(NamedTuple):
    """A space in a database; `state` is what `ports.KeptSpace` has."""

    name: str
    state: bytes
    messages: int
    accounts: int


class DatabaseContents(NamedTuple):
    """What is in a database. `size` is in bytes, `in_use` says whether a server works on its spaces."""

    version: int
    size: int
    in_use: bool
    spaces: Sequence[StoredSpace]


async def inspect(url: str) -> DatabaseContents:
    """What is in a database, as of now; `UnusableDatabase` where there is no store."""
    try:
        connection = await Connections(url).connect()
    except Failing as error:
        raise UnusableDatabase(one_line(error)) from None
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            version = await version_of(connection)
            size = await connection.fetchval("SELECT pg_database_size(current_database())")
            if not version:
                return DatabaseContents(0, size, in_use=False, spaces=[])
            in_use = await connection.fetchval("SELECT EXISTS (SELECT 1 FROM leases WHERE until > clock_timestamp())")
            spaces = await connection.fetch(
                "SELECT name, state, size, (SELECT count(*) FROM users WHERE contents = spaces.contents"
                " AND opened IS NOT NULL) AS accounts FROM spaces JOIN contents ON contents.number = spaces.contents"
                " WHERE state IS NOT NULL ORDER BY spaces.number"
            )
            found = [StoredSpace(row["name"], row["state"], row["size"], row["accounts"]) for row in spaces]
            return DatabaseContents(version, size, in_use, found)
    except Failing as error:
        raise UnusableDatabase(one_line(error)) from None
    finally:
        with suppress(*Failing):
            await connection.close(timeout=1)
