"""How a target answers: measured while requests are sent, and used to slow down, to do less, or to give up."""

from __future__ import annotations

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from kobikom_contracts.core.ending import Deadline

FEWEST = 9
REMEMBERED = 51
"""Answers whose times are remembered: the median of the last ones is the target's answer time."""


class Pace:
    """At most ``per_second`` requests a second, as many as one likes when None; ``wait`` lets seconds pass."""

    def __init__(
        self,
        per_second: float | None = None,
        *,
        wait: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.per_second = per_second
        self._wait = wait
        self._now = now
        self._next = now()
        self._lock = threading.Lock()

    def keep(self) -> None:
        """Wait until the next request may be sent."""
        with self._lock:
            now = self._now()
            ahead = self._next - now
            self._next = max(now, self._next) + (1 / self.per_second if self.per_second else 0)
        if ahead > 0:
            self._wait(ahead)

    def pause(self, seconds: float) -> None:
        """Send nothing for so many seconds, as the target asked for."""
        with self._lock:
            self._next = max(self._next, self._now() + seconds)


class Traffic:
    """Counts answers and their times; ``silent`` is the number of requests in a row, up to the last, without one."""

    def __init__(
        self,
        *,
        deadline: Deadline | None = None,
        pace: Pace | None = None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self.now = now
        self.deadline = deadline or Deadline()
        self.pace = pace or Pace()
        self.requests = 0
        self.silent = 0
        self._measuring = True
        self._times: deque[float] = deque(maxlen=REMEMBERED)

    def begin(self) -> None:
        """A request is about to be sent: wait for its turn; raises ``RunEnded`` when the run's time is over."""
        self.deadline.check()
        self.pace.keep()
        self.requests += 1

    def answered(self, seconds: float) -> None:
        """A whole answer came after so many seconds."""
        self.silent = 0
        if self._measuring:
            self._times.append(seconds)

    @contextmanager
    def unmeasured(self) -> Iterator[None]:
        """Answers during the block say nothing about how long one takes: several requests wait at once."""
        self._measuring = False
        try:
            yield
        finally:
            self._measuring = True

    def unanswered(self) -> None:
        """No whole answer came in time."""
        self.silent += 1

    @property
    def answer_time(self) -> float:
        """The median of the last answer times in seconds; 0 while there are too few to say."""
        return statistics.median_high(self._times) if len(self._times) >= FEWEST else 0.0
