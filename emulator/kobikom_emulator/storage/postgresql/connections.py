"""The connections of a server to its database."""

from __future__ import annotations

import asyncio
import re
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import asyncpg

from kobikom_emulator.ports import StoreFailed

MOST = 16
"""Connections for changes and for reading, each: one for every space that is changed, or read, at the same time."""

PATIENCE = 10.0
"""Seconds after which a connection that cannot be made is a failure."""

SLOW = 120.0
"""Seconds after which a statement is a failure, such as one that waits for a server that holds a space and is gone."""

KEPT_ALIVE = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
"""Lets the database find out within half a minute that a server's machine is gone, and give up what it has locked."""

_MISTAKES = ("22", "23", "42")
"""Classes of SQLSTATE that say that a statement is wrong."""

UNREADABLE = (
    "its URL cannot be read: write postgresql://user:password@host:port/database, and in the password %2F for /,"
    " %23 for #, %40 for @, %3F for ?, %3A for : and %25 for %"
)

Failing = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, EOFError)
"""What a database that does not answer, or not as it should, raises."""


def failure(error: BaseException) -> StoreFailed | None:
    """A failure of the database as one of the port; None for other errors, which are mistakes of the program."""
    if isinstance(error, StoreFailed):
        return error
    if isinstance(error, asyncpg.PostgresError) and (error.sqlstate or "").startswith(_MISTAKES):
        return None
    return StoreFailed(one_line(error)) if isinstance(error, Failing) else None


def leaves_it_open(error: BaseException) -> bool:
    """Whether the database may have done what failed like this: it did not refuse it, its answer is missing."""
    return isinstance(error, Failing) and not (
        isinstance(error, asyncpg.PostgresError) and not (error.sqlstate or "").startswith("57")  # it is stopped
    )


def one_line(error: BaseException) -> str:
    """What is wrong, in one line."""
    match error:
        case TimeoutError():
            return "the database does not answer"
        case socket.gaierror():
            return f"its host is not known ({error.strerror})"
        case ConnectionRefusedError():
            return "no database listens at its host and port"
        case FileNotFoundError():
            return "a file that its URL names is not there: the socket or a certificate"
    return " ".join(str(error).split()) or type(error).__name__


class Connections:
    """Connections that are used again. At most `MOST` change something, and as many read, so that neither waits for
    the other.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._idle: list[asyncpg.Connection] = []
        self._writing = asyncio.Semaphore(MOST)
        self._reading = asyncio.Semaphore(MOST)
        self._closed = False

    async def connect(self) -> asyncpg.Connection:
        """A new connection; raises one of `Failing`, the message of which has no password."""
        try:
            connection = await self._connected()
        except asyncpg.InterfaceError:
            raise
        except (ValueError, OverflowError):  # the message may have a part of a password in it
            raise ConnectionError(UNREADABLE) from None
        try:
            await connection.set_type_codec(
                "text", schema="pg_catalog", encoder=_escaped, decoder=_unescaped, format="text"
            )
        except BaseException:
            connection.terminate()
            raise
        return connection

    async def _connected(self) -> asyncpg.Connection:
        return await asyncpg.connect(
            self._url,
            timeout=PATIENCE,
            command_timeout=SLOW,
            server_settings={
                "application_name": "kobikom-emulator", "timezone": "UTC", "client_min_messages": "warning",
                "default_transaction_isolation": "read committed",
                "idle_in_transaction_session_timeout": "30000", **KEPT_ALIVE,
            },
        )  # fmt: skip

    async def _take(self) -> asyncpg.Connection:
        while self._idle:
            connection = self._idle.pop()
            if not connection.is_closed():
                return connection
        try:  # in a task: a request may have none, and asyncpg needs one for its time-out
            return await asyncio.get_running_loop().create_task(self.connect())
        except Failing as error:
            raise StoreFailed(one_line(error)) from None

    async def take(self) -> asyncpg.Connection:
        """A connection to change something with; give it back."""
        await self._writing.acquire()
        try:
            return await self._take()
        except BaseException:
            self._writing.release()
            raise

    def give_back(self, connection: asyncpg.Connection, *, broken: bool = False) -> None:
        """Let it be used again; closed where it is in an unknown state."""
        self._writing.release()
        self._put(connection, broken=broken)

    def _put(self, connection: asyncpg.Connection, *, broken: bool) -> None:
        if broken or self._closed or connection.is_closed() or connection.is_in_transaction():
            connection.terminate()
        else:
            self._idle.append(connection)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection to read with, in a transaction that sees one instant. `StoreFailed` if that is not possible."""
        async with self._reading:
            connection = await self._take()
            whole = False
            try:
                await connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                yield connection
                await connection.execute("COMMIT")
                whole = True
            except Failing as error:
                raise failure(error) or error from error
            finally:
                self._put(connection, broken=not whole)

    async def fetch(self, statement: str, *values: Any) -> list[asyncpg.Record]:
        """The rows of one statement, by itself. `StoreFailed` if it fails."""
        async with self._reading:
            connection = await self._take()
            whole = False
            try:
                rows: list[asyncpg.Record] = await connection.fetch(statement, *values)
                whole = True
                return rows
            except Failing as error:
                raise failure(error) or error from error
            finally:
                self._put(connection, broken=not whole)

    async def close(self) -> None:
        self._closed = True
        idle, self._idle = self._idle, []
        for connection in idle:
            with suppress(*Failing):
                await connection.close(timeout=1)


_ESCAPE = "\ue000"
"""A character for private use: it stands before those that PostgreSQL cannot have in a text, and before itself."""


def _escaped(text: str) -> str:
    if _ESCAPE in text or "\0" in text:
        return text.replace(_ESCAPE, _ESCAPE * 2).replace("\0", _ESCAPE + "0")
    return text


def _unescaped(text: str) -> str:
    if _ESCAPE not in text:
        return text
    return re.sub(_ESCAPE + "(.)", lambda match: "\0" if match[1] == "0" else match[1], text)


async def ahead(connection: asyncpg.Connection) -> int:
    """By how many ms the database's clock is ahead of this machine's: all servers follow that of the database."""
    before = time.time()
    now = await connection.fetchval("SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint")
    return int(now) - round((before + time.time()) * 500)
