"""Tells waiting coroutines that something in a space changed."""

from __future__ import annotations

import asyncio


class ChangeSignal:
    """Rings for whoever listens at that moment; nobody listening, nothing kept. Belongs to one event loop."""

    def __init__(self) -> None:
        self.rings = 0
        self._listening: list[asyncio.Future[None]] = []

    def ring(self) -> None:
        self.rings += 1
        if self._listening:
            listening, self._listening = self._listening, []
            for each in listening:
                if not each.done():
                    each.set_result(None)

    async def wait(self) -> None:
        heard = asyncio.get_running_loop().create_future()
        self._listening.append(heard)
        await heard
