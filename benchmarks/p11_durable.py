"""P11: sends to one recipient from 64 connections with a store in a file, divided by the same in memory.

Both servers run on one core, with the load generator on another, for one second each, alternately. The server with a
file answers once the send is on the disk.
"""

from __future__ import annotations

from statistics import median

from benchmarks.bodies import send_body
from benchmarks.load import Load
from benchmarks.p1_send import temporary_folder
from benchmarks.result import Bar, Effort, Result, Row
from benchmarks.servers import start


def measure(effort: Effort) -> list[Row]:
    with temporary_folder() as folder:
        load = Load(folder, send_body(1))
        store = ("--store", str(folder / "store.sqlite"))
        with start.emulator(folder, *store) as durable, start.emulator(folder) as memory:
            turns = [
                (load.rate(durable, effort.seconds), load.rate(memory, effort.seconds)) for _ in range(effort.pairs)
            ]
    detail = f"{median(a.by_clock for a, _ in turns):,.0f}/s ÷ {median(b.by_clock for _, b in turns):,.0f}/s"
    by_cpu = [a.by_cpu / b.by_cpu for a, b in turns if a.by_cpu and b.by_cpu]
    if by_cpu:
        detail += f"; by processor time {median(by_cpu):.2f}"
    ratios = tuple(a.by_clock / b.by_clock for a, b in turns)
    return [Result("P11", "send to 1, store in a file ÷ in memory", Bar(0.6, 0.75, at_least=True), ratios, detail)]
