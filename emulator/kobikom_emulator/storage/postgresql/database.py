"""A database that any number of servers share: what each knows of the changes of the others."""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kobikom_emulator.ports import KeptSpace, StoreFailed
from kobikom_emulator.space.kept import read
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.postgresql.connections import Connections, Failing, ahead, one_line
from kobikom_emulator.storage.postgresql.leases import Leases
from kobikom_emulator.storage.postgresql.lock import CHANNEL, UNKNOWN, SpaceLock
from kobikom_emulator.storage.postgresql.schema import LOCK
from kobikom_emulator.storage.postgresql.tables import bring_up_to_date, delete_abandoned
from kobikom_emulator.storage.postgresql.waiting import run

if TYPE_CHECKING:
    import asyncpg

T = TypeVar("T")

TOGETHER = 0.02
"""Seconds within which changes of other servers are taken over together."""

AGAIN = 1.0
"""Seconds after which something is tried again that failed."""

_log = logging.getLogger("kobikom_emulator.storage")


class PostgresDatabase:
    """One database, for this server. Open it in the loop that uses it, and close it there."""

    def __init__(self, url: str) -> None:
        self.connections = Connections(url)
        self.server = secrets.token_hex(4)
        """What this server is called in the database."""
        self.version = UNKNOWN
        """That of the set of spaces and users that this server knows."""
        self.locks: dict[int, SpaceLock] = {}
        """By number of the space."""
        self.leases = Leases(self)
        self._numbers: dict[str, int] = {}
        self._registry: SpaceRegistry | None = None
        self._ahead = 0
        self._news: dict[int, int] = {}
        """Of spaces the version that another server told of."""
        self._look = asyncio.Event()
        self._look_for_spaces = self._look_for_leases = False
        self._catching_up = asyncio.Lock()
        self._abandoned = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._thread = 0

    # opening

    async def open(self) -> None:
        """Bring the tables up to date; `UnusableDatabase` says in one line why the database cannot be used."""
        self._thread = threading.get_ident()
        connection = await bring_up_to_date(self.connections)
        try:
            self._ahead = await ahead(connection)
        finally:
            await connection.close()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    @asynccontextmanager
    async def starting(self) -> AsyncIterator[None]:
        """Let one server at a time begin what is not in the database."""
        try:
            connection = await self.connections.connect()
        except Failing as error:
            raise StoreFailed(one_line(error)) from None
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", LOCK)
            yield
        except Failing as error:
            raise StoreFailed(one_line(error)) from None
        finally:
            with suppress(*Failing):
                await connection.close(timeout=1)

    async def kept_spaces(self) -> list[KeptSpace]:
        """The spaces in the database; their journals are read when they are taken over."""
        rows = await self.connections.fetch(
            "SELECT number, name, state FROM spaces WHERE state IS NOT NULL ORDER BY number"
        )
        self._numbers = {row["name"]: row["number"] for row in rows}
        return [KeptSpace(row["name"], row["state"], ()) for row in rows]

    def lock(self, name: str) -> SpaceLock:
        """The lock of the space of this name; one that is not in the database will be made."""
        number = self._numbers.get(name)
        lock = SpaceLock(self, name, number)
        if number is not None:
            self.locks[number] = lock
        return lock

    def number_of(self, name: str) -> int | None:
        """The number of the space of this name, None where the database has none."""
        return self._numbers.get(name)

    async def find(self, name: str) -> SpaceLock:
        """The same, after a look into the database."""
        for row in await self.connections.fetch("SELECT number FROM spaces WHERE name = $1", name):
            self._numbers[name] = row["number"]
        return self.lock(name)

    def now(self) -> int:
        """The time of the database (ms), which the clocks of all servers follow."""
        return time.time_ns() // 1_000_000 + self._ahead

    async def serve(self, registry: SpaceRegistry) -> None:
        """Follow what the others change, and do the background work of the spaces that nobody does it for. `starting`
        is held.
        """
        self._registry = registry
        listening = await self._listen()
        await self.leases.renew()
        for work in (self._keep_listening(listening), self._follow(), self.leases.keep(), self._delete_abandoned()):
            self._tasks.append(asyncio.get_running_loop().create_task(_logged(work)))
        self._abandoned.set()
        self.look_for_spaces()

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for lock in self.locks.values():
            await lock.close()
        if self._registry is not None:
            with suppress(StoreFailed):
                await self.leases.give_up()
        await self.connections.close()

    # working

    async def run(self, work: Callable[[], T], *, finish: bool = True) -> T:
        """What a function returns that uses the rows."""
        if self._thread == threading.get_ident():
            return await run(work, finish=finish)
        # A greenlet belongs to one thread, and the loop's own goes on with this coroutine (see shared_loop).
        return await asyncio.get_running_loop().create_task(run(work, finish=finish))

    def log_mistake(self, error: BaseException) -> None:
        _log.error("a change could not be stored: %s: %s", type(error).__name__, one_line(error))

    def dismantle(self, contents: int) -> None:  # whatever no space has is deleted
        """Delete the rows of contents soon that no space has any more."""
        self._abandoned.set()

    async def _delete_abandoned(self) -> None:
        while True:
            await self._abandoned.wait()
            self._abandoned.clear()
            await asyncio.sleep(AGAIN)  # until the space has other contents
            with suppress(StoreFailed):
                await delete_abandoned(self.connections)

    async def lease_new(self, connection: asyncpg.Connection, number: int) -> None:
        """Have the background work of a space that is being made."""
        await self.leases.take(connection, number)

    async def forget_space(self, lock: SpaceLock) -> None:
        """Delete a space with its journal and its users; its contents are deleted soon."""
        number = lock.number
        if number is None:
            return
        self.locks.pop(number, None)
        self._numbers.pop(lock.name, None)
        connection = await self.connections.take()
        broken = True
        try:
            await connection.execute("BEGIN")
            deleted = await connection.fetchval("DELETE FROM spaces WHERE number = $1 RETURNING number", number)
            for table in ("journal", "claims", "leases"):
                await connection.execute(f"DELETE FROM {table} WHERE space = $1", number)  # noqa: S608  # a constant
            if deleted is not None:
                await connection.execute("UPDATE kobikom_server SET version = version + 1")
            await connection.execute(f"NOTIFY {CHANNEL}, '{self.server} {number} 0 spaces'; COMMIT")
            broken = False
        except Failing as error:
            raise StoreFailed(one_line(error)) from error
        finally:
            self.connections.give_back(connection, broken=broken)
        self.look_for_spaces()
        self._abandoned.set()

    # what other servers did

    async def _listen(self) -> asyncpg.Connection:
        connection = await self.connections.connect()
        self._ahead = await ahead(connection)
        await connection.add_listener(CHANNEL, self._hear)
        return connection

    async def _keep_listening(self, connection: asyncpg.Connection) -> None:
        try:
            while True:
                lost = asyncio.Event()
                connection.add_termination_listener(lambda _, lost=lost: lost.set())
                while not connection.is_closed() and not lost.is_set():
                    with suppress(TimeoutError):
                        async with asyncio.timeout(AGAIN * 10):
                            await lost.wait()
                            break
                    with suppress(*Failing):
                        self._ahead = await ahead(connection)
                while connection.is_closed() or lost.is_set():
                    await asyncio.sleep(AGAIN)
                    with suppress(*Failing):
                        connection = await self._listen()
                        lost = asyncio.Event()
                        self.look_for_spaces()
        finally:
            connection.terminate()

    def _hear(self, _: object, __: int, ___: str, payload: object) -> None:
        server, number, version, *more = str(payload).split()
        if server == self.server:
            return
        if "spaces" in more:
            self._look_for_spaces = True
        if "leases" in more:
            self._look_for_leases = True
        if number != "0":
            self._news[int(number)] = int(version)
        self._look.set()

    def look_for_spaces(self) -> None:
        """Have a look at everything soon: another server changed something, or this one may have missed it."""
        self._look_for_spaces = True
        self._look.set()

    async def _follow(self) -> None:
        while True:
            await self._look.wait()
            await asyncio.sleep(TOGETHER)
            self._look.clear()
            news, self._news = self._news, {}
            look, self._look_for_spaces = self._look_for_spaces, False
            leases, self._look_for_leases = self._look_for_leases, False
            try:
                if leases:
                    await self.leases.renew()
                if look:
                    await self.catch_up()
                for number, version in news.items():
                    lock = self.locks.get(number)
                    if lock is not None and lock.version < version:
                        await lock.catch_up()
            except StoreFailed:
                await asyncio.sleep(AGAIN)
                self.look_for_spaces()

    async def catch_up(self) -> None:
        """Return once this server knows what was committed when this was called; `StoreFailed` if it cannot."""
        if self._registry is None:
            return
        rows = await self.connections.fetch(
            "SELECT number, name, version, (SELECT version FROM kobikom_server) AS server FROM spaces ORDER BY number"
        )
        if rows and rows[0]["server"] != self.version:
            async with self._catching_up:
                await self._take_over_spaces(self._registry)
        for row in rows:
            lock = self.locks.get(row["number"])
            if lock is not None and lock.version < row["version"]:
                await lock.catch_up()

    async def _take_over_spaces(self, registry: SpaceRegistry) -> None:
        """Have the spaces and users that the servers agreed on."""
        kept = [space for space in registry if lock_of(space).is_kept]
        written = {space.name: lock_of(space).users_written for space in registry}
        async with self.connections.reading() as connection:
            version = await connection.fetchval("SELECT version FROM kobikom_server")
            if version == self.version:
                return
            rows = await connection.fetch("SELECT number, name FROM spaces WHERE state IS NOT NULL ORDER BY number")
            users = await connection.fetch(
                "SELECT claims.name, spaces.name AS space FROM claims JOIN spaces ON spaces.number = claims.space"
            )
        self._numbers = {row["name"]: row["number"] for row in rows}
        there = {row["number"] for row in rows}
        for space in kept:
            number = lock_of(space).number
            if number is not None and number not in there:
                await registry.leave(space)
                self.locks.pop(number, None)
        for name in self._numbers:
            if registry.named(name) is None:
                await self._join(registry, name)
        changing = {
            space.name
            for space in registry
            if registry.has_unkept_users(space)
            or lock_of(space).users_pending
            or written.get(space.name, 0) != lock_of(space).users_written
        }
        registry.route({row["name"]: row["space"] for row in users}, but=changing)
        self.version = UNKNOWN if changing else version

    async def _join(self, registry: SpaceRegistry, name: str) -> None:
        for row in await self.connections.fetch("SELECT state FROM spaces WHERE number = $1", self._numbers[name]):
            space = registry.join(name, read(row["state"]).blueprint)
            await lock_of(space).catch_up()
            await registry.start_background(space)

    # background work

    def runs(self, space: Space) -> bool:
        """Whether this server does the background work of a space."""
        return lock_of(space).number in self.leases.held

    async def leases_changed(self) -> None:
        """Begin and end background work: this server has other leases now."""
        if self._registry is None:
            return
        for space in list(self._registry):
            if self.runs(space):
                await self._registry.start_background(space)
            elif space.webhooks.active:
                await self._registry.stop_background(space)


def lock_of(space: Space) -> SpaceLock:
    """The lock of a shared space."""
    assert isinstance(space.lock, SpaceLock)
    return space.lock


async def _logged(work: Coroutine[Any, Any, None]) -> None:
    """Log what ends a task that is not to end."""
    try:
        await work
    except Exception as error:
        _log.exception("the work on the database stopped: %s", one_line(error))
        raise
