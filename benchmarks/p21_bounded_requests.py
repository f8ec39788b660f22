"""P21: what a body that costs much makes another client wait, and leaves in memory.

In one process, without HTTP. While the request is answered, another client asks for its balance again and again; the
wait is the longest processor time of the process between two of its answers, of every body in `hostile` the longest.
The second row is the time of the request as a multiple of what the parser alone needs for an ordinary send of the same
size. The third row is the peak of what Python holds while a refused body is explained, as a multiple of its size.
"""

from __future__ import annotations

import asyncio
import time
import tracemalloc
from collections.abc import Callable, Mapping

from lxml import etree

from benchmarks.bodies import PASSWORD, SEND_PATH, USER, send_body
from benchmarks.hostile import BODIES, LARGEST, PER_RECIPIENT
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.rendering import rendered
from kobikom_emulator.protocol import envelope

_BALANCE = f"<bakiye><dogrulama><kullanici>{USER}</kullanici><parola>{PASSWORD}</parola></dogrulama></bakiye>".encode()
_LARGEST = LARGEST - 1000


def measure(effort: Effort) -> list[Row]:
    size = _LARGEST if effort.stored >= 1_000_000 else 100_000
    waits: dict[str, float] = {}
    costs: dict[str, float] = {}
    for bodies, shape in ((BODIES, "single"), (PER_RECIPIENT, "per-recipient")):
        for name, make in bodies.items():
            waits[name], costs[name] = asyncio.run(_one(make(size), shape))
    slowest, dearest = max(waits, key=waits.__getitem__), max(costs, key=costs.__getitem__)
    refused = {name: _explained(make(min(size, 260_000))) for name, make in BODIES.items()}
    largest = max(refused, key=refused.__getitem__)
    return [
        Result(
            "P21",
            f"longest wait of a balance query beside any body of {size / 1e6:.1f} MB",
            Bar(50, 25, unit=" ms"),
            (waits[slowest] * 1e3,),
            f"{slowest}; median {_median(waits) * 1e3:.1f} ms",
        ),
        Result("P21", "that body ÷ parsing as many bytes of a send", None, (costs[dearest],), dearest),
        Result(
            "P21", "memory to explain a refused body of 0.26 MB ÷ its size", Bar(40, 20), (refused[largest],), largest
        ),
    ]


def _median(values: Mapping[str, float]) -> float:
    return sorted(values.values())[len(values) // 2]


async def _one(body: bytes, shape: str) -> tuple[float, float]:
    """Seconds of the longest wait, and how often the time of parsing the request takes."""
    core = await Core.begun()
    space = core.gateway.spaces.default
    space.use_readings(space.readings.with_choices({"refusal-shape": shape}))
    longest = spent = 0.0
    with after_collection():
        request = asyncio.ensure_future(core.gateway.post(WireRequest("POST", SEND_PATH, body)))
        last = time.process_time()
        while not request.done():
            await asyncio.sleep(0)
            asked = time.process_time()
            await core.gateway.post(WireRequest("POST", SEND_PATH, _BALANCE))
            now = time.process_time()
            longest, spent, last = max(longest, now - last), spent + asked - last, now
        await request
    core.gateway.spaces.large_work.close()
    return longest, spent / _parsing(len(body))


def _parsing(size: int) -> float:
    """Seconds to parse an ordinary send of so many bytes."""
    body = send_body(size // 24)
    started = time.process_time()
    etree.fromstring(body, envelope._parser())  # noqa: SLF001  # the same parser as in the emulator
    return time.process_time() - started


def _explained(body: bytes) -> float:
    """Peak memory of explaining a body under a wrong password, by its size."""

    async def ask() -> float:
        core = await Core.begun()
        wrong = body.replace(f"<parola>{PASSWORD}".encode(), b"<parola>wrong")
        await core.gateway.post(WireRequest("POST", SEND_PATH, wrong))
        entry = next(iter(core.gateway.spaces.default.journal))
        return _peak(lambda: rendered(entry)) / len(body)

    return asyncio.run(ask())


def _peak(work: Callable[[], object]) -> float:
    tracemalloc.start()
    try:
        work()
        return float(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
