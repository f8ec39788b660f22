"""The port `Store`, answered from a file."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Sequence
from decimal import Decimal
from functools import partial
from itertools import islice

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Accepted, Change, Deleted
from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push, ReportQuery, Reports
from kobikom_emulator.domain.retention import Expired, Retention
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record
from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.storage.sql import ledger, search
from kobikom_emulator.storage.sql.contents import Contents
from kobikom_emulator.storage.sql.records import Loading, records
from kobikom_emulator.storage.sqlite.database import Database, add_contents
from kobikom_emulator.storage.sqlite.search_index import INDEX, index_some

LARGE = 300
"""Messages from which on changes are made in a thread: fewer take some milliseconds at most."""

SLICE = 200
"""Records that are written at a time."""

UNINDEXED = 1000
"""Messages from which on those are indexed that are not yet."""


class SqliteStore:
    """`ports.Store` of one space of a database. Texts are indexed once so many messages are not, `index_after`."""

    def __init__(self, database: Database, space: int, *, index_after: int = UNINDEXED) -> None:
        self._database = database
        self._space = space
        self._index_after = index_after
        self._contents: Contents | None = None

    # what is in memory

    async def _there(self) -> Contents:
        """The contents, and the writing connection free to ask them."""
        if self._database.busy:
            await self._database.free()
        if self._contents is None:
            return await self._database.ask(self._read_contents)
        return self._contents

    def _read_contents(self) -> Contents:
        connection = self._database.connection
        found = connection.execute("SELECT contents FROM spaces WHERE number = ?", (self._space,)).fetchone()
        if found is None:
            raise StoreFailed(f"the store has no space {self._space}")
        contents = self._contents = Contents(connection, found[0], INDEX)
        return contents

    def write_values(self) -> None:
        if self._contents is not None:
            self._contents.write_values()
        keeper = self._database.keepers.get(self._space)
        if keeper is not None:
            keeper.write_values()

    def forget_values(self) -> None:
        self._contents = None
        keeper = self._database.keepers.get(self._space)
        if keeper is not None:
            keeper.forget_values()

    # accounts

    async def account(self, user: str) -> Account | None:
        contents = await self._there()
        return await self._database.ask(partial(contents.users.account, user))

    async def accounts(self) -> Sequence[Account]:
        contents = await self._there()
        return await self._database.ask(contents.users.open_accounts)

    async def credit(self, user: str, now: int) -> Decimal:
        contents = await self._there()
        return await self._database.ask(partial(contents.users.credit, user, now))

    async def ledger(
        self, user: str | None, *, now: int, before: int | None = None, limit: int
    ) -> Sequence[LedgerLine]:
        number = (await self._there()).number
        return await self._database.read(lambda reader: ledger.page(reader, number, user, now, before, limit))

    async def ledger_size(self, user: str | None, *, now: int) -> int:
        number = (await self._there()).number
        return await self._database.read(lambda reader: ledger.size(reader, number, user, now))

    async def totals(self, now: int) -> Sequence[AccountTotals]:
        number = (await self._there()).number
        return await self._database.read(lambda reader: ledger.totals(reader, number, now))

    # messages

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        contents = await self._there()
        return await self._database.ask(partial(contents.used_ids, user, ids))

    async def message(self, message_id: str) -> MessageState | None:
        contents = await self._there()
        return await self._database.ask(partial(contents.message, message_id))

    async def next_number(self) -> int:
        return (await self._there()).next_number

    async def numbered(self, numbers: Iterable[int]) -> Sequence[MessageState]:
        contents = await self._there()
        return await self._database.ask(partial(contents.numbered, tuple(numbers)))

    async def messages(
        self, query: MessageQuery, *, now: int, before: int | None = None, after: int = -1, limit: int
    ) -> Sequence[MessageState]:
        if limit <= 0:
            return []
        number = (await self._there()).number
        return await self._database.read(
            lambda reader: list(
                islice(search.Search(reader, number, query, now, INDEX).newest_first(before, after), limit)
            )
        )

    async def expired(self, retention: Retention, *, now: int) -> Expired:
        contents = await self._there()
        number, size = contents.number, contents.size
        return await self._database.read(lambda reader: search.expired(reader, number, size, retention, now))

    async def count(self, query: MessageQuery, *, now: int, after: int = -1) -> int:
        contents = await self._there()
        if query.is_everything and after < 0:
            return contents.size
        number = contents.number
        return await self._database.read(lambda reader: search.count(reader, number, query, now, INDEX, after))

    # reports and pushes

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        contents = await self._there()
        take = partial(contents.take, query, limit)
        if query.message_ids is not None and len(query.message_ids) > LARGE:
            return await self._database.alone(self, take)
        return await self._database.change(self, take)

    async def due_pushes(self, now: int, limit: int, busy: BusyPushes = NO_PUSHES) -> Sequence[Push]:
        contents = await self._there()
        return await self._database.ask(partial(contents.pushes.due, now, limit, busy, contents.batches))

    async def next_push(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        contents = await self._there()
        return await self._database.ask(partial(contents.pushes.next_due, busy))

    # changes

    async def apply(self, changes: Sequence[Change]) -> None:
        contents = await self._there()
        await self._database.ask(partial(contents.check, changes))
        apply = partial(contents.apply, changes)
        if sum(map(_weight, changes)) > LARGE:
            await self._database.alone(self, apply)
        else:
            await self._database.change(self, apply)
        if contents.next_number - contents.searchable >= self._index_after:
            self._database.upkeep.add(self)

    async def kept(self) -> None:
        await self._database.kept()

    async def piece(self) -> bool:
        """Index some texts: a chore of the upkeep."""
        contents = await self._there()
        return await self._database.alone(self, partial(index_some, contents))

    # the space as a whole

    async def export(self) -> AsyncIterator[Record]:
        number = (await self._there()).number
        async for record in self._database.stream(lambda reader: records(reader, number)):
            yield record

    async def replace(self, records: AsyncIterable[Record]) -> None:
        contents = await self._new_contents()
        await self.kept()  # or they could be undone while they are loaded
        loading = Loading(contents)
        self._database.loading.add(contents.number)
        try:
            some: list[Record] = []
            async for record in records:
                some.append(record)
                if len(some) >= SLICE:
                    await self._load(loading, some)
                    some = []
            await self._load(loading, some)
            await self._database.change(self, partial(self._exchange, contents))
        except BaseException:
            self._database.dismantle(contents.number)
            raise
        finally:
            self._database.loading.discard(contents.number)

    async def _load(self, loading: Loading, some: Sequence[Record]) -> None:
        """Write records in a thread; they belong to no space yet, so that nothing need be undone if one is wrong."""
        error = await self._database.alone(loading, partial(loading.load, some))
        if loading.undone:
            raise StoreFailed("the records before these could not be stored")
        if error is not None:
            raise error

    async def clear(self) -> None:
        old = await self._there()
        await self._database.change(self, lambda: self._exchange(self._make_contents(old)))

    async def _new_contents(self) -> Contents:
        old = await self._there()
        return await self._database.change(self, partial(self._make_contents, old))

    def _make_contents(self, old: Contents) -> Contents:
        connection = self._database.connection
        return Contents(connection, add_contents(connection, next_push=old.pushes.next_number), INDEX)

    def _exchange(self, new: Contents) -> None:
        """Keep other contents. The rows of the old ones are deleted later, in pieces: all at once takes long."""
        old, self._contents = self._contents or self._read_contents(), new
        old.write_values()
        new.write_values()
        self._database.connection.execute("UPDATE spaces SET contents = ? WHERE number = ?", (new.number, self._space))
        self._database.dismantle(old.number)


def _weight(change: Change) -> int:
    """About how many messages a change concerns."""
    if isinstance(change, Accepted):
        return len(change.batch)
    return len(change.numbers) if isinstance(change, Deleted) else 1
