"""SharedLoop: coroutines of other threads run in their own threads where they need not wait, one at a time."""

import asyncio
import sys
import threading
from collections.abc import Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from kobikom_emulator import shared_loop
from kobikom_emulator.shared_loop import SharedLoop, result_from_thread

TIMEOUT = 20.0
"""Seconds after which a test fails that waits for another thread."""


@pytest.fixture
def loop() -> Iterator[SharedLoop]:
    """A loop that runs in a thread of its own."""
    loop = SharedLoop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    asyncio.run_coroutine_threadsafe(asyncio.sleep(0), loop).result(TIMEOUT)
    yield loop
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def where() -> tuple[int, asyncio.AbstractEventLoop]:
    return threading.get_ident(), asyncio.get_running_loop()


def thread_of(loop: SharedLoop) -> int:
    """The identifier of the loop's thread."""
    return asyncio.run_coroutine_threadsafe(where(), loop).result(TIMEOUT)[0]


def visited(loop: SharedLoop, test: Callable[[], bool]) -> bool:
    """Whether a visit had this result: the loop is busy for a moment where the machine is slow."""
    return any(test() for _ in range(100))


def test_what_need_not_wait_runs_in_the_thread_that_asks(loop: SharedLoop) -> None:
    """Inside the loop, as its callbacks do; afterwards the thread runs no loop."""
    assert visited(loop, lambda: (threading.get_ident(), loop) == loop.result_of(where()))
    with pytest.raises(RuntimeError, match="no running event loop"):
        asyncio.get_running_loop()


def test_what_has_to_wait_goes_on_in_the_loop(loop: SharedLoop) -> None:
    """The first step is the asking thread's, the rest is the loop's; a time-out holds in both."""

    async def work() -> tuple[int, int]:
        async with asyncio.timeout(TIMEOUT):
            first = threading.get_ident()
            await asyncio.sleep(0)
            return first, threading.get_ident()

    assert visited(loop, lambda: (threading.get_ident(), thread_of(loop)) == loop.result_of(work()))


def test_an_exception_is_raised_in_the_thread_that_asks(loop: SharedLoop) -> None:
    """Whether it comes in the first step or later."""

    async def fail(*, late: bool) -> None:
        if late:
            await asyncio.sleep(0)
        raise ZeroDivisionError

    for late in (False, True):
        with pytest.raises(ZeroDivisionError):
            loop.result_of(fail(late=late))


def test_what_a_visitor_schedules_wakes_the_loop(loop: SharedLoop) -> None:
    """Callbacks, timers and tasks: the loop's thread waits without limit, unless it is woken."""
    done = [threading.Event() for _ in range(3)]

    async def set_later() -> None:
        done[2].set()

    async def schedule() -> asyncio.Task[None]:
        loop.call_soon(done[0].set)
        loop.call_later(0.001, done[1].set)
        return loop.create_task(set_later())

    task = loop.result_of(schedule())
    assert [True] * 3 == [event.wait(TIMEOUT) for event in done]
    assert task.get_loop() is loop


def test_a_busy_loop_runs_it_itself(loop: SharedLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread that asks leaves its coroutine to the loop, which runs it once it is free again."""
    busy, go_on = threading.Event(), threading.Event()

    def work() -> None:
        busy.set()
        go_on.wait(TIMEOUT)

    def leave(work: Coroutine[Any, Any, Any], loop: SharedLoop) -> object:
        go_on.set()
        return result_from_thread(work, loop)

    monkeypatch.setattr(shared_loop, "PATIENCE", 0)
    monkeypatch.setattr(shared_loop, "result_from_thread", leave)
    loop.call_soon_threadsafe(work)
    assert busy.wait(TIMEOUT)
    thread, _ = loop.result_of(where())
    assert thread_of(loop) == thread


def test_a_thread_with_a_loop_of_its_own_does_not_visit(loop: SharedLoop) -> None:
    """A coroutine belongs to one loop, and a thread runs one."""

    async def ask() -> tuple[int, asyncio.AbstractEventLoop]:
        return loop.result_of(where())

    assert (thread_of(loop), loop) == asyncio.run(ask())


def test_one_thread_at_a_time_is_in_the_loop(loop: SharedLoop) -> None:
    """Many threads and the loop's own change something without a lock, and nothing is lost."""
    count, inside = 0, 0

    async def change(*, wait: bool) -> int:
        nonlocal count, inside
        for _ in range(2):
            inside += 1
            seen, others = count, inside
            for _ in range(200):
                threading.get_ident()  # longer than nothing, so that a thread that does not wait is seen
            count = seen + 1
            inside -= 1
            if others != 1:
                raise AssertionError(f"{others} threads were inside")
            if wait:
                await asyncio.sleep(0)
        return count

    def ask(nth: int) -> None:
        for turn in range(100):
            loop.result_of(change(wait=(nth + turn) % 2 == 0))

    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        with ThreadPoolExecutor(8) as threads:
            for asked in [threads.submit(ask, nth) for nth in range(8)]:
                asked.result(TIMEOUT)
    finally:
        sys.setswitchinterval(interval)
    assert 8 * 100 * 2 == count
