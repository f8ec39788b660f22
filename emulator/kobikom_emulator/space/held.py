"""The answers that are held until a test releases them."""

from __future__ import annotations

import asyncio

from kobikom_emulator.space.signal import ChangeSignal


class HeldAnswers:
    """Each waiting answer is a future; `changed` notifies when one begins or ends to wait."""

    def __init__(self, changed: ChangeSignal) -> None:
        self._changed = changed
        self._waiting: set[asyncio.Future[None]] = set()

    def __len__(self) -> int:
        return len(self._waiting)

    async def wait(self) -> None:
        """Return once the answers that are held are released."""
        released = asyncio.get_running_loop().create_future()
        self._waiting.add(released)
        self._changed.notify()
        try:
            await released
        finally:
            self._waiting.discard(released)
            self._changed.notify()

    def release(self) -> int:
        """Let every answer go that is held now; how many these were."""
        waiting, self._waiting = self._waiting, set()
        for released in waiting:
            if not released.done():
                released.set_result(None)
        return len(waiting)
