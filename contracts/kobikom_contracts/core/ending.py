"""Why a run ends before all of its contracts have run: its time is over, a signal came, the target is gone."""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, Self

SIGNALS = (signal.SIGINT, signal.SIGTERM)


class RunEnded(BaseException):
    """The run must end now; the text says why.

    It is no ``Exception``, so that neither a contract nor Hypothesis takes it for a failing example.
    """


class Deadline:
    """The moment at which a run must end, so many seconds after it was made; None is never."""

    def __init__(self, seconds: float | None = None, *, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._now = now
        self._started = now()

    @property
    def elapsed(self) -> float:
        """Seconds since it was made."""
        return self._now() - self._started

    @property
    def passed(self) -> bool:
        """True when the time is over."""
        return self.seconds is not None and self.elapsed >= self.seconds

    def check(self) -> None:
        """Raise :class:`RunEnded` when the time is over."""
        if self.passed:
            raise RunEnded(f"the time limit of {self.seconds:g} s is over (--max-time)")


class Interruption:
    """A context that turns the first SIGINT or SIGTERM into :class:`RunEnded`.

    ``signal`` is the one that came, None when none did. The second has its ordinary effect. In a thread that
    is not the main one it does nothing: Python delivers no signals there.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        self._before: dict[int, Any] = {}

    @property
    def status(self) -> int:
        """The exit status that a shell gives a program that the signal ended; 0 when none came."""
        return 0 if self.signal is None else 128 + self.signal

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._interrupt) for number in SIGNALS}
        return self

    def __exit__(self, *_: object) -> None:
        while self._before:
            signal.signal(*self._before.popitem())

    def _interrupt(self, number: int, _: FrameType | None) -> None:
        self.signal = number
        self.__exit__()
        raise RunEnded(f"interrupted by {signal.Signals(number).name}")


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Signals that arrive during the block take effect after it: what it puts back is put back as a whole."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
