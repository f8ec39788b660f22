"""The port `Store`, answered from a PostgreSQL database."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Callable, Collection, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from decimal import Decimal
from functools import partial
from itertools import islice
from typing import TypeVar

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Change
from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push, ReportQuery, Reports
from kobikom_emulator.domain.retention import Expired, Retention
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record
from kobikom_emulator.space.errors import SpaceClosed
from kobikom_emulator.storage.postgresql.lock import SpaceLock
from kobikom_emulator.storage.postgresql.waiting import WaitingConnection
from kobikom_emulator.storage.sql import ledger, search
from kobikom_emulator.storage.sql.contents import Contents
from kobikom_emulator.storage.sql.records import Loading, records
from kobikom_emulator.storage.sql.text_index import NoTextIndex

T = TypeVar("T")

SLICE = 200
"""Records that are read or written before other tasks get their turn."""

_INDEX = NoTextIndex()


class PostgresStore:
    """`ports.Store` of one space. Who holds the lock of the space sees what was changed under it; everybody else sees
    what is committed. A change without the lock is a transaction of its own.
    """

    def __init__(self, lock: SpaceLock) -> None:
        self.lock = lock

    async def _ask(self, work: Callable[[Contents], T]) -> T:
        """What the function returns, which only reads."""
        if self.lock.is_mine:
            return await self.lock.run(work)
        async with self._reading() as contents:
            return await self.lock.database.run(partial(work, contents), finish=False)

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[Contents]:
        lock = self.lock
        if lock.number is None:
            async with lock:
                pass
            await lock.kept()
        async with lock.database.connections.reading() as connection:
            number = await connection.fetchval("SELECT contents FROM spaces WHERE number = $1", lock.number)
            if number is None:
                raise SpaceClosed(f"space {lock.name!r} is closed")
            rows = WaitingConnection(connection)
            yield await lock.database.run(lambda: Contents(rows, number, _INDEX), finish=False)

    async def _change(self, work: Callable[[Contents], T]) -> T:
        if self.lock.is_mine:
            return await self.lock.run(work, changes=True)
        async with self.lock:
            result = await self.lock.run(work, changes=True)
        await self.lock.kept()
        return result

    # accounts

    async def account(self, user: str) -> Account | None:
        return await self._ask(lambda contents: contents.users.account(user))

    async def accounts(self) -> Sequence[Account]:
        return await self._ask(lambda contents: contents.users.open_accounts())

    async def credit(self, user: str, now: int) -> Decimal:
        return await self._ask(lambda contents: contents.users.credit(user, now))

    async def ledger(
        self, user: str | None, *, now: int, before: int | None = None, limit: int
    ) -> Sequence[LedgerLine]:
        return await self._ask(
            lambda contents: ledger.page(contents.connection, contents.number, user, now, before, limit)
        )

    async def ledger_size(self, user: str | None, *, now: int) -> int:
        return await self._ask(lambda contents: ledger.size(contents.connection, contents.number, user, now))

    async def totals(self, now: int) -> Sequence[AccountTotals]:
        def read(contents: Contents) -> Sequence[AccountTotals]:
            contents.users.write()
            return ledger.totals(contents.connection, contents.number, now)

        return await self._ask(read)

    # messages

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return await self._ask(lambda contents: contents.used_ids(user, ids)) if ids else set()

    async def message(self, message_id: str) -> MessageState | None:
        return await self._ask(lambda contents: contents.message(message_id))

    async def next_number(self) -> int:
        return await self._ask(lambda contents: contents.next_number)

    async def numbered(self, numbers: Iterable[int]) -> Sequence[MessageState]:
        wanted = tuple(numbers)
        return await self._ask(lambda contents: contents.numbered(wanted))

    async def messages(
        self, query: MessageQuery, *, now: int, before: int | None = None, after: int = -1, limit: int
    ) -> Sequence[MessageState]:
        if limit <= 0:
            return []

        def read(contents: Contents) -> Sequence[MessageState]:
            looking = search.Search(contents.connection, contents.number, query, now, _INDEX)
            return list(islice(looking.newest_first(before, after), limit))

        return await self._ask(read)

    async def expired(self, retention: Retention, *, now: int) -> Expired:
        return await self._ask(
            lambda contents: search.expired(contents.connection, contents.number, contents.size, retention, now)
        )

    async def count(self, query: MessageQuery, *, now: int, after: int = -1) -> int:
        def read(contents: Contents) -> int:
            if query.is_everything and after < 0:
                return contents.size
            return search.count(contents.connection, contents.number, query, now, _INDEX, after)

        return await self._ask(read)

    # reports and pushes

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        return await self._change(lambda contents: contents.take(query, limit))

    async def due_pushes(self, now: int, limit: int, busy: BusyPushes = NO_PUSHES) -> Sequence[Push]:
        busy = _as_of_now(busy)
        return await self._ask(lambda contents: contents.pushes.due(now, limit, busy, contents.batches))

    async def next_push(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        busy = _as_of_now(busy)
        return await self._ask(lambda contents: contents.pushes.next_due(busy))

    # changes

    async def apply(self, changes: Sequence[Change]) -> None:
        def change(contents: Contents) -> None:
            contents.check(changes)
            contents.apply(changes)

        await self._change(change)

    async def kept(self) -> None:
        await self.lock.kept()

    # the space as a whole

    async def export(self) -> AsyncIterator[Record]:
        if self.lock.is_mine:
            reading = await self.lock.run(_records)
            while some := await self.lock.run(lambda _: list(islice(reading, SLICE))):
                for record in some:
                    yield record
            return
        async with self._reading() as contents:
            reading, run = _records(contents), self.lock.database.run
            while some := await run(lambda: list(islice(reading, SLICE)), finish=False):
                for record in some:
                    yield record

    async def replace(self, records: AsyncIterable[Record]) -> None:
        if self.lock.is_mine:
            await self._replace(records)
            return
        async with self.lock:
            await self._replace(records)
        await self.lock.kept()

    async def _replace(self, records: AsyncIterable[Record]) -> None:
        """Load the records into new contents. What was loaded of wrong ones belongs to nothing; it is deleted later."""
        lock = self.lock
        contents = await lock.run(lambda _: lock.new_contents(), changes=True)
        loading = Loading(contents)
        try:
            some: list[Record] = []
            async for record in records:
                some.append(record)
                if len(some) >= SLICE:
                    await self._load(loading, some)
                    some = []
            await self._load(loading, some)
        except BaseException:
            lock.database.dismantle(contents.number)
            raise
        await lock.run(lambda _: lock.exchange(contents), changes=True)

    async def _load(self, loading: Loading, some: Sequence[Record]) -> None:
        def load(_: Contents) -> ValueError | None:
            error = loading.load(some)
            self.lock.rows.flush()
            return error

        if (error := await self.lock.run(load, changes=True)) is not None:
            raise error

    async def clear(self) -> None:
        await self._change(lambda _: self.lock.exchange(self.lock.new_contents()))


def _as_of_now(busy: BusyPushes) -> BusyPushes:
    """A copy: a push that ends while the rows are read is still in them as one to be made."""
    return BusyPushes(frozenset(busy.under_way), frozenset(busy.full))


def _records(contents: Contents) -> Iterator[Record]:
    contents.write_values()
    return records(contents.connection, contents.number)
