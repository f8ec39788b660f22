"""The answers that are held until a test releases them."""

from __future__ import annotations

import asyncio

from kobikom_emulator.space.signal import ChangeSignal


class HeldAnswers:
    """Each waiting answer is a future, with the numbers of the fault rules that fired on its request.

    `changed` notifies when one begins or ends to wait.
    """

    def __init__(self, changed: ChangeSignal) -> None:
        self._changed = changed
        self._waiting: dict[asyncio.Future[None], frozenset[int]] = {}

    def __len__(self) -> int:
        return len(self._waiting)

    def by(self, rule: int) -> int:
        """How many answers are held that the rule of this number fired on."""
        return sum(rule in rules for rules in self._waiting.values())

    async def wait(self, rules: frozenset[int] = frozenset()) -> None:
        """Return once the answers that are held are released."""
        released = asyncio.get_running_loop().create_future()
        self._waiting[released] = rules
        self._changed.notify()
        try:
            await released
        finally:
            self._waiting.pop(released, None)
            self._changed.notify()

    def release(self) -> int:
        """Let every answer go that is held now; how many these were."""
        waiting, self._waiting = self._waiting, {}
        for released in waiting:
            if not released.done():
                released.set_result(None)
        return len(waiting)
