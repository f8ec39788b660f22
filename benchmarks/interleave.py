"""Law: runs two things in turns and compares neighbours: all that means something on a shared machine."""

from __future__ import annotations

import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager


async def ratios_async(
    pairs: int, first: Callable[[], Awaitable[float]], second: Callable[[], Awaitable[float]]
) -> tuple[list[float], list[float]]:
    """The values of `first` and `second`, taken in turns."""
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(pairs):
        ours.append(await first())
        theirs.append(await second())
    return ours, theirs


def divided(ours: list[float], theirs: list[float]) -> tuple[float, ...]:
    """The ratio of each pair."""
    return tuple(a / b for a, b in zip(ours, theirs, strict=True))


def cpu_seconds() -> float:
    """This thread's processor time: work that never waits is measured without what the neighbours take."""
    return time.thread_time()


@contextmanager
def tidy() -> Iterator[None]:
    """Collect the garbage of what went before; the collector itself stays on, as it is in a server."""
    gc.collect()
    yield
