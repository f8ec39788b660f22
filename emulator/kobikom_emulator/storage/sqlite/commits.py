"""Group commit: one transaction, and one synchronization of the disk, for everything that is changed meanwhile.

A commit in WAL mode only appends to the log and needs no waiting; it is made in the event loop's thread. Then the log
is synchronized in another thread, and the callers that changed something wait for that. So no change ever waits for the
disk, and all changes that come while the disk works are the next group. A group also takes what comes in without a
pause, for some milliseconds: a commit takes as long as some requests, however little was changed.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from contextvars import ContextVar
from typing import Protocol, TypeVar

from kobikom_emulator.ports import PerhapsStored, StoreFailed, StoreWait

T = TypeVar("T")

LONGEST = 0.005
"""Seconds from its first change for which a group takes more, while each step of the event loop brings some."""


class Participant(Protocol):
    """What has values in memory that belong to the rows of a group."""

    def write_values(self) -> None:
        """Write what is not in the rows yet; the group is about to be committed."""

    def forget_values(self) -> None:
        """The group was undone: the rows say something else now."""


class Group:
    """Changes that are committed together, `size` of them; the first came at `opened` (s). `error` is why they are not
    kept, once `over`.
    """

    __slots__ = ("afterwards", "error", "opened", "over", "participants", "size", "waiting")

    def __init__(self, opened: float) -> None:
        self.opened = opened
        self.size = 0
        self.participants: set[Participant] = set()
        self.waiting: list[StoreWait] = []
        self.afterwards: list[Callable[[], None]] = []
        self.over = False
        self.error: StoreFailed | None = None

    def end(self, error: StoreFailed | None) -> None:
        self.over, self.error = True, error
        for waiting in self.waiting:
            if not waiting.done():
                waiting.set_result(None)
        self.waiting.clear()
        if error is None:
            loop = asyncio.get_running_loop()
            for callback in self.afterwards:
                loop.call_soon(loop.call_soon, callback)  # those that waited go on before

    async def wait(self) -> None:
        """Return once it is over; a caller that is cancelled does not disturb it."""
        if not self.over:
            waiting = StoreWait(loop=asyncio.get_running_loop())
            self.waiting.append(waiting)
            await waiting


class GroupCommit:
    """The groups of one connection. `synchronize` makes everything that was committed safe; it runs in a thread, and
    raises OSError or sqlite3.Error.
    """

    def __init__(self, connection: sqlite3.Connection, synchronize: Callable[[], None]) -> None:
        self.connection = connection
        self._synchronize = synchronize
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="kobikom-emulator-sync")
        self._open: Group | None = None
        self._committed: list[Group] = []
        """Groups that wait for the synchronization to begin."""
        self._synchronizing: list[Group] = []
        self._changed: ContextVar[tuple[Group, ...]] = ContextVar("kobikom_changed_groups", default=())
        """The groups in which the present task changed something since it last waited for them to be kept."""
        self.held = False
        """While true nothing is committed."""
        self.longest = LONGEST
        """See `LONGEST`."""
        self._proceeding = False
        """Whether the next step of the event loop looks whether the open group is complete."""
        self.commits = self.synchronizations = 0
        self.after: Callable[[], None] | None = None
        """Called after each synchronization."""

    def change(self, participant: Participant, work: Callable[[], T]) -> T:
        """What the function returns, which changes rows: in the open group, of which the caller becomes a part.

        `StoreFailed` if the database fails; the whole group is undone then, as it is for any error of the function.
        """
        group = self.begin()
        group.participants.add(participant)
        try:
            result = work()
        except BaseException as error:
            raise self.fail(error) from error
        self.remember(group)
        return result

    def fail(self, error: BaseException) -> BaseException:
        """Undo the open group because of an error; what is to be raised for it."""
        failed = failure(error)
        self.undo(failed or StoreFailed("a change beside this one failed"))
        return failed or error

    def begin(self) -> Group:
        """The open group; begins one if there is none."""
        if self._open is None:
            try:
                self.connection.execute("BEGIN IMMEDIATE")
            except sqlite3.Error as error:
                raise StoreFailed(str(error)) from error
            self._open = Group(asyncio.get_running_loop().time())
            self.proceed()
        self._open.size += 1
        return self._open

    def when_kept(self, callback: Callable[[], None]) -> None:
        """Call a function when the open group is kept and those that waited for it went on."""
        assert self._open is not None
        self._open.afterwards.append(callback)

    def undo(self, error: StoreFailed) -> None:
        """Undo the open group."""
        group, self._open = self._open, None
        if group is None:
            return
        try:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")
        finally:
            for participant in group.participants:
                participant.forget_values()
            group.end(error)

    def commit(self) -> None:
        """Commit the open group, so that other connections see it; `StoreFailed` if that fails, and it is undone."""
        group = self._open
        if group is None:
            return
        try:
            for participant in group.participants:
                participant.write_values()
            self.connection.execute("COMMIT")
        except BaseException as error:
            raise self.fail(error) from error
        self.commits += 1
        self._open = None
        self._committed.append(group)

    def proceed(self) -> None:
        """Commit what was changed and synchronize it once the open group is complete; the end of a synchronization that
        is under way does the same.
        """
        if not (self._proceeding or self.held or self._synchronizing):
            self._proceeding = True
            asyncio.get_running_loop().call_soon(self._proceed, 1 if self._open is None else self._open.size)

    def _proceed(self, size: int) -> None:
        """Wait for one more step of the event loop if the open group had only `size` changes before this one."""
        group, loop = self._open, asyncio.get_running_loop()
        waits = not (self.held or self._synchronizing) and group is not None and group.size > size
        if waits and group is not None and loop.time() < group.opened + self.longest:
            loop.call_soon(self._proceed, group.size)
            return
        self._proceeding = False
        if self.held or self._synchronizing:
            return
        with suppress(StoreFailed):  # raised in those that changed something when they wait for it to be kept
            self.commit()
        if not self._committed:
            return
        self._synchronizing, self._committed = self._committed, []
        self.synchronizations += 1
        loop.run_in_executor(self._thread, self._synchronized).add_done_callback(self._end)

    def _synchronized(self) -> StoreFailed | None:
        try:
            self._synchronize()
        except (OSError, sqlite3.Error) as error:
            return PerhapsStored(str(error))
        return None

    def _end(self, synchronized: asyncio.Future[StoreFailed | None]) -> None:
        groups, self._synchronizing = self._synchronizing, []
        mistake = synchronized.exception()
        error = synchronized.result() if mistake is None else PerhapsStored("the synchronization broke off")
        for group in groups:
            group.end(error)
        if mistake is not None:
            raise mistake
        if self.after is not None:
            self.after()
        self.proceed()

    def remember(self, group: Group) -> None:
        """Let the present task wait for this group when it waits for what it changed."""
        groups = self._changed.get()
        if not groups:
            self._changed.set((group,))
        elif groups[-1] is not group:
            self._changed.set(
                (*[earlier for earlier in groups if not earlier.over or earlier.error is not None], group)
            )

    async def kept(self) -> None:
        """Return once everything is kept that this task changed, or anybody up to now if it changed nothing."""
        groups = self._changed.get()
        if groups:
            self._changed.set(())
        else:
            groups = (*self._synchronizing, *self._committed, *([] if self._open is None else [self._open]))
        for group in groups:
            await group.wait()
        error = next((group.error for group in groups if group.error is not None), None)
        if error is not None:
            raise type(error)(str(error))

    async def settle(self) -> None:
        """Keep everything, and let those that waited for it go on."""
        self.held = False
        self.proceed()
        while self._open is not None or self._committed or self._synchronizing:
            await (self._open or next(reversed(self._committed or self._synchronizing))).wait()
            await asyncio.sleep(0)
        for _ in range(3):  # what is called when a group is kept is called two rounds of the loop later
            await asyncio.sleep(0)

    async def close(self) -> None:
        """Keep everything and end the thread."""
        await self.settle()
        self._thread.shutdown()


def failure(error: BaseException) -> StoreFailed | None:
    """A failure of the database as one of the port; None for other errors, which are mistakes of the program."""
    if isinstance(error, StoreFailed):
        return error
    if isinstance(error, (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.InterfaceError)):
        return None
    return StoreFailed(str(error)) if isinstance(error, (sqlite3.Error, OSError)) else None
