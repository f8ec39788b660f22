"""Tells waiting coroutines that something in a space changed."""

from __future__ import annotations

import asyncio


class ChangeSignal:
    """Wakes the coroutines that wait at that moment. Belongs to one event loop."""

    def __init__(self) -> None:
        self.count = 0
        """How often it was given. With the same count, the space is the same."""
        self._waiting: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        self.count += 1
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def wait(self, seen: int) -> None:
        """Return once the signal was given more often than `seen` (a `count` from an earlier look)."""
        if self.count != seen:
            return
        future = asyncio.get_running_loop().create_future()
        self._waiting.append(future)
        await future
