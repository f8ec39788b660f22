"""Work on the file that nobody waits for: moving the log into the file, indexing texts, deleting old contents."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol

from kobikom_emulator.ports import StoreFailed

if TYPE_CHECKING:
    from kobikom_emulator.storage.sqlite.database import Database

CHANGES = 10_000
"""Rows that are changed before the log is moved into the file."""

LOG = 8_000
"""Pages of the log from which on changes wait for a moment, so that it can begin again from its start."""

_log = logging.getLogger("kobikom_emulator.storage")


class Chore(Protocol):
    """Work in small pieces."""

    async def piece(self) -> bool:
        """Do some; whether there is more to do."""


class Upkeep:
    """Does the chores in turn, while the loop runs and the disk works."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.rows, self.pages = CHANGES, LOG
        """See `CHANGES` and `LOG`."""
        self.chores: dict[Chore, None] = {}
        self._task: asyncio.Task[None] | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kobikom-emulator-checkpoint")
        self._connection: sqlite3.Connection | None = None
        self._changes = 0
        """The changes of the writing connection at the last checkpoint."""
        self._stopped = False

    def add(self, chore: Chore) -> None:
        """Do a chore soon."""
        self.chores[chore] = None
        self.look()

    def look(self) -> None:
        """Begin if there is something to do."""
        if self._task is None and not self._stopped and (self.chores or self._log_is_long()):
            self._task = asyncio.get_running_loop().create_task(self._work())
            self._task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._task = None
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, StoreFailed):
            _log.error("the upkeep of the store failed: %s", error)

    def _log_is_long(self) -> bool:
        return self._database.connection.total_changes - self._changes >= self.rows

    async def _work(self) -> None:
        while self.chores or self._log_is_long():
            if self._log_is_long():
                await self._checkpoint()
            for chore in list(self.chores):
                if not await chore.piece():
                    self.chores.pop(chore, None)
                await asyncio.sleep(0)

    # the log

    async def _checkpoint(self) -> None:
        self._changes = self._database.connection.total_changes
        pages, moved = await self._in_thread()
        if pages >= self.pages and pages - moved < pages // 4:
            await self._database.pause(self._in_thread)

    async def _in_thread(self) -> tuple[int, int]:
        try:
            return await asyncio.get_running_loop().run_in_executor(self._thread, self._move_log)
        except sqlite3.Error as error:
            raise StoreFailed(str(error)) from error

    def _move_log(self) -> tuple[int, int]:
        """Move what is committed from the log into the file; the pages in the log, and how many of them were moved."""
        if self._connection is None:
            self._connection = self._database.new_connection()
        _, pages, moved = self._connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        return pages, moved

    def checkpoint_all(self) -> None:
        """Move the whole log; OSError where that is not possible now. Runs in any thread."""
        connection = self._database.new_connection()
        try:
            _, pages, moved = connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        finally:
            connection.close()
        if moved < pages:
            raise OSError("what is in the log could not be moved into the file")

    async def rest(self) -> None:
        """Return when nothing is left to do, or what is left failed."""
        while self._task is not None:
            await asyncio.wait([self._task])

    async def stop(self) -> None:
        """End the work; what is left is done when the file is opened again."""
        self._stopped = True
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    def close(self) -> None:
        self._thread.shutdown()
        if self._connection is not None:
            self._connection.close()
