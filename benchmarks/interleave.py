"""Measures two functions alternately and compares each pair, which is reliable on a shared machine, too."""

from __future__ import annotations

import gc
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager


async def ratios_async(
    pairs: int, first: Callable[[], Awaitable[float]], second: Callable[[], Awaitable[float]]
) -> tuple[list[float], list[float]]:
    """The values of `first` and `second`, measured alternately."""
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
    """This thread's processor time. It excludes the time that other processes take."""
    return time.thread_time()


@contextmanager
def after_collection() -> Iterator[None]:
    """Collect garbage before a measurement; the collector stays on, as in a server."""
    gc.collect()
    yield
