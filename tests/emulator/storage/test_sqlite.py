"""What a store in a SQLite file does beyond the port: durability, failures, the file itself, and its upkeep."""

import asyncio
import shutil
import sqlite3
import subprocess
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.changes import Accepted, AccountSet, Charged, Deleted, RefundPlanned, Replanned
from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery, words_of
from kobikom_emulator.domain.reports import ReportQuery
from kobikom_emulator.domain.segments import Segmentation
from kobikom_emulator.domain.states import LedgerKind
from kobikom_emulator.ports import Store, StoreFailed
from kobikom_emulator.storage.memory import MemoryStore
from kobikom_emulator.storage.sql.codec import LEDGER_KINDS, STATUSES
from kobikom_emulator.storage.sqlite import Database, SqliteStore, UnusableFile
from kobikom_emulator.storage.sqlite.schema import VERSION
from kobikom_emulator.storage.sqlite.search_index import documents

from .test_store import FIRST, HOOK, batch, plan

OPENED = AccountSet(Account("u", "p", credit=Decimal(1000)), 0)
FILES = Path(__file__).parent / "files"


@asynccontextmanager
async def opened(path: Path, **more: Any) -> AsyncIterator[tuple[Database, SqliteStore]]:
    async with Database(path, **more) as database:
        yield database, SqliteStore(database, database.space("default"))


def charged(first: int) -> list[Any]:
    return [Accepted(batch(0, first=first)), Charged("u", 0, Decimal(1), first, "K", 1, 1)]


async def send(store: Store, nth: int) -> None:
    await store.apply(charged(FIRST + nth))
    await store.kept()


async def failures(work: list[Awaitable[None]]) -> list[type[BaseException] | None]:
    results = await asyncio.gather(*work, return_exceptions=True)
    return [type(result) if isinstance(result, BaseException) else None for result in results]


async def turns_until(condition: Callable[[], bool]) -> None:
    """Let other tasks run until the condition holds; it depends on no thread that is held."""
    for _ in range(10_000):
        if condition():
            return
        await asyncio.sleep(0)
    raise AssertionError("it does not come true")


def first_of(store: SqliteStore) -> int:
    """The next number of a store that is open, without waiting."""
    assert store._contents is not None
    return store._contents.next_number


def size_of(path: Path) -> int:
    return path.stat().st_size


class FailingConnection:
    """A connection of which one statement fails while `failing` is set."""

    def __init__(self, connection: sqlite3.Connection, statement: str) -> None:
        self._connection = connection
        self._statement = statement
        self.failing = True

    def execute(self, statement: str, *values: Any) -> Any:
        if self.failing and statement == self._statement:
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


class Disk:
    """Synchronizes when it is let, and counts; fails while `failing` is set."""

    def __init__(self) -> None:
        self.free = threading.Event()
        self.free.set()
        self.times = 0
        self.failing = False

    def synchronize(self, _: int) -> None:
        assert self.free.wait(10)
        self.times += 1
        if self.failing:
            raise OSError(5, "Input/output error")


# --- group commit ----------------------------------------------------------------------------------------------------


async def test_changes_share_a_commit_and_a_synchronization(tmp_path: Path) -> None:
    """While the disk works on the first of 50 sends, the other 49 are applied, and all of them are the next group."""
    disk = Disk()
    async with opened(tmp_path / "f", synchronize=disk.synchronize) as (database, store):
        await store.apply([OPENED])
        await store.kept()
        commits, times = database.commits.commits, disk.times
        disk.free.clear()
        first = asyncio.ensure_future(send(store, 0))
        await turns_until(lambda: database.commits.commits > commits)
        others = [asyncio.ensure_future(send(store, nth)) for nth in range(1, 50)]
        await turns_until(lambda: first_of(store) == 50)
        assert (1, False, 950) == (database.commits.commits - commits, first.done(), int(await store.credit("u", 0)))
        disk.free.set()
        await asyncio.gather(first, *others)
        assert (2, 2) == (database.commits.commits - commits, disk.times - times)


@pytest.mark.parametrize(("longest", "commits"), [(60, 1), (0, 5)])
async def test_a_group_takes_what_comes_without_a_pause(tmp_path: Path, longest: float, commits: int) -> None:
    """Five sends in as many steps of the event loop share a commit, unless the first has waited for too long."""
    async with opened(tmp_path / "f") as (database, store):
        await store.apply([OPENED])
        await store.kept()
        await database.commits.settle()  # nothing of this group is left to do
        before, database.commits.longest = database.commits.commits, longest
        for nth in range(5):
            await store.apply(charged(FIRST + nth))
            await asyncio.sleep(0)
            if not longest:
                await store.kept()
        await store.kept()
        assert commits == database.commits.commits - before


async def test_an_answer_waits_for_the_disk(tmp_path: Path) -> None:
    """A change is seen at once and is not kept before the log is synchronized."""
    disk = Disk()
    async with opened(tmp_path / "f", synchronize=disk.synchronize) as (_, store):
        disk.free.clear()
        await store.apply([OPENED])
        waiting = asyncio.ensure_future(store.kept())
        assert [OPENED.account] == await store.accounts()
        assert 1 == len(await store.ledger("u", now=0, limit=9))
        assert not waiting.done()
        disk.free.set()
        await waiting


async def test_what_has_changed_nothing_waits_for_the_others(tmp_path: Path) -> None:
    """`kept` holds for what any task applied before it, and returns at once when there is nothing to keep."""
    disk = Disk()
    async with opened(tmp_path / "f", synchronize=disk.synchronize) as (_, store):
        await store.kept()
        disk.free.clear()
        await asyncio.ensure_future(store.apply([OPENED]))  # a task of its own
        waiting = asyncio.ensure_future(store.kept())
        await asyncio.sleep(0)
        assert not waiting.done()
        disk.free.set()
        await waiting


async def test_a_cancelled_caller_does_not_disturb_its_group(tmp_path: Path) -> None:
    """Its change is kept all the same, and the others of the group hear so."""
    disk = Disk()
    async with opened(tmp_path / "f", synchronize=disk.synchronize) as (_, store):
        await store.apply([OPENED])
        disk.free.clear()
        senders = [asyncio.ensure_future(send(store, nth)) for nth in range(3)]
        await turns_until(lambda: first_of(store) == 3)
        senders[1].cancel()
        await asyncio.sleep(0)
        disk.free.set()
        assert [None, asyncio.CancelledError, None] == await failures(list(senders))
    async with opened(tmp_path / "f") as (_, store):
        assert (3, 997) == (await store.next_number(), await store.credit("u", 0))


async def test_a_large_change_is_made_whole_also_when_its_caller_is_cancelled(tmp_path: Path) -> None:
    """It is made in a thread, while short questions of others wait and long ones do not see half of it."""
    async with opened(tmp_path / "f") as (_, store):
        await store.apply([OPENED])
        sending = asyncio.ensure_future(store.apply([Accepted(batch(*[0] * 3000, push_url=HOOK))]))
        await asyncio.sleep(0)
        sending.cancel()
        assert 3000 == len(await store.due_pushes(0, 5000))
        assert [asyncio.CancelledError] == await failures([sending])
        assert 3000 == await store.count(MessageQuery(MessageMatch(user="u")), now=0)
        await store.kept()


# --- failures --------------------------------------------------------------------------------------------------------


async def test_a_failed_commit_undoes_the_whole_group(tmp_path: Path) -> None:
    """In both spaces, also what is in memory; each caller hears so, and the next group is kept."""
    async with opened(tmp_path / "f") as (database, store):
        other = SqliteStore(database, database.space("other"))
        for each in (store, other):
            await each.apply([OPENED])
            await each.kept()
        failing = FailingConnection(database.connection, "COMMIT")
        database.commits.connection = failing  # type: ignore[assignment]
        assert [StoreFailed] * 3 == await failures([send(store, 0), send(other, 0), send(store, 1)])
        for each in (store, other):
            assert (0, 1000, None) == (
                await each.next_number(), await each.credit("u", 0), await each.message(str(FIRST)),
            )  # fmt: skip
        failing.failing = False
        assert [None, None] == await failures([send(store, 5), send(other, 6)])
    async with opened(tmp_path / "f") as (_, store):
        assert (1, 999) == (await store.next_number(), await store.credit("u", 0))


async def test_a_full_disk_refuses_and_recovers(tmp_path: Path) -> None:
    """Nothing that was acknowledged is lost, nothing else is there, and sends work again once there is room."""
    async with opened(tmp_path / "f") as (database, store):
        await store.apply([OPENED])
        await store.kept()
        pages = database.connection.execute("PRAGMA page_count").fetchone()[0]
        database.connection.execute(f"PRAGMA max_page_count = {pages + 8}")
        acknowledged = []
        for nth in range(0, 2000, 20):
            results = await failures([send(store, nth + each) for each in range(20)])
            acknowledged += [nth + each for each, failure in enumerate(results) if failure is None]
            if StoreFailed in results:
                break
        assert 20 <= len(acknowledged) < 1000
        expected = (len(acknowledged), 1000 - len(acknowledged))
        assert expected == (await store.next_number(), await store.credit("u", 0))
        database.connection.execute("PRAGMA max_page_count = 1000000")
        await send(store, 3000)
    async with opened(tmp_path / "f") as (_, store):
        messages = await store.messages(MessageQuery(), now=0, limit=5000)
        assert [3000, *acknowledged[::-1]] == [int(message.batch.first_id - FIRST) for message in messages]


async def test_a_report_is_not_given_where_that_cannot_be_kept(tmp_path: Path) -> None:
    """The caller hears so, and a later pull gets it (R-03)."""
    async with opened(tmp_path / "f") as (database, store):
        await store.apply([OPENED, Accepted(batch(0, 0))])
        await store.kept()
        failing = FailingConnection(database.connection, "COMMIT")
        database.commits.connection = failing  # type: ignore[assignment]
        query = ReportQuery("u", 0)
        assert 1 == len(await store.take_reports(query, 5))
        with pytest.raises(StoreFailed):
            await store.kept()
        failing.failing = False
        [reports] = await store.take_reports(query, 5)
        assert [0, 1] == list(reports.indices)
        await store.kept()


async def test_after_a_failed_synchronization_the_log_is_not_trusted(tmp_path: Path) -> None:
    """The next group is kept only once everything is in the file itself."""
    disk = Disk()
    async with opened(tmp_path / "f", synchronize=disk.synchronize) as (_, store):
        await store.apply([OPENED])
        await store.kept()
        disk.failing = True
        with pytest.raises(StoreFailed, match="Input/output error"):
            await send(store, 0)
        disk.failing = False
        await send(store, 1)
        shutil.copy(tmp_path / "f", tmp_path / "without-log")
        database = sqlite3.connect(tmp_path / "without-log")
        assert [(FIRST,), (FIRST + 1,)] == database.execute("SELECT first_id FROM batches").fetchall()
        database.close()


async def test_a_failed_import_leaves_everything_as_it_was(tmp_path: Path) -> None:
    """The records before the failure are deleted, and so are those of an import that the end of the server cut."""
    path = tmp_path / "f"
    async with opened(path) as (database, store):
        await store.apply([OPENED, *[Accepted(batch(0, first=FIRST + nth)) for nth in range(1000)]])
        records = [record async for record in store.export()]

        async def broken() -> AsyncIterator[Any]:
            for record in records:
                yield record
            yield records[-1]

        with pytest.raises(ValueError, match="another message's"):
            await store.replace(broken())
        await database.upkeep.rest()
        assert records == [record async for record in store.export()]
        assert 1 == rows(database, "contents")
        assert 1000 == rows(database, "batches")


async def test_an_import_that_loses_records_is_refused(tmp_path: Path) -> None:
    """Where the database fails for a moment while records are written, though the rest could be kept."""
    async with opened(tmp_path / "f") as (database, store):
        await store.apply([OPENED, *[Accepted(batch(0, first=FIRST + nth)) for nth in range(600)]])
        await store.kept()
        records = [record async for record in store.export()]
        failing = FailingConnection(database.connection, "COMMIT")
        failing.failing = False
        database.commits.connection = failing  # type: ignore[assignment]

        async def cut() -> AsyncIterator[Any]:
            for nth, record in enumerate(records):
                if nth == 250:  # the first 200 are written
                    await store.kept()
                failing.failing = 250 <= nth <= 400
                yield record

        with pytest.raises(StoreFailed):
            await store.replace(cut())
        failing.failing = False
        await database.upkeep.rest()
        assert records == [record async for record in store.export()]


# --- the file --------------------------------------------------------------------------------------------------------


def rows(database: Database, table: str) -> int:
    return int(database.connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def test_a_file_is_for_one_server(tmp_path: Path) -> None:
    """A second one gets one line that says so, also by another name of the file, until the first has ended."""
    path = tmp_path / "f"
    (tmp_path / "other").symlink_to(path)

    async def used() -> None:
        async with opened(path):
            for name in (path, tmp_path / "other"):
                with pytest.raises(UnusableFile, match=r"^the store \S+/f is in use by another server$"):
                    Database(name)

    asyncio.run(used())
    asyncio.run(used())


def _garbage(path: Path) -> None:
    path.write_bytes(b"no database " * 1000)


def _of_another_program(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE t (a)")
    database.close()


def _of_a_later_version(path: Path) -> None:
    asyncio.run(Database(path).close())
    database = sqlite3.connect(path)
    database.execute(f"PRAGMA user_version = {VERSION + 1}")
    database.close()


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (_garbage, r"\S+ is not a store of kobikom-emulator"),
        (_of_another_program, r"\S+ is not a store of kobikom-emulator"),
        (_of_a_later_version, rf"the store \S+ has version {VERSION + 1}, of a later kobikom-emulator; .*"),
        (Path.mkdir, r"the store \S+ cannot be opened: .*"),
    ],
)
def test_a_file_that_cannot_be_a_store_is_refused(tmp_path: Path, make: Callable[[Path], None], message: str) -> None:
    """In one line, and the file stays as it was."""
    path = tmp_path / "f"
    make(path)
    before = path.read_bytes() if path.is_file() else b""
    for _ in range(2):
        with pytest.raises(UnusableFile, match=f"^{message}$"):
            Database(path)
    assert before == (path.read_bytes() if path.is_file() else b"")
    assert make in (_of_another_program, _of_a_later_version) or [path] == list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    """Instead of a traceback."""
    with pytest.raises(UnusableFile, match=r"^the store \S+/missing/f cannot be opened: unable to open database file$"):
        Database(tmp_path / "missing" / "f")


def test_the_file_is_for_its_owner_alone(tmp_path: Path) -> None:
    """It holds passwords."""
    asyncio.run(Database(tmp_path / "f").close())
    assert 0o600 == (tmp_path / "f").stat().st_mode & 0o777


@pytest.mark.parametrize("version", range(1, VERSION + 1))
async def test_a_file_of_every_version_is_opened(tmp_path: Path, version: int) -> None:
    """With everything that is in it, whatever wrote it."""
    shutil.copy(FILES / f"version-{version}.sqlite", tmp_path / "f")
    async with opened(tmp_path / "f") as (database, store):
        assert VERSION == database.connection.execute("PRAGMA user_version").fetchone()[0]
        memory = MemoryStore()
        await fill(memory)
        assert [record async for record in memory.export()] == [record async for record in store.export()]
        assert [3] == [message.number for message in await store.messages(find("iğne"), now=9, limit=5)]


async def fill(store: Store) -> None:
    """What the files of all versions hold: something of everything."""
    own = batch(5, 9, 9, client_ids=("a", "", "b"))
    await store.apply(
        [
            OPENED,
            Charged("u", 1, Decimal("3.5"), FIRST, "K", 3, 1),
            Accepted(own),
            Accepted(batch(3, first=FIRST + 3, text="Kod İĞNE 4711", app_id="app")),
            Accepted(batch(7, 8, first=FIRST + 4, push_url=HOOK)),
            RefundPlanned("u", 9, Decimal("0.5"), FIRST, "K", 1, 1),
            RefundPlanned("u", 4, Decimal("0.25"), FIRST + 3, "K", 1, 1),
            AccountSet(Account("v", "q", titles=("A",), prices={"turkcell": Decimal("0.07")}), 2),
        ]
    )
    await store.apply([Replanned(1, plan(9, Status.NOT_ALLOWED)), Deleted((2,))])
    await store.apply([Charged("u", 6, Decimal(1), FIRST + 3, "K", 1, 1)])
    await store.take_reports(ReportQuery("u", 5), 1)


def find(words: str) -> MessageQuery:
    return MessageQuery(words=words_of(words))


def test_the_numbers_of_words_cover_all_words() -> None:
    """Every status and every kind of ledger line can be kept, each under a number of its own."""
    assert (set(Status), len(Status)) == (set(STATUSES), len(STATUSES))
    assert (set(LedgerKind), len(LedgerKind)) == (set(LEDGER_KINDS), len(LEDGER_KINDS))


# --- upkeep ----------------------------------------------------------------------------------------------------------


async def test_cleared_contents_leave_no_rows(tmp_path: Path) -> None:
    """They are deleted afterwards, also by the next server, and another space keeps its own."""
    path = tmp_path / "f"
    async with opened(path) as (database, store):
        other = SqliteStore(database, database.space("other"), index_after=1)
        for each in (store, other):
            await fill(each)
        await database.upkeep.rest()
        expected = [record async for record in other.export()]
        await database.upkeep.stop()
        await store.clear()
        assert 3 == rows(database, "contents")
    async with opened(path) as (database, store):
        other = SqliteStore(database, database.space("other"))
        await store.apply([OPENED])
        await store.kept()
        await database.upkeep.rest()
        assert expected == [record async for record in other.export()]
        assert [3] == [message.number for message in await other.messages(find("iğne"), now=9, limit=5)]
        await other.clear()
        await store.clear()
        await database.upkeep.rest()
        tables = database.connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'").fetchall()
        left = {name: rows(database, name) for (name,) in tables if not name.startswith(("search", "sqlite"))}
        assert {"spaces": 2, "contents": 2} == {name: count for name, count in left.items() if count}
        found = "SELECT count(*) FROM search WHERE search MATCH '\"kod\"'"
        assert 0 == database.connection.execute(found).fetchone()[0]


def test_a_document_is_the_same_in_every_process() -> None:
    """Its words are in an order that no process chooses: what is deleted is what was added."""
    [(_, words)] = documents(1, 0, batch(0, text="z y x w v u t s"))
    assert sorted(words.split("\n")) == words.split("\n")


async def test_the_log_begins_again(tmp_path: Path) -> None:
    """However much is written, it stays within a bound."""
    path = tmp_path / "f"
    async with opened(path) as (database, store):
        database.upkeep.rows, database.upkeep.pages = 50, 100
        for nth in range(600):
            await send(store, nth) if nth else await store.apply([OPENED])
        await database.upkeep.rest()
        pages = size_of(Path(f"{path}-wal")) // 4096
        assert 20 < pages < 500


TEXTS = st.text("iİıIğĞa4 \n'\"*𝒳", min_size=1, max_size=12)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(
    st.lists(st.tuples(TEXTS, st.integers(1, 40)), min_size=1, max_size=6),
    st.lists(st.tuples(TEXTS, st.booleans()), min_size=1, max_size=8),
    st.integers(0, 5),
)
def test_a_search_finds_what_the_domain_finds(
    tmp_path_factory: pytest.TempPathFactory, sends: list[tuple[str, int]], asked: list[tuple[str, bool]], later: int
) -> None:
    """Words and patterns, in any letters, indexed or not: the index leaves nothing out and lets nothing in."""
    path = tmp_path_factory.mktemp("search") / "f"

    async def compared() -> None:
        memory = MemoryStore()
        async with opened(path) as (database, store):
            first = FIRST
            for nth, (text, size) in enumerate(sends):
                numbers = tuple(f"90532{nth:03}{index:04}" for index in range(size))
                parts = Segmentation(Alphabet.GSM, (text,), 1, 160, "", None, "")
                more = {"text": text, "segmentation": parts, "destinations": numbers, "msisdns": numbers}
                change = Accepted(batch(*[0] * size, first=first, **more))
                first += size
                await memory.apply([change])
                await store.apply([change])
                if nth >= later:
                    await store.piece()
            for word, is_pattern in [*asked, ("0532000000", False), ("5320010003", False), (str(FIRST)[-5:], False)]:
                query = MessageQuery(MessageMatch(text=f"*{word}*")) if is_pattern else find(word)
                for before, after in ((None, -1), (9, 2)):
                    assert await memory.messages(query, now=0, before=before, after=after, limit=99) == (
                        await store.messages(query, now=0, before=before, after=after, limit=99)
                    )
            await database.upkeep.rest()

    asyncio.run(compared())


# --- sizes and work --------------------------------------------------------------------------------------------------


async def test_a_pull_looks_at_what_it_gives(tmp_path: Path) -> None:
    """The work of a pull, with a report or without, does not grow with what is stored."""
    async with opened(tmp_path / "f") as (database, store):
        work = []
        for first in (0, 20):
            await store.apply([Accepted(batch(5, first=FIRST + nth)) for nth in range(first, first * 100 + 20)])
            steps = 0

            def counted() -> None:
                nonlocal steps
                steps += 1

            database.connection.set_progress_handler(counted, 1)
            assert [1, 0] == [len(await store.take_reports(ReportQuery("u", now), 1)) for now in (5, 4)]
            database.connection.set_progress_handler(None, 0)
            work.append(steps)
        assert 20 < work[1] < work[0] * 1.2


async def test_reports_that_are_pulled_by_name_leave_no_rows(tmp_path: Path) -> None:
    """A client that names each message does not make its queue longer, whatever plan the message had."""
    async with opened(tmp_path / "f") as (database, store):
        await store.apply([Accepted(batch(5, first=FIRST + nth)) for nth in range(3)])
        await store.apply([Replanned(1, plan(7))])
        names = tuple(str(FIRST + nth) for nth in range(3))
        assert 3 == len(await store.take_reports(ReportQuery("u", 9, message_ids=names), 1))
        assert 0 == rows(database, "reports")


async def test_a_stored_send_is_small(tmp_path: Path) -> None:
    """With its index entries, its report, its ledger line and the index of its text, at most 600 bytes of the file."""
    path = tmp_path / "f"
    async with opened(path) as (database, store):
        await store.apply([OPENED])
        for nth in range(3000):
            text = f"Sayın müşterimiz, onay kodunuz {nth * 7919 % 1000003:06}. Kobikom"
            numbers = (f"9053{nth * 104729 % 100000007:08}",)
            parts = Segmentation(Alphabet.GSM, (text,), len(text), 160, "", None, "")
            at = 1_790_000_000_000 + nth * 50
            more = {"text": text, "segmentation": parts, "destinations": numbers, "msisdns": numbers}
            charge = Charged("u", at, Decimal("0.07"), FIRST + nth, "Kobikom", 1, 1)
            await store.apply([charge, Accepted(batch(at + 1000, first=FIRST + nth, **more))])
        await store.kept()
        await database.upkeep.rest()
    assert 300 < size_of(path) / 3000 <= 600


# --- the end of the process ------------------------------------------------------------------------------------------

SENDER = """
import asyncio, sys
from tests.emulator.storage.test_sqlite import OPENED, opened, send
from pathlib import Path

async def main():
    async with opened(Path(sys.argv[1])) as (_, store):
        await store.apply([OPENED])
        start = await store.next_number()
        numbers = iter(range(start, 100000))
        async def client():
            for nth in numbers:
                await send(store, nth)
                print(nth, flush=True)
        await asyncio.gather(*[client() for _ in range(8)])

asyncio.run(main())
"""


def test_what_was_acknowledged_survives_a_kill(tmp_path: Path) -> None:
    """After each of three kills in the middle of sends every acknowledged one is there, charged once."""
    path = tmp_path / "f"
    acknowledged: set[int] = set()
    for _ in range(3):
        command = [sys.executable, "-c", SENDER, str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3]) as sender:
            assert sender.stdout is not None
            lines = [sender.stdout.readline() for _ in range(100)]
            sender.kill()
            lines += sender.stdout.read().splitlines(keepends=True)
        acknowledged |= {int(line) for line in lines if line.endswith("\n")}
        asyncio.run(check_kept(path, acknowledged))


async def check_kept(path: Path, acknowledged: set[int]) -> None:
    async with opened(path) as (database, store):
        assert "ok" == database.connection.execute("PRAGMA integrity_check").fetchone()[0]
        size = await store.next_number()
        sent = {first for (first,) in database.connection.execute("SELECT first_id - ? FROM batches", (FIRST,))}
        assert acknowledged <= sent
        assert (max(0, 1000 - size), size + 1) == (await store.credit("u", 0), await store.ledger_size("u", now=0))
