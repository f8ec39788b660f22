"""A database that stops and comes back: what could not be kept is refused, and the servers go on without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from tests.durability.conftest import AT_ONCE
from tests.durability.wire import Client
from tests.postgresql import Cluster, cluster, why_not

from .conftest import serving

NUMBER = "905321234567"


@pytest.fixture(scope="module")
def own_server() -> Iterator[Cluster]:
    """A PostgreSQL server that waits for the disk, for tests that stop it."""
    if reason := why_not():
        pytest.skip(reason)
    with cluster(durable=True) as running:
        yield running


async def test_nothing_is_acknowledged_while_the_database_is_gone(own_server: Cluster) -> None:
    """-26 to a send, 26 to a pull, 503 to the control API; when it is back, everything acknowledged is there (E.2)."""
    store = await own_server.new_database()
    async with serving(store, delivery=AT_ONCE) as one, serving(store, delivery=AT_ONCE) as other:
        before = [(await client.send(NUMBER)).ids[0] for client in (one, other)]
        await asyncio.to_thread(own_server.stop)
        try:
            for client in (one, other):
                assert [-26] == (await client.send(NUMBER)).codes
                assert b"26" == (await client.pull()).body
                assert 503 == (await client.ask("GET", "/_emulator/spaces/default/messages")).status
                assert 503 == (await client.ask("POST", "/_emulator/spaces/default/clock", b'{"advance": 1}')).status
        finally:
            await asyncio.to_thread(own_server.start)
        after = [(await client.send(NUMBER)).ids[0] for client in (other, one)]
        assert 4 == len({*before, *after})
        assert ["996.000"] * 2 == [(await client.balance()).amount for client in (one, other)]
        assert [*before, *after] == (await one.pull()).reports
        for client in (one, other):
            entries = (await client.control("GET", "/journal"))["entries"]
            assert list(range(11, 0, -1)) == [entry["id"] for entry in entries]  # the four refused ones, too


async def test_servers_hear_of_each_other_again(own_server: Cluster) -> None:
    """After the database was stopped, a wait at one server ends by a message at the other."""
    store = await own_server.new_database()
    async with serving(store) as one, serving(store) as other:
        await asyncio.to_thread(own_server.stop)
        await asyncio.to_thread(own_server.start)
        waiting = asyncio.ensure_future(_wait(one))
        await other.send(NUMBER)
        assert 1 == len((await waiting)["messages"])


async def _wait(client: Client) -> dict[str, list[object]]:
    waited: dict[str, list[object]] = await client.control("POST", "/messages/wait", {"count": 1, "timeout": 60})
    return waited


def test_a_commit_without_an_answer_may_be_kept() -> None:
    """A lost connection, a time-out and a server that is stopped leave it open; an error of the commit does not."""
    asyncpg = pytest.importorskip("asyncpg")
    from kobikom_emulator.storage.postgresql.connections import leaves_it_open

    lost = (ConnectionResetError(), TimeoutError(), asyncpg.AdminShutdownError(""), asyncpg.InterfaceError(""))
    certain = (asyncpg.DiskFullError(""), asyncpg.ReadOnlySQLTransactionError(""), ValueError())
    assert [True] * 4 + [False] * 3 == [leaves_it_open(error) for error in (*lost, *certain)]
