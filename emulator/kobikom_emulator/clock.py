"""The clock of a space: the machine's time, or a time that is set, frozen, advanced and run at any rate."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

from kobikom_emulator.domain.values import LAST_CLOCK
from kobikom_emulator.ports import ClockReading


def machine_time() -> int:
    """The machine's wall clock in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class ControlledClock:
    """A clock that can be frozen, moved forward, set and run at another rate. All methods belong to the server's loop.
    It stops at `LAST_CLOCK`, however it comes there.

    `source` gives the time that it follows while it runs (ms). A new clock runs and shows the source's time until
    `start` sets it.
    """

    def __init__(self, *, source: Callable[[], int] = machine_time) -> None:
        self._source = source
        self._rate = 1.0
        self._anchor = self._anchor_source = source()
        self._frozen = False
        self._nudged = asyncio.Event()
        self.when_nudged: Callable[[], None] | None = None

    @property
    def frozen(self) -> bool:
        return self._frozen

    @property
    def rate(self) -> float:
        """Emulated seconds a real second, while it runs."""
        return self._rate

    def now(self) -> int:
        if self._frozen:
            return self._anchor
        return min(LAST_CLOCK, self._anchor + int((self._source() - self._anchor_source) * self._rate))

    def is_machine_time(self) -> bool:
        return not self._frozen and self._rate == 1 and abs(self.now() - self._source()) < 1000

    def freeze(self) -> None:
        self._settle()
        self._frozen = True
        self.nudge()

    def run(self, *, rate: float | None = None) -> None:
        """Let it run from its present instant."""
        if rate is not None and not rate > 0:
            raise ValueError("the rate of a clock is more than 0")
        self._settle()
        self._frozen = False
        self._rate = self._rate if rate is None else rate
        self.nudge()

    def advance(self, milliseconds: int) -> None:
        """Move forward; a frozen clock stays frozen, a running one keeps running."""
        if milliseconds < 0:
            raise ValueError("a clock is advanced by 0 or more")
        self.set(self.now() + milliseconds)

    def set(self, instant: int) -> None:
        """Move to an instant (ms since the epoch), which may be an earlier one."""
        self._anchor_source = self._source()
        self._anchor = min(LAST_CLOCK, instant)
        self.nudge()

    def start(self, *, at: int | None = None, advance: int = 0, frozen: bool = False, rate: float = 1.0) -> None:
        """Begin at an instant (None: the machine's time), `advance` ms later, frozen or running at a rate."""
        self._rate = rate
        self._frozen = frozen
        self.set((self._source() if at is None else at) + advance)

    def reading(self) -> ClockReading:
        return ClockReading(self._anchor, self._anchor_source, self._frozen, float(self._rate))

    def resume(self, reading: ClockReading) -> None:
        self._anchor, self._anchor_source = reading.at, reading.source
        self._frozen, self._rate = reading.frozen, reading.rate
        self.nudge()

    def _settle(self) -> None:
        now = self.now()
        self._anchor_source = self._source()
        self._anchor = now

    def nudge(self) -> None:
        self._nudged.set()
        if self.when_nudged is not None:
            when_nudged, self.when_nudged = self.when_nudged, None
            when_nudged()

    async def reach(self, instant: int | None) -> None:
        while True:
            left = None if instant is None else instant - self.now()
            if left is not None and left <= 0:
                return
            stands = self._frozen or self.now() == LAST_CLOCK
            pause = None if left is None or stands else left / self._rate / 1000
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudged.wait()
                self._nudged.clear()
                return
