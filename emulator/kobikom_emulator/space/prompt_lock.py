"""The lock of a space: one request or operation at a time changes it."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress


class PromptLock:
    """A lock that is taken at once while it is free, even where others wait for their turn in the event loop.

    `asyncio.Lock` lets nobody pass those who wait. Under constant load, once a few requests had to wait, all later ones
    wait too, and each takes the lock one step of the event loop after the one before. Here a task that waits is passed
    by later ones until its turn in the event loop; if the lock is taken then, it gets the lock before all others.
    """

    def __init__(self) -> None:
        self._held = False
        self._in_order = False
        """Whether the first that waits found the lock taken when it was its turn."""
        self._waiting: deque[asyncio.Future[None]] = deque()

    def locked(self) -> bool:
        return self._held

    async def __aenter__(self) -> None:
        if self._held or self._in_order:
            await self._wait()
        self._held = True

    async def __aexit__(self, *_: object) -> None:
        self._held = False
        self._wake_first()

    async def _wait(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        was_passed = False
        while True:
            try:
                await turn
            except BaseException:
                self._leave(turn, was_passed=was_passed)
                raise
            if not self._held:
                self._in_order = False
                return
            self._in_order = was_passed = True
            turn = asyncio.get_running_loop().create_future()
            self._waiting.appendleft(turn)

    def _leave(self, turn: asyncio.Future[None], *, was_passed: bool) -> None:
        """Give up waiting, and leave the turn to the next."""
        with suppress(ValueError):  # it came at the same time
            self._waiting.remove(turn)
        if was_passed:
            self._in_order = False
        if not self._held:
            self._wake_first()

    def _wake_first(self) -> None:
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(None)
                return
