"""P8: what one test pays for a Kobikom of its own: a fresh space in process, and a whole server around it.

The first row makes and opens a space of the same parts as the server's. The second enters `with Emulator()` until it
listens on a port, and leaves it: a thread, an event loop and a socket more. By the wall clock; no turns to take.
"""

from __future__ import annotations

import asyncio
import time

from benchmarks.in_process import fresh_registry, settings
from benchmarks.interleave import tidy
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator

_SPACES = 50
_SERVERS = 5


def measure(effort: Effort) -> list[Row]:
    spaces = tuple(asyncio.run(_space()) for _ in range(effort.pairs))
    _server()
    servers = tuple(_server() for _ in range(effort.pairs))
    return [
        Result("P8", "a fresh space, in process", Bar(1, 0.1, unit=" ms"), spaces),
        Result("P8", "`with Emulator()`, in and out", None, servers, "ms"),
    ]


async def _space() -> float:
    """Milliseconds of making and opening a space."""
    chosen = settings()
    with tidy():
        started = time.perf_counter()
        for _ in range(_SPACES):
            await fresh_registry(chosen).start()
        return (time.perf_counter() - started) / _SPACES * 1e3


def _server() -> float:
    """Milliseconds of entering and leaving an emulator."""
    with tidy():
        started = time.perf_counter()
        for _ in range(_SERVERS):
            with Emulator():
                pass
        return (time.perf_counter() - started) / _SERVERS * 1e3
