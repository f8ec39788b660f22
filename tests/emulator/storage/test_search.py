"""A search looks only at messages that it may find, and deleted messages leave no memory behind."""

import tracemalloc
from typing import Any

import pytest

from kobikom_emulator.domain.changes import Accepted, Deleted, Replanned
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery, words_of
from kobikom_emulator.domain.search import search_query
from kobikom_emulator.domain.states import BatchRecord
from kobikom_emulator.storage.memory import MemoryStore

from .conftest import SyncStore
from .test_store import FIRST, batch

BLOCKS = 50
SIZE = 20


@pytest.fixture
def full(request: pytest.FixtureRequest) -> Any:
    """A store of 50 full blocks of 20 messages; one in the middle has a title, text and number of its own."""
    memory = MemoryStore(block_size=SIZE)

    class Opened:
        async def __aenter__(self) -> MemoryStore:
            return memory

        async def __aexit__(self, *_: object) -> None:
            """Nothing is open."""

    with SyncStore(lambda _: Opened()) as store:  # type: ignore[arg-type]  # it opens nothing
        for number in range(BLOCKS * SIZE):
            special = number == 500
            numbers = ("905559990000",) if special else (f"9053200{number:05}",)
            store.apply(
                Accepted(
                    batch(
                        10, first=FIRST + number, msisdns=numbers, destinations=numbers,
                        title="Nadir" if special else "K", text="Kod İĞNE 4711" if special else f"Merhaba {number}",
                        user="v" if special else "u",
                    )
                )
            )  # fmt: skip
        yield store


@pytest.mark.parametrize(
    "query",
    [
        MessageQuery(MessageMatch(to="0555 999 00 00")),
        MessageQuery(MessageMatch(to="*9990000")),
        MessageQuery(MessageMatch(title="N?dir")),
        MessageQuery(MessageMatch(title="Nadir")),
        MessageQuery(MessageMatch(text="Kod*4711")),
        MessageQuery(MessageMatch(user="v")),
        MessageQuery(words=words_of("iğne")),
        MessageQuery(words=words_of("0555 999 00 00")),
        MessageQuery(words=(str(FIRST + 500),)),
    ],
    ids=str,
)
def test_a_search_skips_the_blocks_that_cannot_match(full: Any, query: MessageQuery) -> None:
    """Of 1,000 messages only those of the block are looked at in which the one message is that matches."""
    before = full.store.looked_at
    assert [500] == [message.number for message in full.messages(query)]
    assert full.store.looked_at - before <= SIZE


def test_a_status_is_looked_for_where_it_can_be(full: Any) -> None:
    """Before an outcome is forced no message can be REJECTED; afterwards, in one block only."""
    rejected = MessageQuery(MessageMatch(status="REJECTED"))
    assert ([], 0) == (full.messages(rejected, now=20), full.store.looked_at)
    full.apply(Replanned(321, Plan(0, 0, 15, Status.REJECTED, 0)))
    assert [] == full.messages(rejected, now=14)
    before = full.store.looked_at
    assert [321] == [message.number for message in full.messages(rejected, now=15)]
    assert full.store.looked_at - before <= SIZE


def test_a_page_looks_at_the_messages_on_it(full: Any) -> None:
    """The first page, and any other one, does not look at more messages than it shows."""
    for before in (None, 900, 3):
        looked_at = full.store.looked_at
        full.messages(before=before, limit=10)
        assert full.store.looked_at - looked_at <= 11


def test_deleted_messages_are_forgotten(full: Any) -> None:
    """Their memory is free again, whatever had been searched, and what is left is found under the same numbers."""
    full.messages(MessageQuery(words=("missing",)))
    tracemalloc.start()
    try:
        before, _ = tracemalloc.get_traced_memory()
        for number in range(BLOCKS * SIZE, BLOCKS * SIZE + 3000):
            full.apply(Accepted(batch(10, first=FIRST + number, text=f"{number} " * 100)))
        full.messages(MessageQuery(words=("missing",)))
        full.apply(Deleted(range(BLOCKS * SIZE, BLOCKS * SIZE + 3000)))
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 600_000  # of 5 MB
    assert (BLOCKS * SIZE, BLOCKS * SIZE + 3000) == (full.count(), full.next_number())
    assert [999, 998] == [message.number for message in full.messages(limit=2)]
    assert full.message(str(FIRST + 500)) == full.numbered(500)[0]


def test_the_newest_number_is_never_given_again(full: Any) -> None:
    """After everything was deleted an export still says which number comes next, and an import goes on there."""
    full.apply(Deleted(range(BLOCKS * SIZE)))
    records = full.export()
    assert [BLOCKS * SIZE - 1] == [record.number for record in records if isinstance(record, BatchRecord)]
    full.replace(records)
    assert (0, BLOCKS * SIZE) == (full.count(), full.next_number())


SEARCHES = (
    "", "kodunuz", "KODUNUZ deniz", '"kodunuz 123"', "-kodunuz", "-deniz -kod", "iki", "0007", "4711", "-4711",
    "order-3",
    "sifir\0", "İĞNE", "to:0532", "to:05*7", "-to:905320000007", "title:k", "title:n?dir", "-title:nadir", "user:v",
    "-user:v", "text:kod*süre", "text:deniz", "status:failed", "status:rejected", "-status:delivered",
    "status:pending", "status:scheduled", "code:123456", "code:1234", "code:99", "-code:1", "is:code", "-is:code",
    "is:cut", "is:unicode", "before:1970-01-01T02:00:00.006", "after:1970-01-01T02:00:00.006", "e status:failed -kod",
)  # fmt: skip
TEXTS = (
    "Kodunuz 123 456, süre 5 dk", "Merhaba deniz", "DENİZ kıyısı", "sıfır\0içinde", "iki\nsatır", "Kod 4711", "İĞNE 😀",
    "no 1970",
)  # fmt: skip


def test_every_search_finds_what_it_says(store: Any) -> None:
    """A store lists and counts the messages that a query includes, and no others: batches of one and of many, forced
    outcomes and deleted messages among them.
    """
    first = FIRST
    for nth in range(24):
        size = 3 if nth % 6 == 5 else 1
        numbers = tuple(f"90532000{nth:02}{index:02}" for index in range(size))
        done = [5 + (nth + index) % 2 for index in range(size)]
        given = batch(
            *done, first=first, user="v" if nth % 5 == 4 else "u", msisdns=numbers,
            destinations=tuple("0" + number[2:] for number in numbers) if nth % 4 == 3 else numbers,
            title="Nadir" if nth % 7 == 6 else "K", text=TEXTS[nth % len(TEXTS)],
            client_ids=tuple(f"order-{nth + index}" for index in range(size)) if nth % 3 == 2 else None,
        )  # fmt: skip
        store.apply(Accepted(given))
        first += size
    store.apply(Replanned(3, Plan(0, 0, 4, Status.REJECTED, 0)), Replanned(6, Plan(0, 7, 9, Status.NOT_SENT, 0)))
    store.apply(Deleted([0, 7, 12]))
    for now in (4, 5, 20):
        everything = store.messages(now=now)
        for typed in SEARCHES:
            query = search_query(typed)
            expected = [message.number for message in everything if query.includes(message, now)]
            assert (typed, expected) == (typed, [message.number for message in store.messages(query, now=now)])
            for after in (-1, 0, 6, 17, 40):  # 6 is within a batch of three
                newer = sum(number > after for number in expected)
                assert (typed, after, newer) == (typed, after, store.count(query, now=now, after=after))
