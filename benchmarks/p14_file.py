"""P14 to P17: a store in a file with 1,000,000 messages.

In one process, without HTTP. The messages are single sends of different texts and numbers, charged, with a report each.
P14 and P16 compare with a file of 1,000 messages and with an empty one, alternately, by processor time.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from decimal import Decimal
from pathlib import Path
from random import Random

from benchmarks.interleave import after_collection, divided, ratios_async
from benchmarks.p1_send import temporary_folder
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.changes import Accepted, AccountSet, Charged
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.matching import MessageQuery, words_of
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.reports import ReportQuery
from kobikom_emulator.domain.segments import Segmentation
from kobikom_emulator.storage.sqlite import Database, SqliteStore

_WORDS = [
    "kodunuz", "merhaba", "sayin", "siparisiniz", "kargoya", "verildi", "onay", "icin", "giris", "tesekkurler",
    "musterimiz", "kampanya", "indirim", "yarin", "randevunuz", "saat", "adresinize", "teslim", "edilecektir", "bilgi",
]  # fmt: skip
_FIRST_ID = 100_000_000_000_000_000
_START = 1_790_000_000_000
_LATER = _START + 10**10
_TIMES = 100
_TOGETHER = 500


def measure(effort: Effort) -> list[Row]:
    with temporary_folder() as folder:
        return asyncio.run(_measure(effort, folder))


async def _measure(effort: Effort, folder: Path) -> list[Row]:
    files = {size: folder / str(size) for size in (0, 1000, effort.stored)}
    for size, path in files.items():
        await _fill(path, size)
    stored = files[effort.stored]
    many, few = await _on_two(stored, files[1000], effort, _pulls)
    big, empty = await ratios_async(effort.pairs, lambda: _opening(stored), lambda: _opening(files[0]))
    searches = await _with_store(stored, lambda store: _searches(store, effort.pairs))
    size = stored.stat().st_size / effort.stored
    return [
        Result(
            "P14",
            f"file: pull of 1 report, {effort.stored:,} stored ÷ 1,000",
            Bar(2, 1.2),
            divided(many, few),
            f"{min(many) * 1e6:.0f} µs ÷ {min(few) * 1e6:.0f} µs at best",
        ),
        Result("P15", f"file: search without a hit, {effort.stored:,} stored", Bar(50, 10, unit=" ms"), searches),
        Result(
            "P16",
            f"file: start with {effort.stored:,} messages ÷ empty",
            Bar(1.3, 1.05),
            divided(big, empty),
            f"{min(big) * 1e3:.1f} ms ÷ {min(empty) * 1e3:.1f} ms at best",
        ),
        Result("P17", "file: bytes of a single send", Bar(900, 600, unit=" bytes"), (size,)),
    ]


async def _with_store(path: Path, work: Callable[[SqliteStore], Awaitable[tuple[float, ...]]]) -> tuple[float, ...]:
    async with Database(path) as database:
        return await work(SqliteStore(database, database.space("default")))


async def _fill(path: Path, size: int) -> None:
    random = Random(5)
    async with Database(path) as database:
        store = SqliteStore(database, database.space("default"))
        await store.apply([AccountSet(Account("demo", "p", credit=Decimal(10**12)), 0)])
        for number in range(size):
            batch = _batch(number, random)
            charge = Charged("demo", _START + number, Decimal(1), batch.first_id, "Kobikom", 1, 1)
            await store.apply([Accepted(batch), charge])
            if number % _TOGETHER == 0:
                await store.kept()
        await store.kept()
        await database.upkeep.rest()


def _batch(number: int, random: Random) -> Batch:
    text = " ".join([*random.choices(_WORDS, k=7), str(random.randrange(10**6))])
    to = (f"9053{random.randrange(10**8):08}",)
    at = _START + number
    return Batch(
        user="demo",
        first_id=_FIRST_ID + number,
        title="Kobikom",
        text=text,
        segmentation=Segmentation(Alphabet.GSM, (text,), len(text), 160, "", None, ""),
        flash=False,
        destinations=to,
        msisdns=to,
        client_ids=None,
        costs=Decimal(1),
        groups=(RecipientGroup(Plan(at, at, at + 1000, Status.DELIVERED, 0), range(1)),),
    )


async def _on_two(
    many: Path, few: Path, effort: Effort, work: Callable[[SqliteStore], Awaitable[float]]
) -> tuple[list[float], list[float]]:
    async with Database(many) as first, Database(few) as second:
        stores = [SqliteStore(database, database.space("default")) for database in (first, second)]
        return await ratios_async(effort.pairs, lambda: work(stores[0]), lambda: work(stores[1]))


async def _pulls(store: SqliteStore) -> float:
    """Seconds of a pull of one report, each with what is kept of it."""
    with after_collection():
        started = time.process_time()
        for _ in range(_TIMES // 2):
            if not await store.take_reports(ReportQuery("demo", _LATER), 1):
                raise AssertionError("no report")
            await store.kept()
        return (time.process_time() - started) / (_TIMES // 2)


async def _opening(path: Path) -> float:
    """Seconds until the account of a file is known."""
    with after_collection():
        started = time.process_time()
        async with Database(path) as database:
            store = SqliteStore(database, database.space("default"))
            await store.account("demo")
            await store.next_number()
            return time.process_time() - started


async def _searches(store: SqliteStore, times: int) -> tuple[float, ...]:
    """Milliseconds of processor time of searches for words that no text has."""
    spent: list[float] = []
    for word in ("randevumuz", "verilmedi", "indirimsaat")[: max(1, times)] * (times // 3 + 1):
        started = time.process_time()
        if await store.messages(MessageQuery(words=words_of(word)), now=_LATER, limit=50):
            raise AssertionError(f"{word} was found")
        spent.append((time.process_time() - started) * 1e3)
    return tuple(spent)
