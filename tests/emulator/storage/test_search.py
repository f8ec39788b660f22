"""A search looks only at messages that it may find, and deleted messages leave no memory behind."""

import tracemalloc
from typing import Any

import pytest

from kobikom_emulator.domain.changes import Accepted, Deleted, Replanned
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery, words_of
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
