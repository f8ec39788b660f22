"""The file of a server's spaces: one writing connection with group commit, readers beside it, and its upkeep."""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol, Self, TypeVar

from kobikom_emulator.ports import KeptSpace, StoreFailed
from kobikom_emulator.storage.sqlite.commits import GroupCommit, Participant, failure
from kobikom_emulator.storage.sqlite.dismantling import Dismantling, abandoned
from kobikom_emulator.storage.sqlite.files import check_form, connect, lock, open_file
from kobikom_emulator.storage.sqlite.readers import Readers
from kobikom_emulator.storage.sqlite.upkeep import Upkeep

T = TypeVar("T")

synchronize_file: Callable[[int], None] = getattr(os, "fdatasync", os.fsync)
"""Make everything safe that was written to a file (by descriptor)."""


class LastParticipant(Participant, Protocol):
    """A participant of the last group before the file is closed."""

    def finish(self) -> None:
        """Take part in it if something is to be kept that waits for no group; all answers were sent."""


class Database:
    """One file, open for this server alone; `UnusableFile` where it cannot be. Close it in the loop that used it.

    The writing connection belongs to the event loop's thread: changes and short questions take some microseconds there
    and never wait for the disk. Large changes have it for themselves in a thread (`alone`).
    """

    def __init__(self, path: str | os.PathLike[str], *, synchronize: Callable[[int], None] = synchronize_file) -> None:
        self._synchronize_file = synchronize
        self.path = str(Path(path).resolve())
        check_form(self.path)
        self._lock = lock(self.path)
        try:
            self.connection = open_file(self.path)
        except BaseException:
            self._lock.close()
            raise
        self._log: int | None = None
        self._files = {self.path: Path(self.path).stat()}
        """The file and its log. Where one was deleted or replaced, what is written to it is lost with the process."""
        self._doubtful = False
        """Whether a synchronization failed: what is in the log may not be on the disk, whatever the next one says."""
        self.commits = GroupCommit(self.connection, self._synchronize)
        self.readers = Readers(self.path)
        self.upkeep = Upkeep(self)
        self.commits.after = self.upkeep.look
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kobikom-emulator-write")
        self._freed: asyncio.Event | None = None
        self.keepers: dict[int, LastParticipant] = {}
        """By number of the space what keeps its state, such as the ids that were taken: every group that changes the
        store of the space has the state that belongs to it, or a server that is killed would give ids twice.
        """
        self.loading: set[int] = set()
        """Contents that are being loaded and belong to no space yet."""
        for contents in abandoned(self.connection):
            self.upkeep.chores[Dismantling(self, contents)] = None

    # the writing connection

    @property
    def busy(self) -> bool:
        """Whether a thread has the writing connection for itself."""
        return self._freed is not None

    async def free(self) -> None:
        """Return when the writing connection can be used; until the caller's next `await` it stays so."""
        while self._freed is not None:
            await self._freed.wait()

    async def ask(self, work: Callable[[], T]) -> T:
        """What the function returns, which reads with the writing connection: it sees what is not committed yet."""
        if self._freed is not None:
            await self.free()
        try:
            return work()
        except sqlite3.Error as error:
            raise StoreFailed(str(error)) from error

    async def change(self, participant: Participant, work: Callable[[], T]) -> T:
        """What the function returns, which changes rows; `StoreFailed` if the database fails, and all is undone."""
        if self._freed is not None:
            await self.free()
        return self.commits.change(participant, work)

    async def alone(self, participant: Participant, work: Callable[[], T]) -> T:
        """The same in a thread, while nobody else can use the writing connection."""
        await self.free()
        group = self.commits.begin()
        group.participants.add(participant)
        self._hold()
        working = asyncio.get_running_loop().run_in_executor(self._thread, work)
        working.add_done_callback(self._end)
        cancelled: asyncio.CancelledError | None = None
        while not working.done():
            try:
                await asyncio.wait([working])
            except asyncio.CancelledError as error:
                cancelled = error  # all of it or nothing: it has begun
        if (failed := working.exception()) is not None:
            raise failure(failed) or failed
        self.commits.remember(group)
        if cancelled is not None:
            raise cancelled
        return working.result()

    def _end(self, working: asyncio.Future[Any]) -> None:
        if (error := working.exception()) is not None:
            self.commits.fail(error)
        self._free()

    async def pause(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do something while nothing is changed and everything is committed."""
        await self.free()
        self.commits.commit()
        self._hold()
        try:
            return await work()
        finally:
            self._free()

    def _hold(self) -> None:
        self._freed = asyncio.Event()
        self.commits.held = True

    def _free(self) -> None:
        freed, self._freed = self._freed, None
        self.commits.held = False
        if freed is not None:
            freed.set()
        self.commits.proceed()

    async def kept(self) -> None:
        await self.commits.kept()

    # readers

    async def read(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """What the function returns, which reads everything that was changed so far, in a thread."""
        await self._committed()
        return await self.readers.read(work)

    async def stream(self, work: Callable[[sqlite3.Connection], Iterator[T]]) -> AsyncIterator[T]:
        """What the iterator yields, read in a thread."""
        await self._committed()
        async for item in self.readers.stream(work):
            yield item

    async def _committed(self) -> None:
        if self._freed is not None:
            await self.free()
        self.commits.commit()

    # spaces

    def space(self, name: str) -> int:
        """The number of the space of this name; it is made if there is none. `StoreFailed` if it cannot be.

        The writing connection must be free.
        """
        assert not self.busy
        try:
            found = self.connection.execute("SELECT number FROM spaces WHERE name = ?", (name,)).fetchone()
            if found is not None:
                number: int = found[0]
                return number
            self.commits.begin()
            contents = add_contents(self.connection, next_push=1)
            added = self.connection.execute("INSERT INTO spaces (name, contents) VALUES (?, ?)", (name, contents))
        except sqlite3.Error as error:
            raise self.commits.fail(error) from error
        assert added.lastrowid is not None
        return added.lastrowid

    def kept_spaces(self) -> list[KeptSpace]:
        """The spaces that have a state, in the order in which they were opened."""
        rows = self.connection.execute("SELECT number, name, state FROM spaces WHERE state IS NOT NULL ORDER BY number")
        entries = "SELECT entry FROM journal WHERE space = ? ORDER BY number"
        return [
            KeptSpace(name, state, [entry for (entry,) in self.connection.execute(entries, (number,))])
            for number, name, state in rows.fetchall()
        ]

    async def forget_space(self, number: int) -> None:
        """Delete a space with its journal; its contents are deleted soon."""
        await self.free()
        self.commits.remember(self.commits.begin())
        try:
            delete = "DELETE FROM spaces WHERE number = ? RETURNING contents"
            row = self.connection.execute(delete, (number,)).fetchone()
            self.connection.execute("DELETE FROM journal WHERE space = ?", (number,))
        except sqlite3.Error as error:
            raise self.commits.fail(error) from error
        await self.kept()
        if row is not None:
            self.dismantle(row[0])

    def dismantle(self, contents: int) -> None:
        """Delete the rows of contents soon, if no space has them."""
        self.upkeep.add(Dismantling(self, contents))

    # durability

    def _synchronize(self) -> None:
        """Make everything safe that is in the log; runs in a thread.

        What SQLite does after each commit with synchronous=FULL, but without the connection.
        """
        for path, file in self._files.items():
            if not os.path.samestat(Path(path).stat(), file):
                raise OSError(f"{path} was replaced by another file")
        if self._doubtful:
            self.upkeep.checkpoint_all()
            self._doubtful = False
        if self._log is None:
            self._log = os.open(self.path + "-wal", os.O_RDWR | getattr(os, "O_BINARY", 0))
            self._files[self.path + "-wal"] = os.fstat(self._log)
        try:
            self._synchronize_file(self._log)
        except OSError:
            self._doubtful = True
            raise

    async def close(self) -> None:
        """Keep everything and let go of the file."""
        await self.upkeep.stop()
        await self.free()
        await self.commits.settle()
        for keeper in self.keepers.values():
            keeper.finish()
        await self.commits.close()
        self._thread.shutdown()
        self.readers.close()
        self.upkeep.close()
        if self._log is not None:
            os.close(self._log)
        self.connection.close()
        self._lock.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def new_connection(self) -> sqlite3.Connection:
        """Another connection that may write the file; it never writes rows."""
        connection = connect(self.path)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        return connection


def add_contents(connection: sqlite3.Connection, *, next_push: int) -> int:
    """Make empty contents, as a part of the open group."""
    added = connection.execute("INSERT INTO contents (next_push) VALUES (?)", (next_push,))
    assert added.lastrowid is not None
    return added.lastrowid
