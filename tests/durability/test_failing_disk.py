"""A whole server whose disk fails: nothing is acknowledged that is not kept, and it goes on without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.settings.model import ClockSettings

from .conftest import AT_ONCE, Disk, serving
from .wire import Client

NUMBER = "905321234567"
FROZEN = ClockSettings(start=datetime(2026, 1, 31, 9, tzinfo=UTC))


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
        while not disk.waiting:
            await asyncio.sleep(0)
        for _ in range(100):
            await asyncio.sleep(0)
        assert 1 == len(pusher.pushed)
        disk.free.set()
        await sending
        async with Client(server.host, server.port) as other:
            await other.control("POST", "/drain", {"timeout": 20})
        assert 2 == len(pusher.pushed)
