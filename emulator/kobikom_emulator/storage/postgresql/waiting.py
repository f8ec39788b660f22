"""Runs the statements of `storage/sql/`, which are written without `await`, on asyncpg: a greenlet waits for them."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextvars import copy_context
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from greenlet import getcurrent, greenlet

from kobikom_emulator.ports import StoreFailed

if TYPE_CHECKING:
    from asyncpg import Connection
    from asyncpg.cursor import Cursor

T = TypeVar("T")

CHUNK = 200
"""Rows that are read at a time where somebody goes through them: some milliseconds of work."""


def wait_for(awaitable: Awaitable[T]) -> T:
    """The result of something that is awaited by the `run` in which this is called."""
    parent = getcurrent().parent
    assert parent is not None
    result: T = parent.switch(awaitable)
    return result


async def run(work: Callable[[], T], *, finish: bool = True) -> T:
    """What a function returns that calls `wait_for`. Cancelled, it is carried out to its end first, unless `finish` is
    false: for what only reads.
    """
    child = greenlet(work)
    child.gr_context = copy_context()
    cancelled: asyncio.CancelledError | None = None
    step = child.switch
    while True:
        awaited = step()
        if child.dead:
            break
        waiting = asyncio.ensure_future(awaited)
        while not waiting.done():
            try:
                await asyncio.shield(waiting)
            except asyncio.CancelledError as error:
                cancelled = error
                if not finish:
                    waiting.cancel()
            except BaseException:  # noqa: BLE001  # it is raised where the function waits
                break
        failed = None if waiting.cancelled() else waiting.exception()
        if waiting.cancelled() or (cancelled is not None and not finish):
            step = partial(child.throw, asyncio.CancelledError())
        elif failed is not None:
            step = partial(child.throw, failed)
        else:
            step = partial(child.switch, waiting.result())
    if cancelled is not None:
        raise cancelled
    result: T = awaited
    return result


class Statement(NamedTuple):
    """A statement as PostgreSQL is asked it, the tables it names, and whether it gives rows."""

    text: str
    tables: frozenset[str]
    reads: bool


_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+([a-z_]+)")
_USER = re.compile(r'(?<![\w."])user(?![\w"])')


@lru_cache(maxsize=512)
def statement(text: str) -> Statement:
    """A statement of `storage/sql/` for PostgreSQL: `user` is a word of the language there, parameters have numbers."""
    pieces = _USER.sub('"user"', text).split("?")
    numbered = "".join([f"{piece}${nth}" for nth, piece in enumerate(pieces[:-1], start=1)]) + pieces[-1]
    reads = text.startswith("SELECT") or " RETURNING " in text
    return Statement(numbered, frozenset(_TABLE.findall(text)), reads)


class WaitingConnection:
    """A connection as `storage/sql/` uses one, inside of `run`. What gives no rows is collected, and sent before rows
    of the same tables are read, or by `flush`: many rows of a table at once.
    """

    def __init__(self, connection: Connection | None = None) -> None:
        self.connection = connection
        self._collected: list[tuple[Statement, list[Sequence[Any]]]] = []
        self._newest: dict[str, int] = {}
        """Of each table the place of the newest statement that changes it."""

    def attach(self, connection: Connection | None) -> None:
        """Use another connection; what was collected for the one before is forgotten."""
        self.connection = connection
        self._collected.clear()
        self._newest.clear()

    @property
    def open(self) -> Connection:
        if self.connection is None:
            raise StoreFailed("the connection to the database is lost")
        return self.connection

    def execute(self, text: str, values: Sequence[Any] = (), /) -> Rows:
        asked = statement(text)
        if asked.reads:
            return Rows(self, asked, values)
        self._collect(asked, [values])
        return Rows(self, asked, values, is_empty=True)

    def executemany(self, text: str, rows: Iterable[Sequence[Any]], /) -> None:
        if collected := list(rows):
            self._collect(statement(text), collected)

    def _collect(self, asked: Statement, rows: list[Sequence[Any]]) -> None:
        [table] = asked.tables
        place = self._newest.get(table)
        if place is not None and self._collected[place][0] is asked:
            self._collected[place][1].extend(rows)
            return
        self._newest[table] = len(self._collected)
        self._collected.append((asked, rows))

    def flush(self) -> None:
        """Send what was collected."""
        collected, self._collected = self._collected, []
        self._newest.clear()
        for asked, rows in collected:
            if len(rows) == 1:
                wait_for(self.open.execute(asked.text, *rows[0]))
            else:
                wait_for(self.open.executemany(asked.text, rows))

    def before_reading(self, asked: Statement) -> None:
        if not asked.tables.isdisjoint(self._newest):
            self.flush()


class Rows:
    """The rows of a statement, which is asked when they are fetched. Going through them reads some at a time."""

    def __init__(
        self, connection: WaitingConnection, asked: Statement, values: Sequence[Any], *, is_empty: bool = False
    ) -> None:
        self._connection = connection
        self._asked = asked
        self._values = values
        self._is_empty = is_empty

    def fetchall(self) -> list[Any]:
        if self._is_empty:
            return []
        self._connection.before_reading(self._asked)
        rows = wait_for(self._connection.open.fetch(self._asked.text, *self._values))
        return [tuple(row) for row in rows]

    def fetchone(self) -> Any:
        rows = self.fetchall()
        return rows[0] if rows else None

    def __iter__(self) -> Iterator[Any]:
        if self._is_empty:
            return
        self._connection.before_reading(self._asked)
        cursor: Cursor = wait_for(_begun(self._connection.open, self._asked, self._values))
        while rows := wait_for(cursor.fetch(CHUNK)):
            for row in rows:
                yield tuple(row)
            if len(rows) < CHUNK:
                return

    def close(self) -> None:
        return None


async def _begun(connection: Connection, asked: Statement, values: Sequence[Any]) -> Cursor:
    return await connection.cursor(asked.text, *values)
