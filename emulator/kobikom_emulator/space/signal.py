"""Wakes the coroutines that wait for a change in a space."""

from __future__ import annotations

import asyncio


class ChangeSignal:
    """`notify` wakes every coroutine that waits; `count` is the number of calls. It belongs to one event loop."""

    def __init__(self) -> None:
        self.count = 0
        self._waiting: list[asyncio.Future[None]] = []

    def notify(self) -> None:
        self.count += 1
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            for future in waiting:
                if not future.done():
                    future.set_result(None)

    async def wait(self) -> None:
        """Return at the next `notify`."""
        notified = asyncio.get_running_loop().create_future()
        self._waiting.append(notified)
        await notified
