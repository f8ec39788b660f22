"""A request that does not have to wait is answered in the step of the event loop that received it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Generator
from pathlib import Path
from typing import Any, cast

import pytest
from raw_http import BALANCE, PULL, asking, order

from kobikom_emulator import Emulator
from kobikom_emulator.server.resumption import rest_of


class Wire:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def get_extra_info(self, _: str) -> None: ...

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True


def answered_at_once(pieces: list[bytes], **settings: Any) -> tuple[int, int]:
    """How many answers are written when `receive` returns, and how many tasks were made."""
    tasks = 0

    def count(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
        nonlocal tasks
        tasks += 1
        return asyncio.Task(coroutine, loop=loop, **more)

    async def main() -> tuple[int, int]:
        async with Emulator(settings) as emulator:
            wire, connection = Wire(), emulator.running._listener()
            connection.connection_made(cast("asyncio.Transport", wire))
            asyncio.get_running_loop().set_task_factory(cast("Any", count))
            for piece in pieces:
                connection.receive(piece)
            asyncio.get_running_loop().set_task_factory(None)
            written, made = len(wire.written), tasks
            wire.closed = True
            if (work := connection.answering.work) is not None:
                await work
            connection.connection_lost(None)
            return written, made

    return asyncio.run(main())


SEND_IN_PIECES = [asking(order())[:20], asking(order())[20:-9], asking(order())[-9:]]


@pytest.mark.parametrize(
    "pieces",
    [[asking(order())], [asking(BALANCE)], [asking(None, target=PULL)], [asking(None, target="/no")], SEND_IN_PIECES],
    ids=["send", "balance", "pull", "wrong path", "send in pieces"],
)
def test_no_task_is_made_for_it(pieces: list[bytes]) -> None:
    """Whether it comes in one piece or more, it is answered when its last byte comes."""
    assert (1, 0) == answered_at_once(pieces)


def test_a_send_that_waits_for_its_store_has_no_task(tmp_path: Path) -> None:
    """It is answered after the commit; two that come together are answered in their order."""
    tasks = list[Any]()

    def count(loop: asyncio.AbstractEventLoop, coroutine: Any, **more: Any) -> asyncio.Task[Any]:
        tasks.append(coroutine)
        return asyncio.Task(coroutine, loop=loop, **more)

    async def main() -> list[int]:
        loop = asyncio.get_running_loop()
        async with Emulator({"store": str(tmp_path / "f")}) as emulator:
            wire, connection = Wire(), emulator.running._listener()
            connection.connection_made(cast("asyncio.Transport", wire))
            loop.set_task_factory(cast("Any", count))
            connection.receive(asking(order()) * 2)
            answered = [len(wire.written)]
            while len(wire.written) < 2:
                assert connection.answering.work is not None
                await asyncio.wait([connection.answering.work])
            loop.set_task_factory(None)
            connection.connection_lost(None)
            ids = [int(body.partition(b"<messageid>")[2].partition(b"</messageid>")[0]) for body in wire.written]
            return [*answered, len(wire.written), len(tasks), ids[1] - ids[0]]

    assert [0, 2, 0, 1] == asyncio.run(main())


def test_what_waits_has_a_task() -> None:
    """The control API, and an answer that a fault rule delays."""
    assert (0, 1) == answered_at_once([asking(None, target="/_emulator/health", host="localhost")])
    late = {"effect": {"kind": "delay", "seconds": 0.001}}
    assert (0, 1) == answered_at_once([asking(order())], faults=[late])


async def doubled(future: asyncio.Future[int]) -> int:
    try:
        await asyncio.sleep(0)
        return await future * 2
    except asyncio.CancelledError:
        return -1


def first_step(coroutine: Coroutine[Any, Any, int]) -> Any:
    return coroutine.send(None)


def test_a_task_goes_on_with_a_coroutine() -> None:
    """It waits for what the coroutine waited for, and returns its result."""

    async def main() -> int:
        future = asyncio.get_running_loop().create_future()
        coroutine = doubled(future)
        task = asyncio.ensure_future(rest_of(coroutine, first_step(coroutine)))
        asyncio.get_running_loop().call_soon(future.set_result, 21)
        return await task

    assert 42 == asyncio.run(main())


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_cancelled_task_cancels_the_coroutine(turns: int) -> None:
    """Wherever it waits, the coroutine is thrown CancelledError and may catch it."""

    async def main() -> int:
        coroutine = doubled(asyncio.get_running_loop().create_future())
        task = asyncio.ensure_future(rest_of(coroutine, first_step(coroutine)))
        await asyncio.sleep(0)
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        return await task

    assert -1 == asyncio.run(main())


def test_an_exception_of_the_coroutine_is_that_of_the_task() -> None:
    """What it raises after its first step is raised by the task, the exception of what it waits for among it."""

    async def main() -> None:
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        async def plain() -> int:
            return await future

        coroutine = plain()
        task = asyncio.ensure_future(rest_of(coroutine, first_step(coroutine)))
        asyncio.get_running_loop().call_soon(future.set_exception, LookupError("x"))
        await task

    with pytest.raises(LookupError):
        asyncio.run(main())


def test_a_rest_that_is_closed_closes_the_coroutine() -> None:
    """Nothing of the coroutine runs on: its `finally` is run."""
    closed = []

    async def plain() -> None:
        try:
            await asyncio.sleep(0)
        finally:
            closed.append(True)

    coroutine = plain()
    rest = cast("Generator[Any, Any, None]", rest_of(coroutine, coroutine.send(None)))
    rest.send(None)
    rest.close()
    assert [True] == closed
