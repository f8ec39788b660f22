"""The lock of a space that several servers share: it holds the space's row in the database.

Who holds it works in one transaction. Before it begins, the server takes over what the others changed meanwhile; it is
committed when nobody in this server waits for the lock any more, so that many requests share one commit.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Callable, Coroutine
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from kobikom_emulator.ports import PerhapsStored, StoreFailed
from kobikom_emulator.space.errors import NameTaken, SpaceClosed
from kobikom_emulator.storage.postgresql.connections import Failing, failure, leaves_it_open
from kobikom_emulator.storage.postgresql.waiting import WaitingConnection, run
from kobikom_emulator.storage.sql.contents import Contents
from kobikom_emulator.storage.sql.text_index import NoTextIndex

if TYPE_CHECKING:
    import asyncpg

    from kobikom_emulator.storage.postgresql.database import PostgresDatabase

T = TypeVar("T")

LONGEST = 0.05
"""Seconds after which a group is committed although more requests wait: other servers wait for it."""

MOST = 500
"""Requests that share a commit."""

CHANNEL = "kobikom_emulator"
"""Where servers tell each other what they changed: `server space version`, with `spaces` where the set of spaces or
users changed, too, and `leases` where some became free.
"""

TURNS = 0x6B6F6269
"""The first half of the keys of advisory locks; the second is the number of a space."""

UNKNOWN = -1
"""The version of a space of which nothing is known."""

_LOCK = (
    "SELECT version, contents, CASE WHEN version = $2 THEN NULL ELSE state END AS state,"
    " (SELECT version FROM kobikom_server) AS server FROM spaces WHERE number = $1"
)


class SharedState(Protocol):
    """What a keeper has in memory of the space."""

    def write_values(self, connection: WaitingConnection) -> bytes | None:
        """Write what is not in the rows yet; the state, None if it did not change. Nothing more is written to the
        journal until the next group.
        """

    async def take_over(self, connection: asyncpg.Connection, state: bytes, *, contents: int, replaced: bool) -> None:
        """Be what another server made of the space; `replaced` where it was cleared or replaced."""

    def may_write(self) -> None:
        """A group has begun."""

    def forget_values(self) -> None:
        """The group was undone."""


class Group:
    """What is committed together. `is_ending` says that the database was asked to commit it, `error` is why it is not
    kept, once `over`.
    """

    __slots__ = ("begun", "changed", "connection", "entered", "error", "is_ending", "over", "waiting")

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.begun = time.monotonic()
        self.entered = 0
        self.changed = False
        self.is_ending = False
        self.over = False
        self.error: StoreFailed | None = None
        self.waiting: list[asyncio.Future[None]] = []

    @property
    def may_grow(self) -> bool:
        return self.entered < MOST and time.monotonic() - self.begun < LONGEST

    def end(self) -> None:
        self.over = True
        for waiting in self.waiting:
            if not waiting.done():
                waiting.set_result(None)
        self.waiting.clear()

    async def wait(self) -> None:
        if not self.over:
            waiting = asyncio.get_running_loop().create_future()
            self.waiting.append(waiting)
            await waiting


class SpaceLock:
    """Used like `asyncio.Lock`. `StoreFailed` where the database fails, `SpaceClosed` where another server closed the
    space, `NameTaken` where a new space cannot be made because another server made one of that name.
    """

    def __init__(self, database: PostgresDatabase, name: str, number: int | None) -> None:
        self.database = database
        self.name = name
        self.number = number
        """None until the space is in the database; the first that holds the lock makes it."""
        self.version = UNKNOWN
        self.shared: SharedState | None = None
        self.rows = WaitingConnection()
        self._contents: Contents | None = None
        self._contents_number = 0
        self._group: Group | None = None
        self._last: Group | None = None
        self._held = False
        self._waiting: deque[asyncio.Future[None]] = deque()
        self.users_written = 0
        """How often the users of the space were written here."""
        self.users_pending = False
        """Whether they are, and not committed yet."""
        self.is_kept = number is not None
        """Whether the space was committed once: if the database has no row of it now, it was closed."""
        self._spaces_changed = False
        self._holder: object = None
        self._own: ContextVar[object] = ContextVar("kobikom_space_lock", default=None)
        """What `_holder` is in the task that holds the lock, and in those that it began."""
        self._tasks: set[asyncio.Task[None]] = set()
        self._busy = asyncio.Lock()
        """Held while a statement of the group is under way: a task and those that it began may read together."""

    # holding

    def locked(self) -> bool:
        return self._held

    @property
    def is_mine(self) -> bool:
        """Whether the present task holds the lock."""
        return self._holder is not None and self._own.get() is self._holder

    async def __aenter__(self) -> None:
        await self._acquire()
        if self._group is None:
            await self._finished(self._begin())
        self._enter()

    def _enter(self) -> None:
        assert self._group is not None
        self._group.entered += 1
        if self.shared is not None:
            self._group.changed = True  # if nothing else, its journal
        self._holder = object()
        self._own.set(self._holder)

    async def __aexit__(self, *_: object) -> None:
        self._leave()

    async def _acquire(self) -> None:
        if not self._held:
            self._held = True
            return
        waiting = asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await waiting
        except asyncio.CancelledError:
            if waiting.done() and not waiting.cancelled():
                self._leave()
            else:
                self._waiting.remove(waiting)
            raise

    async def _finished(self, work: Coroutine[Any, Any, None]) -> None:
        """Wait for something that is done with the lock, in a task of its own: the request may have none, or end."""
        task = self._task(work)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.done():
                self._leave()
            else:
                task.add_done_callback(self._leave_after)
            raise
        except BaseException:
            self._leave()
            raise

    def _leave_after(self, task: asyncio.Task[None]) -> None:
        if not task.cancelled():
            task.exception()  # nobody waits for it any more
        self._leave()

    def _task(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _leave(self) -> None:
        """Give the lock to the next that waits, or end the group."""
        group, self._holder = self._group, None
        if group is None:
            self._pass_on()
        elif group.error is not None:
            self._task(self._end(group))
        elif self._waiting and group.may_grow:
            self._pass_on()
        else:
            self._task(self._end(group))

    def _pass_on(self) -> None:
        while self._waiting:
            waiting = self._waiting.popleft()
            if not waiting.done():
                waiting.set_result(None)
                return
        self._held = False

    # groups

    async def _begin(self) -> None:
        connection = await self.database.connections.take()
        try:
            if self.number is None and (number := self.database.number_of(self.name)) is not None:
                self.number, self.is_kept = number, True
                self.database.locks[number] = self
            if self.number is None:
                await connection.execute("BEGIN")
                await self._make(connection)
            else:
                # Servers get this lock in the order in which they ask. That of the row goes to the first that comes
                # when it is free: a server with much to do would have it again and again.
                await connection.execute(f"BEGIN; SELECT pg_advisory_xact_lock({TURNS}, {self.number})")
                row = await connection.fetchrow(_LOCK + " FOR UPDATE OF spaces", self.number, self.version)
                await self._take_over(connection, row)
        except BaseException as error:
            self.database.connections.give_back(connection, broken=True)
            self._forget()
            raise failure(error) or error from error
        self.rows.attach(connection)
        self._group = self._last = Group(connection)
        if self.shared is not None:
            self.shared.may_write()

    async def _make(self, connection: asyncpg.Connection) -> None:
        contents = await connection.fetchval(
            "INSERT INTO contents (number, next_push) VALUES (nextval('contents_numbers'), 1) RETURNING number"
        )
        self.number = await connection.fetchval(
            "INSERT INTO spaces (name, contents) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING RETURNING number",
            self.name,
            contents,
        )
        if self.number is None:
            raise NameTaken(f"there is a space {self.name!r} already")
        await self.database.lease_new(connection, self.number)
        self._contents_number, self.version, self._contents = contents, 0, None
        self.database.locks[self.number] = self

    async def _take_over(self, connection: asyncpg.Connection, row: asyncpg.Record | None) -> None:
        """Be at the version of the row."""
        if row is None:
            self.database.look_for_spaces()
            raise SpaceClosed(f"space {self.name!r} is closed")
        if row["server"] != self.database.version:
            self.database.look_for_spaces()
        if row["version"] == self.version:
            return
        replaced = self._contents_number not in (0, row["contents"])
        self._contents, self._contents_number = None, row["contents"]
        if self.shared is not None and row["state"] is not None:
            await self.shared.take_over(connection, row["state"], contents=row["contents"], replaced=replaced)
        self.version = row["version"]

    async def catch_up(self) -> None:
        """Be at the version that is committed, without holding the row."""
        if self.number is None:
            return
        await self._acquire()
        if self._group is None:
            await self._finished(self._read_version())
        self._leave()

    async def _read_version(self) -> None:
        try:
            async with self.database.connections.reading() as connection:
                row = await connection.fetchrow(_LOCK, self.number, self.version)
                await self._take_over(connection, row)
        except SpaceClosed:
            return
        except BaseException:
            self._forget()
            raise

    async def _end(self, group: Group) -> None:
        """Commit a group, or undo one that failed, and let the next that waits have the lock."""
        connections, connection = self.database.connections, group.connection
        if group.error is None and group.changed:
            try:
                await run(self._write_values)
                self.version += 1
                group.is_ending = True
                await connection.execute(f"NOTIFY {CHANNEL}, '{self._news()}'; COMMIT")
            except BaseException as error:  # noqa: BLE001  # raised in those that wait for the group
                failed = failure(error) or StoreFailed("a change could not be stored")
                group.error = PerhapsStored(str(failed)) if group.is_ending and leaves_it_open(error) else failed
                if failure(error) is None:
                    self.database.log_mistake(error)
        elif group.error is None:
            try:
                await connection.execute("COMMIT")
            except Failing as error:
                group.error = failure(error) or StoreFailed(str(error))
        if group.error is None:
            self.is_kept = True
        else:
            self._forget()
            self.database.look_for_spaces()
        self.users_pending = False
        self.rows.attach(None)
        connections.give_back(connection, broken=group.error is not None)
        self._group = None
        group.end()
        self._pass_on()

    def _news(self) -> str:
        spaces, self._spaces_changed = " spaces" if self._spaces_changed else "", False
        return f"{self.database.server} {self.number} {self.version}{spaces}"

    def note_spaces(self) -> None:
        """Tell the other servers of another space, or that users belong to another one; a part of the group."""
        add = "UPDATE kobikom_server SET version = version + 1 RETURNING version"
        self.rows.flush()
        [(version,)] = self.rows.execute(add).fetchall()
        self._spaces_changed = True
        if version == self.database.version + 1:
            self.database.version = version

    def _write_values(self) -> None:
        if self._contents is not None:
            self._contents.write_values()
        state = None if self.shared is None else self.shared.write_values(self.rows)
        if state is None:
            self.rows.execute("UPDATE spaces SET version = version + 1 WHERE number = ?", (self.number,))
        else:
            self.rows.execute(
                "UPDATE spaces SET version = version + 1, state = ? WHERE number = ?", (state, self.number)
            )
        if not self.is_kept:
            self.note_spaces()
        self.rows.flush()

    def _forget(self) -> None:
        """Nothing is known any more: the next group begins with what is in the database."""
        self.version, self._contents = UNKNOWN, None
        if not self.is_kept and self.number is not None:
            self.database.locks.pop(self.number, None)
            self.number = None
        if self.shared is not None:
            self.shared.forget_values()

    async def kept(self) -> None:
        """Return once the group is committed that was open when the present task last held the lock."""
        group = self._last
        if group is None or group.over:
            return
        await group.wait()
        if group.error is not None:
            raise type(group.error)(str(group.error))

    # working in the group; only who holds the lock may

    async def run(self, work: Callable[[Contents], T], *, changes: bool = False) -> T:
        """What the function returns, which uses the rows; `StoreFailed` if the database fails; so does the group."""
        group = self._group
        assert group is not None
        async with self._busy:
            if group.error is not None:
                raise StoreFailed(str(group.error))
            if changes:
                group.changed = True
            try:
                return await self.database.run(lambda: work(self._open_contents()))
            except BaseException as error:
                if isinstance(error, (LookupError, ValueError, asyncio.CancelledError)) and not isinstance(
                    error, Failing
                ):
                    raise
                group.error = failure(error) or StoreFailed("a change beside this one failed")
                raise failure(error) or error from error

    def _open_contents(self) -> Contents:
        if self._contents is None:
            self._contents = Contents(self.rows, self._contents_number, NoTextIndex())
        return self._contents

    def exchange(self, new: Contents) -> None:
        """Have other contents from now on; the old ones are deleted."""
        old = self._open_contents()
        new.write_values()
        self.rows.execute("UPDATE spaces SET contents = ? WHERE number = ?", (new.number, self.number))
        self._contents, self._contents_number = new, new.number
        self.database.dismantle(old.number)

    def new_contents(self) -> Contents:
        """Empty contents."""
        add = "INSERT INTO contents (number, next_push) VALUES (nextval('contents_numbers'), ?) RETURNING number"
        [(number,)] = self.rows.execute(add, (self._open_contents().pushes.next_number,)).fetchall()
        return Contents(self.rows, number, NoTextIndex())

    async def close(self) -> None:
        """Return once what was begun has ended."""
        while self._tasks:
            await asyncio.wait(set(self._tasks))
