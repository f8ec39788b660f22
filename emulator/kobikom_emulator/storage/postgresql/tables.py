"""Makes the tables of a database, brings them up to date, and deletes the rows that nobody has any more."""

from __future__ import annotations

from contextlib import suppress

import asyncpg

from kobikom_emulator.storage.postgresql.connections import Connections, Failing, one_line
from kobikom_emulator.storage.postgresql.schema import LOCK, MIGRATIONS, VERSION
from kobikom_emulator.storage.sql.keys import MOST, SHIFT


class UnusableDatabase(Exception):
    """A database that cannot be used; the message is one line."""


async def bring_up_to_date(connections: Connections) -> asyncpg.Connection:
    """A connection to the database, whose tables are those of this version; `UnusableDatabase` says why not."""
    try:
        connection = await connections.connect()
    except Failing as error:
        raise UnusableDatabase(one_line(error)) from None
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock($1)", LOCK + 1)
            version = await version_of(connection)
            if version > VERSION:
                raise UnusableDatabase(  # noqa: TRY301  # below the connection is closed
                    f"its tables have version {version}, and this kobikom-emulator knows versions up to {VERSION}:"
                    " use a newer one"
                )
            for migration in MIGRATIONS[version:]:
                await connection.execute(migration)
            if version < VERSION:
                await connection.execute("UPDATE kobikom_server SET tables = $1", VERSION)
    except BaseException as error:
        with suppress(*Failing):
            connection.terminate()
        if isinstance(error, Failing):
            raise UnusableDatabase(one_line(error)) from None
        raise
    return connection


async def version_of(connection: asyncpg.Connection) -> int:
    """The version of the tables, 0 where there are none; `UnusableDatabase` where another program has some."""
    if await connection.fetchval("SELECT to_regclass('kobikom_server')") is not None:
        return int(await connection.fetchval("SELECT tables FROM kobikom_server"))
    for name in ("spaces", "contents", "users", "batches", "ledger", "journal"):
        if await connection.fetchval("SELECT to_regclass($1)", name) is not None:
            raise UnusableDatabase(f"it has a table {name} of another program: use a database of its own")
    return 0


async def delete_abandoned(connections: Connections) -> None:
    """Delete the contents that no space has: those of spaces that were closed, cleared or replaced."""
    abandoned = "SELECT number FROM contents WHERE number NOT IN (SELECT contents FROM spaces)"
    for row in await connections.fetch(abandoned):
        number = row["number"]
        keys = (number << SHIFT, number << SHIFT | MOST)
        for table in ("marks", "plans", "ledger", "pushes", "batches"):
            await connections.fetch(f"DELETE FROM {table} WHERE key BETWEEN $1 AND $2", *keys)  # noqa: S608  # a constant
        users = "SELECT id FROM users WHERE contents = $1"
        queues = f'SELECT id FROM queues WHERE "user" IN ({users})'  # noqa: S608  # a constant
        await connections.fetch(f"DELETE FROM reports WHERE queue IN ({queues})", number)  # noqa: S608  # a constant
        await connections.fetch(f'DELETE FROM queues WHERE "user" IN ({users})', number)  # noqa: S608  # a constant
        for table in ("client_ids", "users"):
            await connections.fetch(f"DELETE FROM {table} WHERE contents = $1", number)  # noqa: S608  # a constant
        await connections.fetch("DELETE FROM contents WHERE number = $1", number)
