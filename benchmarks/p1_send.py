"""P1: sends to one recipient from 64 connections, divided by bare aiohttp's rate with the same bytes.

Both servers run on one core, with the load generator on another, for one second each, alternately. The emulator
parses, validates, charges, stores, writes its journal and evaluates one armed fault rule that checks every number;
bare aiohttp routes, reads the body and returns prepared bytes. This is the least that any aiohttp application can do,
so the ratio is the cost that the emulator adds to its framework. When other processes use the cores, the ratio per
second of the servers' own processor time, printed with it, is more stable.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from benchmarks.bodies import send_body
from benchmarks.load import Load
from benchmarks.processes import Server
from benchmarks.result import Bar, Effort, Result, Row
from benchmarks.servers import start


def measure(effort: Effort) -> list[Row]:
    with temporary_folder() as folder:
        bar = Bar(0.55, 0.80, at_least=True)
        return [
            ratio_to(effort, folder, "P1", "send to 1, 64 connections ÷ bare aiohttp", start.bare_aiohttp(folder), bar)
        ]


@contextmanager
def temporary_folder() -> Iterator[Path]:
    """A temporary folder for configurations and logs."""
    with TemporaryDirectory(prefix="kobikom-bench-") as folder:
        yield Path(folder)


def ratio_to(
    effort: Effort, folder: Path, number: str, what: str, peer: AbstractContextManager[Server], bar: Bar | None
) -> Result:
    """The emulator's rate of sends divided by a peer's, alternately; the peer is warmed up first, as a JVM needs it."""
    load = Load(folder, send_body(1))
    with start.emulator(folder) as ours, peer as theirs:
        if effort.warm_up:
            load.rate(theirs, effort.warm_up)
            load.rate(ours, 1)
        turns = [(load.rate(ours, effort.seconds), load.rate(theirs, effort.seconds)) for _ in range(effort.pairs)]
    detail = f"{median(a.by_clock for a, _ in turns):,.0f}/s ÷ {median(b.by_clock for _, b in turns):,.0f}/s"
    by_cpu = [a.by_cpu / b.by_cpu for a, b in turns if a.by_cpu and b.by_cpu]
    if by_cpu:
        detail += f"; by processor time {median(by_cpu):.2f}"
    return Result(number, what, bar, tuple(a.by_clock / b.by_clock for a, b in turns), detail)
