"""Pushes to one receiver never wait for another, and how many go at one time is bounded (S-19)."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from kobikom_emulator.gateway.push_loop import PushLoop
from kobikom_emulator.gateway.push_slots import PushSlots
from kobikom_emulator.ports import PushResponse, PushResult

TURKCELL = "905321234567"
SILENT = [f"http://10.0.0.{nth}:9000/dlr" for nth in range(1, 11)]
HEALTHY = "http://127.0.0.1:9000/dlr"


class Receivers:
    """A pusher whose silent receivers answer when the test says so."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.done: list[bytes] = []
        self.running: dict[str, int] = {}
        self.most: dict[str, int] = {}
        self.most_together = 0
        self.silent: set[str] = set(SILENT)
        self.answer = PushResult(PushResponse(200))
        self.speak = asyncio.Event()
        self.turns = 0

    async def push(self, url: str, body: bytes) -> PushResult:
        self.begun.append(url)
        self.running[url] = self.running.get(url, 0) + 1
        self.most[url] = max(self.most.get(url, 0), self.running[url])
        self.most_together = max(self.most_together, sum(self.running.values()))
        try:
            for _ in range(self.turns):
                await asyncio.sleep(0)
            if url in self.silent:
                await self.speak.wait()
                return PushResult(error="no answer")
            self.done.append(body)
            return self.answer
        finally:
            self.running[url] -= 1

    def address_problem(self, url: str) -> str:
        return ""

    async def close(self) -> None:
        return None


@contextlib.asynccontextmanager
async def pushing(kobikom: Any, slots: PushSlots | None = None) -> Any:
    """The push loop of a space with such receivers; yields them and a function that lets everything happen."""
    receivers = kobikom.space.pusher = Receivers()
    task = asyncio.create_task(PushLoop(kobikom.space, slots).run())

    async def settle() -> None:
        before = -1
        while before != len(receivers.begun) + len(receivers.done):
            before = len(receivers.begun) + len(receivers.done)
            for _ in range(60 + receivers.turns):
                await asyncio.sleep(0)
        if task.done():
            task.result()

    try:
        yield receivers, settle
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def send(kobikom: Any, url: str, count: int, prefix: str = "") -> None:
    ids = [f"{prefix}{nth}" for nth in range(count)] if prefix else []
    await kobikom.posted(kobikom.body(kobikom.block(*[TURKCELL] * count, ids=ids, pushurl=url)))


async def test_a_healthy_receiver_does_not_wait_for_silent_ones(kobikom: Any) -> None:
    """Ten silent receivers with forty reports each, all due before: the healthy one gets its own, in their order."""
    async with pushing(kobikom) as (receivers, settle):
        for url in SILENT:
            await send(kobikom, url, 40)
        kobikom.later(1)
        await settle()
        assert dict.fromkeys(SILENT, 1) == receivers.running
        await send(kobikom, HEALTHY, 20, "h")
        kobikom.later(1)
        await settle()
        order = [int(body.partition(b'id="h')[2].partition(b'"')[0]) for body in receivers.done]
        assert list(range(20)) == order


async def test_a_receiver_that_answers_500_slowly_hurts_only_itself(kobikom: Any) -> None:
    """Its failures put it back to one push at a time; those of the other go on."""
    slow = SILENT[0]
    async with pushing(kobikom) as (receivers, settle):
        receivers.silent = {slow}
        await send(kobikom, slow, 320)
        await send(kobikom, HEALTHY, 50)
        kobikom.later(1)
        await settle()
        assert 50 == len(receivers.done)
        for _ in range(3):
            receivers.speak.set()
            await asyncio.sleep(0)
            receivers.speak.clear()
            await settle()
        assert (1, 50) == (receivers.most[slow], len(receivers.done))


async def test_how_many_go_at_one_time_is_bounded(kobikom: Any) -> None:
    """To one receiver, growing while it takes reports, and in all."""
    async with pushing(kobikom, PushSlots(each=4, total=7)) as (receivers, settle):
        receivers.turns = 3
        await send(kobikom, HEALTHY, 60)
        kobikom.later(1)
        await settle()
        assert (60, 4) == (len(receivers.done), receivers.most[HEALTHY])
        for url in SILENT:
            await send(kobikom, url, 2)
        kobikom.later(1)
        await settle()
        assert 7 == receivers.most_together == sum(receivers.running.values())


async def test_slots_are_shared_by_the_spaces_of_a_server(world: Callable[..., Any]) -> None:
    """A slot that one space gives back is used by another that waits for it."""
    slots = PushSlots(total=1)
    one, other = world(), world()
    async with pushing(one, slots) as (first, settle), pushing(other, slots) as (second, _):
        await send(one, SILENT[0], 1)
        one.later(1)
        await settle()
        await send(other, HEALTHY, 3)
        other.later(1)
        await settle()
        assert (1, 0) == (len(first.begun), len(second.begun))
        first.speak.set()
        await settle()
        await settle()
        assert 3 == len(second.done)
    assert 1 == slots.free


async def test_the_retry_ladder_of_a_silent_receiver_is_kept(kobikom: Any) -> None:
    """Five attempts for each report, as for any other, on a clock that is moved."""
    async with pushing(kobikom) as (receivers, settle):
        receivers.speak.set()
        await send(kobikom, SILENT[0], 3)
        kobikom.later(1)
        await settle()
        for minutes in (1, 2, 5, 10):
            kobikom.later(minutes * 60)
            await settle()
        kobikom.later(86_400)
        await settle()
        assert 15 == len(receivers.begun)
        assert await kobikom.space.store.next_push() is None


async def test_what_was_not_delivered_at_a_stop_stays_pending(kobikom: Any) -> None:
    """A push without an answer is pending afterwards, one with a 2xx head is not, even if its body was still coming."""
    coming = asyncio.Event()

    async def rest() -> PushResponse:
        await coming.wait()
        return PushResponse(200)

    async with pushing(kobikom) as (receivers, settle):
        receivers.answer = PushResult(PushResponse(200, complete=False), rest=rest)
        await send(kobikom, SILENT[0], 1)
        await send(kobikom, HEALTHY, 1)
        kobikom.later(1)
        await settle()
    due = await kobikom.space.store.due_pushes(kobikom.clock.now(), 10)
    assert [(SILENT[0], 1)] == [(push.batch.push_url, push.attempt) for push in due]
    assert ["pushed"] == [entry["outcome"] for entry in kobikom.journal() if entry["operation"] == "push"]


async def test_a_push_is_delivered_by_its_head(kobikom: Any) -> None:
    """While the body is still coming the report is gone already; a body that is cut is noted, with its reason."""
    coming = asyncio.Event()

    async def rest() -> PushResponse:
        await coming.wait()
        return PushResponse(200, body=b"O", complete=False, cut="the connection ended before the body was complete")

    async with pushing(kobikom) as (receivers, settle):
        receivers.answer = PushResult(PushResponse(200, complete=False), rest=rest)
        await send(kobikom, HEALTHY, 1)
        kobikom.later(1)
        await settle()
        assert await kobikom.space.store.next_push() is None
        coming.set()
        await settle()
    (entry,) = [entry for entry in kobikom.journal() if entry["operation"] == "push"]
    assert ("pushed", ["attempt 1: HTTP 200", "the connection ended before the body was complete"]) == (
        entry["outcome"], [note["found"] for note in entry["explanation"]]
    )  # fmt: skip


@pytest.mark.parametrize("frozen", [True, False], ids=["manual clock", "running clock"])
async def test_a_healthy_receiver_is_served_on_either_clock(kobikom: Any, frozen: bool) -> None:
    """A report that becomes due while pushes to others are under way is pushed when the clock reaches it."""
    pushed = asyncio.Event()

    async with pushing(kobikom) as (receivers, settle):
        await send(kobikom, SILENT[0], 100)
        kobikom.later(1)
        await settle()
        took = receivers.push

        async def push(url: str, body: bytes) -> PushResult:
            result = await took(url, body)
            pushed.set()
            return result

        receivers.push = push  # type: ignore[method-assign]
        await send(kobikom, HEALTHY, 1)
        assert not receivers.done
        if frozen:
            kobikom.later(1)
        else:
            kobikom.clock.run(rate=1000)
        await waited(pushed.wait())
        assert 1 == len(receivers.done)


async def waited(event: Awaitable[Any]) -> None:
    async with asyncio.timeout(20):
        await event


async def test_without_memory_a_push_stays_pending(kobikom: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is made again a little later, and the pushes of the space go on."""
    monkeypatch.setattr("kobikom_emulator.gateway.push_loop.PAUSE", 0.0)
    async with pushing(kobikom) as (receivers, settle):
        took, failures = receivers.push, [MemoryError(), MemoryError()]

        async def push(url: str, body: bytes) -> PushResult:
            if failures:
                raise failures.pop()
            return await took(url, body)

        receivers.push = push  # type: ignore[method-assign]
        await send(kobikom, HEALTHY, 2)
        kobikom.later(1)
        await settle()
        await settle()
        assert 2 == len(receivers.done)
