"""The lock of a space: one at a time has it, at once where it is free, and everybody gets a turn."""

from __future__ import annotations

import asyncio
import random
import types
from collections.abc import Generator

import pytest

from kobikom_emulator.space.prompt_lock import PromptLock


@types.coroutine
def one_step() -> Generator[None, None, None]:
    """Let others have their turn; needs no task."""
    yield


async def hold(lock: PromptLock, name: str, order: list[str], *, steps: int = 0) -> None:
    async with lock:
        order.append(name)
        for _ in range(steps):
            await one_step()


async def queued(lock: PromptLock, order: list[str], *names: str) -> list[asyncio.Task[None]]:
    """Tasks that wait for a lock that is held."""
    tasks = [asyncio.ensure_future(hold(lock, name, order)) for name in names]
    await asyncio.sleep(0)
    return tasks


async def test_a_free_lock_is_taken_at_once() -> None:
    """Also while those that waited for it have not had their turns of the event loop yet, which come next."""
    lock, order = PromptLock(), list[str]()
    async with lock:
        waiting = await queued(lock, order, "first", "second")
    with pytest.raises(StopIteration):
        hold(lock, "came later", order).send(None)
    await asyncio.gather(*waiting)
    assert (["came later", "first", "second"], False) == (order, lock.locked())


async def test_one_that_waits_is_passed_until_its_turn_and_no_longer() -> None:
    """If the lock is not free then, because one that came later keeps it, it has the lock before all others."""
    lock, order = PromptLock(), list[str]()
    async with lock:
        waiting = await queued(lock, order, "first", "second")
    passing = hold(lock, "came later", order, steps=1)
    passing.send(None)
    await asyncio.sleep(0)
    with pytest.raises(StopIteration):
        passing.send(None)
    newest = hold(lock, "newest", order)
    newest.send(None)
    await asyncio.gather(*waiting)
    newest.close()
    assert ["came later", "first", "second"] == order


async def test_the_first_keeps_its_turn_when_another_gives_up() -> None:
    """Nobody passes one that found the lock taken at its turn, whichever of the others is cancelled meanwhile."""
    lock, order = PromptLock(), list[str]()
    async with lock:
        first, second = await queued(lock, order, "first", "second")
    passing = hold(lock, "came later", order, steps=1)
    passing.send(None)
    await asyncio.sleep(0)
    second.cancel()
    await asyncio.sleep(0)
    with pytest.raises(StopIteration):
        passing.send(None)
    newest = hold(lock, "newest", order)
    newest.send(None)
    await first
    newest.close()
    assert ["came later", "first"] == order


async def test_a_turn_of_one_that_gave_up_is_that_of_the_next() -> None:
    """It is cancelled in the same step in which it may have the lock."""
    lock, order = PromptLock(), list[str]()
    async with lock:
        waiting = await queued(lock, order, "first", "second")
    waiting[0].cancel()
    async with asyncio.timeout(5):
        await waiting[1]
    assert ["second"] == order


@pytest.mark.parametrize("seed", range(20))
async def test_one_at_a_time_has_it_and_everybody_gets_it(seed: int) -> None:
    """Whenever they come, however long they keep it, and though some give up waiting."""
    draw, lock = random.Random(seed), PromptLock()
    inside = most = had = 0

    async def one(steps: int, before: int) -> None:
        nonlocal inside, most, had
        for _ in range(before):
            await asyncio.sleep(0)
        async with lock:
            inside += 1
            most = max(most, inside)
            try:
                for _ in range(steps):
                    await asyncio.sleep(0)
                had += 1
            finally:
                inside -= 1

    tasks = [asyncio.ensure_future(one(draw.choice([0, 0, 1, 3]), draw.randrange(20))) for _ in range(60)]
    cancelled = draw.sample(tasks, 15)
    for task in cancelled:
        for _ in range(draw.randrange(5)):
            await asyncio.sleep(0)
        task.cancel()
    async with asyncio.timeout(5):
        results = await asyncio.gather(*tasks, return_exceptions=True)
    assert (1, False, had) == (most, lock.locked(), sum(result is None for result in results))
