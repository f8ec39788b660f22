"""Pushes on the manual clock: what is posted, when, and the retry ladder (S-19)."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.gateway.push_loop import PushLoop
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.ports import PushResponse, PushResult

TURKCELL = "905321234567"
URL = "http://127.0.0.1:9/dlr"
FAILED = PushResult(PushResponse(500))


@asynccontextmanager
async def dispatching(kobikom: Any) -> AsyncIterator[Callable[..., Any]]:
    """The push loop; yields a function that moves the clock and lets the loop do what is due."""
    task = asyncio.create_task(PushLoop(kobikom.space).run())

    async def later(seconds: float = 0) -> None:
        if seconds:
            kobikom.later(seconds)
        for _ in range(60):
            await asyncio.sleep(0)
        if task.done():
            task.result()

    yield later
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def send(kobikom: Any, *numbers: str, **more: Any) -> None:
    await kobikom.posted(kobikom.body(kobikom.block(*numbers, **more)))


async def test_a_report_is_posted_once_when_it_is_final(kobikom: Any) -> None:
    """The document a pull would have given, to the address of the message, and never pulled (S-19)."""
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, ids=["a"], pushurl=URL)
        await later(0.999)
        assert [] == kobikom.pusher.pushed
        await later(0.001)
        document = (
            b'<DeliveryReport>\n<message id="a" sentdate="2026/1/31 9:0:0" donedate="2026/1/31 9:0:1"'
            b' status="DELIVERED" gsmerror="0"/>\n</DeliveryReport>'
        )
        assert [(URL, document)] == kobikom.pusher.pushed
        await later(86_400)
        assert 1 == len(kobikom.pusher.pushed)
        assert b"NO_DATA" == await kobikom.pulled()
        assert b"NO_DATA" == await kobikom.pulled(messageid="a")
    entry = kobikom.journal()[1]
    assert ("push", "pushed", URL) == (entry["operation"], entry["outcome"], entry["request"]["target"])


@pytest.mark.parametrize(
    ("fields", "default", "pushed"),
    [
        ({}, "", []),
        ({"nopush": "0", "pushurl": URL}, "", [URL]),
        ({"nopush": "1", "pushurl": URL}, "", []),
        ({}, "http://127.0.0.1/own", ["http://127.0.0.1/own"]),
        ({"pushurl": URL}, "http://127.0.0.1/own", [URL]),
        ({"nopush": "1"}, "http://127.0.0.1/own", []),
        ({"nopush": "", "pushurl": " "}, "", []),
    ],
)
async def test_who_is_pushed_to(
    world: Callable[..., Any], fields: dict[str, str], default: str, pushed: list[str]
) -> None:
    """The message's address, else the account's, else the report waits for a pull (S-19)."""
    kobikom = world(accounts=[Account("test", "test", push_url=default)])
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, **fields)
        await later(1)
        assert pushed == [url for url, _ in kobikom.pusher.pushed]
        assert (b"NO_DATA" == await kobikom.pulled()) is bool(pushed)


async def test_the_retry_ladder(kobikom: Any) -> None:
    """After 1, 2, 5 and 10 minutes, then the report is lost, to pulls as well (S-19)."""
    kobikom.pusher.always = FAILED
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, pushurl=URL)
        await later(1)
        attempts = [len(kobikom.pusher.pushed)]
        for minutes in (1, 2, 5, 10):
            await later(minutes * 60 - 0.001)
            attempts.append(len(kobikom.pusher.pushed))
            await later(0.001)
            attempts.append(len(kobikom.pusher.pushed))
        await later(86_400)
        attempts.append(len(kobikom.pusher.pushed))
        assert [1, 1, 2, 2, 3, 3, 4, 4, 5, 5] == attempts
        assert b"NO_DATA" == await kobikom.pulled()
    outcomes = [entry["outcome"] for entry in kobikom.journal() if entry["operation"] == "push"]
    assert ["postponed"] * 4 + ["lost"] == outcomes


async def test_a_retry_can_succeed(kobikom: Any) -> None:
    """After a success the push is not repeated (S-19)."""
    kobikom.pusher.script = [FAILED, FAILED]
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, pushurl=URL)
        await later(1)
        await later(60)
        await later(120)
        await later(86_400)
    assert 3 == len(kobikom.pusher.pushed)
    assert "pushed" == [entry for entry in kobikom.journal() if entry["operation"] == "push"][-1]["outcome"]


async def test_a_long_leap_climbs_the_whole_ladder(kobikom: Any) -> None:
    """The attempts are made one after the other, however far the clock was moved (S-19)."""
    kobikom.pusher.script = [FAILED] * 3
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, pushurl=URL)
        await later(86_400)
    assert 4 == len(kobikom.pusher.pushed)
    assert ["09:00:01", "09:01:01", "09:03:01", "09:08:01"] == [
        _turkish(entry["at"]) for entry in kobikom.journal() if entry["operation"] == "push"
    ]


def _turkish(at: str) -> str:
    hour, rest = at[11:19].split(":", 1)
    return f"{int(hour) + 3:02}:{rest}"


async def test_an_address_that_may_not_be_pushed_to_is_given_up_at_once(kobikom: Any) -> None:
    """An address that is not allowed is recorded in the journal as refused (S-19)."""
    kobikom.pusher.always = PushResult(error="not private", refused=True)
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, pushurl=URL)
        await later(86_400)
    assert 1 == len(kobikom.pusher.pushed)
    entry = kobikom.journal()[-1]
    assert ("refused", "S-19") == (entry["outcome"], entry["explanation"][0]["clause"])


async def test_many_pushes_are_all_made(kobikom: Any) -> None:
    """More than go together, each once, beside reports that wait for a pull (S-19, R-03)."""
    async with dispatching(kobikom) as later:
        await send(kobikom, *[TURKCELL] * 100, pushurl=URL)
        await send(kobikom, *[TURKCELL] * 5)
        await later(1)
        for _ in range(20):
            await later()
        assert 100 == len({body for _, body in kobikom.pusher.pushed}) == len(kobikom.pusher.pushed)
        assert 5 == len(kobikom.read_reports(await kobikom.pulled()))


async def test_a_reset_during_a_push_leaves_the_loop_alive(kobikom: Any) -> None:
    """A push that was under way at a reset changes nothing in the space afterwards (S-19)."""
    gate = kobikom.pusher.gate = asyncio.Event()
    async with dispatching(kobikom) as later:
        await send(kobikom, TURKCELL, pushurl=URL)
        await later(1)
        assert 1 == len(kobikom.pusher.pushed)
        await SpaceOperations(kobikom.space, kobikom.gateway.spaces).reset()
        await send(kobikom, TURKCELL, ids=["new"], pushurl=URL)
        gate.set()
        await later(1)
        await later(1)
    assert [False, True] == [b'id="new"' in body for _, body in kobikom.pusher.pushed]
