"""P8: the time to create a space for one test, and to start a whole server for it.

The first row creates and opens a space with the same components as in the server. The second row enters and leaves
`with Emulator()`, which also starts a thread, an event loop and a socket. By the wall clock.
"""

from __future__ import annotations

import asyncio
import time

from benchmarks.in_process import fresh_registry, settings
from benchmarks.interleave import after_collection
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator

_SPACES = 50
_SERVERS = 5


def measure(effort: Effort) -> list[Row]:
    spaces = tuple(asyncio.run(_space()) for _ in range(effort.pairs))
    _server()
    servers = tuple(_server() for _ in range(effort.pairs))
    return [
        Result("P8", "a fresh space, in process", Bar(0.1, 0.04, unit=" ms"), spaces),
        Result("P8", "`with Emulator()`, in and out", None, servers, "ms"),
    ]


async def _space() -> float:
    """Milliseconds to create and open a space."""
    defaults = settings()
    with after_collection():
        started = time.perf_counter()
        for _ in range(_SPACES):
            await fresh_registry(defaults).start()
        return (time.perf_counter() - started) / _SPACES * 1e3


def _server() -> float:
    """Milliseconds to enter and leave an emulator."""
    with after_collection():
        started = time.perf_counter()
        for _ in range(_SERVERS):
            with Emulator():
                pass
        return (time.perf_counter() - started) / _SERVERS * 1e3
