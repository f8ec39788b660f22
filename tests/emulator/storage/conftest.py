"""The adapters that the battery of this folder runs against, and a synchronous way to call a store."""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Collection, Iterator, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from uuid import uuid4

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.changes import Accepted, AccountSet, Change, RefundPlanned
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.matching import EVERYTHING, MessageQuery
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push, ReportQuery
from kobikom_emulator.domain.segments import Segmentation
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record
from kobikom_emulator.ports import Store
from kobikom_emulator.storage.memory import MemoryStore
from kobikom_emulator.storage.sqlite import Database, SqliteStore

OpenStore = Callable[[Path], AbstractAsyncContextManager[Store]]
"""Opens a store in a folder of its own."""


@asynccontextmanager
async def memory(_: Path) -> AsyncIterator[Store]:
    yield MemoryStore()


@asynccontextmanager
async def memory_in_small_blocks(_: Path) -> AsyncIterator[Store]:
    yield MemoryStore(block_size=2)


@asynccontextmanager
async def sqlite(folder: Path) -> AsyncIterator[Store]:
    async with Database(folder / "store.sqlite") as database:
        yield SqliteStore(database, database.space("default"))


@asynccontextmanager
async def sqlite_beside_others(folder: Path) -> AsyncIterator[Store]:
    """Texts are indexed at once, and another space has messages with the same ids and users."""
    async with Database(folder / "store.sqlite") as database:
        other = SqliteStore(database, database.space("other"), index_after=1)
        if not await other.next_number():
            await other.apply([AccountSet(Account("u", "p"), 0), Accepted(OTHER), RefundPlanned(*OTHER_REFUND)])
        yield SqliteStore(database, database.space("default"), index_after=1)


@asynccontextmanager
async def postgresql(folder: Path) -> AsyncIterator[Store]:
    """A space of a database with many others, whose name is written into the folder."""
    from kobikom_emulator.storage.postgresql import PostgresDatabase, PostgresStore

    place = folder / "space"
    if not place.exists():
        place.write_text(uuid4().hex)
    async with PostgresDatabase(os.environ[POSTGRESQL]) as database:
        yield PostgresStore(await database.find(place.read_text()))


POSTGRESQL = "KOBIKOM_TEST_POSTGRESQL"
"""Where the URL of the database is while the tests of this folder run."""

ADAPTERS: dict[str, OpenStore] = {
    "memory": memory,
    "memory-in-small-blocks": memory_in_small_blocks,
    "sqlite": sqlite,
    "sqlite-beside-others": sqlite_beside_others,
    "postgresql": postgresql,
}
KEEPING = {sqlite, sqlite_beside_others, postgresql}
"""The adapters whose stores are the same after they were closed and opened."""


OTHER = Batch(
    user="u", first_id=100_000_000_000_000_001, title="A", text="selam", flash=False,
    segmentation=Segmentation(Alphabet.GSM, ("selam",), 5, 160, "", None, ""),
    destinations=("905321234561",), msisdns=("905321234561",), client_ids=("a",), costs=Decimal(1),
    groups=(RecipientGroup(Plan(0, 0, 5, Status.NOT_ALLOWED, 0), (0,)),),
)  # fmt: skip
OTHER_REFUND = ("u", 5, Decimal(1), OTHER.first_id, "A", 1, 1)


class SyncStore:
    """A store whose coroutines are run to their end; `with` opens and closes it."""

    def __init__(self, opened: OpenStore) -> None:
        self._opened = opened
        self._runner = asyncio.Runner()
        self._folder = tempfile.TemporaryDirectory(prefix="kobikom-store-")

    def __enter__(self) -> Self:
        self._context = self._opened(Path(self._folder.name))
        self.store = self._runner.run(self._context.__aenter__())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._context.__aexit__(kind, error, trace))
        self._runner.close()
        self._folder.cleanup()

    def reopen(self) -> None:
        """Close the store and open it again, where that keeps it."""
        if self._opened in KEEPING:
            self._runner.run(self._context.__aexit__(None, None, None))
            self.__enter__()

    def run(self, work: Any) -> Any:
        return self._runner.run(work)

    def account(self, user: str) -> Account | None:
        return self.run(self.store.account(user))  # type: ignore[no-any-return]

    def accounts(self) -> list[Account]:
        return list(self.run(self.store.accounts()))

    def credit(self, user: str, now: int) -> Decimal:
        return self.run(self.store.credit(user, now))  # type: ignore[no-any-return]

    def ledger(
        self, user: str | None = None, *, now: int, before: int | None = None, limit: int = 100
    ) -> list[LedgerLine]:
        return list(self.run(self.store.ledger(user, now=now, before=before, limit=limit)))

    def ledger_size(self, user: str | None = None, *, now: int) -> int:
        return self.run(self.store.ledger_size(user, now=now))  # type: ignore[no-any-return]

    def totals(self, now: int) -> list[AccountTotals]:
        return list(self.run(self.store.totals(now)))

    def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return self.run(self.store.used_ids(user, ids))  # type: ignore[no-any-return]

    def message(self, message_id: str) -> MessageState | None:
        return self.run(self.store.message(message_id))  # type: ignore[no-any-return]

    def next_number(self) -> int:
        return self.run(self.store.next_number())  # type: ignore[no-any-return]

    def numbered(self, *numbers: int) -> list[MessageState]:
        return list(self.run(self.store.numbered(numbers)))

    def messages(
        self,
        query: MessageQuery = EVERYTHING,
        *,
        now: int = 0,
        before: int | None = None,
        after: int = -1,
        limit: int = 100,
    ) -> list[MessageState]:
        return list(self.run(self.store.messages(query, now=now, before=before, after=after, limit=limit)))

    def count(self, query: MessageQuery = EVERYTHING, *, now: int = 0, after: int = -1) -> int:
        return self.run(self.store.count(query, now=now, after=after))  # type: ignore[no-any-return]

    def take(self, user: str = "u", *, now: int = 10**6, limit: int = 1000, **more: Any) -> list[str]:
        """The ids of the reports that a pull gets, in its order."""
        return [message_id for message_id, _ in self.take_plans(user, now, limit, **more)]

    def take_plans(self, user: str, now: int, limit: int, **more: Any) -> list[tuple[str, Plan]]:
        """The same, each with its plan."""
        taken = self.run(self.store.take_reports(ReportQuery(user, now, **more), limit))
        return [(message_id, reports.plan) for reports in taken for message_id in reports.message_ids()]

    def due_pushes(self, now: int, limit: int = 100, *, busy: BusyPushes = NO_PUSHES) -> list[Push]:
        return list(self.run(self.store.due_pushes(now, limit, busy)))

    def next_push(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        return self.run(self.store.next_push(busy))  # type: ignore[no-any-return]

    def apply(self, *changes: Change) -> None:
        self.run(self.store.apply(changes))

    def export(self) -> list[Record]:
        async def collected() -> list[Record]:
            return [record async for record in self.store.export()]

        return self.run(collected())  # type: ignore[no-any-return]

    def replace(self, records: Sequence[Record]) -> None:
        async def streamed() -> AsyncIterator[Record]:
            for record in records:
                yield record

        self.run(self.store.replace(streamed()))

    def clear(self) -> None:
        self.run(self.store.clear())


@pytest.fixture(scope="session", params=list(ADAPTERS))
def new_store(request: pytest.FixtureRequest) -> Callable[[], SyncStore]:
    """Makes empty stores of one adapter, to be opened with `with`."""
    adapter = ADAPTERS[request.param]
    if adapter is postgresql:
        os.environ[POSTGRESQL] = request.getfixturevalue("postgresql_server").url()
    return lambda: SyncStore(adapter)


@pytest.fixture
def store(new_store: Callable[[], SyncStore]) -> Iterator[SyncStore]:
    """An empty store of one adapter."""
    with new_store() as opened:
        yield opened
