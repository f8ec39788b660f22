"""A whole server whose disk fails: nothing is acknowledged that is not kept, and it goes on without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from kobikom_emulator.bootstrap import RunningServer
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.storage.sqlite import Database

from .conftest import AT_ONCE, FROZEN, Disk, serving
from .wire import SMS, Client, order

NUMBER = "905321234567"


async def test_a_connection_goes_on_after_the_disk_failed(tmp_path: Path, disk: Disk) -> None:
    """What was not kept of one request does not refuse the next one of the same connection."""
    async with serving(tmp_path / "f", disk, clock=FROZEN) as server, Client(server.host, server.port) as client:
        await client.send(NUMBER)
        await client.control("POST", "/clock", {"advance": 60})
        disk.failing = True
        assert [-26] == (await client.send(NUMBER)).codes
        assert b"26" == (await client.pull()).body
        disk.failing = False
        assert [[0], [0]] == [(await client.send(NUMBER)).codes for _ in range(2)]


async def test_what_is_perhaps_kept_is_marked(tmp_path: Path, disk: Disk) -> None:
    """The commit is made and its synchronization fails: the message stays, and the reports are not given again (R-03).

    The journal says so of the send and of the pull that were refused, and of no query.
    """
    async with serving(tmp_path / "f", disk, delivery=AT_ONCE) as server, Client(server.host, server.port) as client:
        await client.send(NUMBER)
        disk.failing = True
        assert b"26" == (await client.pull()).body
        assert [-26] == (await client.send(NUMBER)).codes
        await client.balance()
        disk.failing = False
        await client.send(NUMBER)
        assert 2 == len((await client.pull()).reports)
        entries = (await client.control("GET", "/journal"))["entries"]
        marked = [entry["id"] for entry in entries if "may be kept all the same" in str(entry)]
        assert ["send", "pull"] == [entry["operation"] for entry in entries if entry["id"] in marked]
        assert 3 == len((await client.control("GET", "/messages"))["messages"])


async def test_what_is_certainly_undone_is_not_marked(tmp_path: Path, disk: Disk) -> None:
    """The commit itself fails: the reports are given to the next that asks."""
    async with serving(tmp_path / "f", disk, delivery=AT_ONCE) as server, Client(server.host, server.port) as client:
        await client.send(NUMBER)
        repair = forbid(server, disk)
        assert b"26" == (await client.pull()).body
        repair()
        assert 1 == len((await client.pull()).reports)
        assert "may be kept all the same" not in str(await client.control("GET", "/journal"))


class FakePusher:
    """Keeps what is pushed; every report is taken."""

    def __init__(self) -> None:
        self.pushed: list[bytes] = []

    async def push(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> PushResult:
        self.pushed.append(body)
        return PushResult(PushResponse(200))

    def address_problem(self, url: str) -> str:
        return ""

    async def close(self) -> None:
        """Nothing is open."""


HOOK = "http://127.0.0.1:9/"


async def test_pushes_go_on_after_the_disk_failed(tmp_path: Path, disk: Disk) -> None:
    """Also where the request that made the first push necessary was not kept."""
    pusher = FakePusher()
    async with (
        serving(tmp_path / "f", disk, pusher=pusher, clock=FROZEN) as server,
        Client(server.host, server.port) as client,
    ):
        disk.failing = True
        assert [-26] == (await client.send(NUMBER, push_url=HOOK)).codes
        disk.failing = False
        sent = await client.send(NUMBER, push_url=HOOK)
        await client.control("POST", "/clock", {"advance": 60})
        await client.control("POST", "/drain", {"timeout": 20})
        assert [True] == [sent.ids[0].encode() in body for body in pusher.pushed if b"100000001" not in body]


async def test_no_report_is_pushed_of_a_message_that_may_be_undone(tmp_path: Path, disk: Disk) -> None:
    """A report that is due at once waits until its message is kept."""
    pusher = FakePusher()
    async with (
        serving(tmp_path / "f", disk, pusher=pusher, delivery=AT_ONCE) as server,
        Client(server.host, server.port) as client,
    ):
        await client.send(NUMBER, push_url=HOOK)
        await client.control("POST", "/drain", {"timeout": 20})
        disk.free.clear()
        sending = asyncio.ensure_future(client.send(NUMBER, push_url=HOOK))
        await asyncio.to_thread(disk.waiting.wait, 20)
        for _ in range(100):
            await asyncio.sleep(0)
        assert 1 == len(pusher.pushed)
        disk.free.set()
        await sending
        async with Client(server.host, server.port) as other:
            await other.control("POST", "/drain", {"timeout": 20})
        assert 2 == len(pusher.pushed)


# --- each kind of failure --------------------------------------------------------------------------------------------


def fail(server: RunningServer, disk: Disk) -> Callable[[], None]:
    """The log cannot be synchronized."""
    disk.failing = True
    return lambda: setattr(disk, "failing", False)


def fill(server: RunningServer, disk: Disk) -> Callable[[], None]:
    """No page can be added."""
    connection = database_of(server).connection
    connection.execute("PRAGMA max_page_count = 1")
    return lambda: connection.execute("PRAGMA max_page_count = 1000000") and None


def forbid(server: RunningServer, disk: Disk) -> Callable[[], None]:
    """Nothing can be written."""
    connection = database_of(server).connection
    connection.execute("PRAGMA query_only = ON")
    return lambda: connection.execute("PRAGMA query_only = OFF") and None


def move(server: RunningServer, disk: Disk) -> Callable[[], None]:
    """The file is not where it was."""
    path = Path(database_of(server).path)
    path.rename(f"{path}-elsewhere")
    return lambda: Path(f"{path}-elsewhere").rename(path) and None


def replace(server: RunningServer, disk: Disk) -> Callable[[], None]:
    """There is another file where the log was."""
    path = Path(database_of(server).path + "-wal")
    path.rename(f"{path}-elsewhere")
    path.write_bytes(b"")
    return lambda: Path(f"{path}-elsewhere").replace(path) and None


def database_of(server: RunningServer) -> Database:
    assert server._database is not None
    return server._database


@pytest.mark.parametrize("break_store", [fail, fill, forbid, move, replace])
async def test_nothing_is_acknowledged_that_is_not_kept(
    tmp_path: Path, disk: Disk, break_store: Callable[[RunningServer, Disk], Callable[[], None]]
) -> None:
    """-26 or 503 while the store fails; then it goes on without a restart, and a restart changes nothing."""
    path, acknowledged = tmp_path / "f", list[str]()
    async with serving(path, disk, clock=FROZEN) as server, Client(server.host, server.port) as client:
        acknowledged += (await client.send(NUMBER)).ids
        repair = break_store(server, disk)
        for text in ("a" * 900, "b" * 900) * 50:
            sent = await client.ask("POST", SMS, order(*[NUMBER] * 20, text=text))
            acknowledged += sent.ids
            if sent.codes == [-26]:
                break
        else:
            raise AssertionError("everything was kept")
        refused = await client.ask("PATCH", "/_emulator/spaces/default/accounts/test", b'{"titles": ["KOBIKOM"]}')
        opened = await client.ask("POST", "/_emulator/spaces", b'{"name": "team", "accounts": [{"user": "x"}]}')
        assert [503, 503] == [answer.status for answer in (refused, opened)] or break_store is fill
        assert b"<miktar>" in (await client.balance()).body
        repair()
        await client.control("PATCH", "/accounts/test", {"titles": ["Kobikom"]})
        acknowledged += (await client.send(NUMBER)).ids
        before = await client.control("GET", "/messages?limit=1000"), await client.control("GET", "/ledger?limit=1000")
    async with serving(path, clock=FROZEN) as server, Client(server.host, server.port) as client:
        after = await client.control("GET", "/messages?limit=1000"), await client.control("GET", "/ledger?limit=1000")
        assert before == after
        ids = {message["id"] for message in after[0]["messages"]}
        assert set(acknowledged) <= ids
        assert 1000 - len(ids) == float((await client.balance()).amount)
        await client.control("POST", "/clock", {"advance": 60})
        assert sorted(ids) == sorted((await client.pull()).reports)
