"""The methods of a handle that may take long, as coroutines: each runs in a thread."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from kobikom_emulator.driver.space import Kobikom
    from kobikom_emulator.driver.values import Message

T = TypeVar("T")


class KobikomCoroutines:
    """Methods of `Kobikom` as coroutines, for tests whose event loop must go on meanwhile: asyncio or trio."""

    def __init__(self, space: Kobikom) -> None:
        self._space = space

    async def wait_for(self, *, timeout: float = 5.0, **conditions: str) -> Message:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.wait_for, timeout=timeout, **conditions))

    async def wait_for_all(self, count: int, *, timeout: float = 5.0, **conditions: str) -> list[Message]:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.wait_for_all, count, timeout=timeout, **conditions))

    async def wait_for_code(self, pattern: str = r"\d{4,8}", /, *, timeout: float = 5.0, **conditions: str) -> str:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.wait_for_code, pattern, timeout=timeout, **conditions))

    async def assert_none(self, *, timeout: float = 5.0, **conditions: str) -> None:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.assert_none, timeout=timeout, **conditions))

    async def release(self, count: int = 1, *, timeout: float = 5.0) -> int:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.release, count, timeout=timeout))

    async def drain(self, *, timeout: float = 5.0) -> None:  # noqa: ASYNC109  # the server waits
        return await _in_thread(partial(self._space.drain, timeout=timeout))


async def _in_thread(action: Callable[[], T]) -> T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        import trio  # a coroutine that runs without an asyncio loop runs in trio's

        return await trio.to_thread.run_sync(action)
    return await asyncio.to_thread(action)
