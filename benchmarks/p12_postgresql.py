"""P12, P13: sends to one recipient with a store in PostgreSQL on the same machine, which waits for its disk.

P12 divides by the rate of the same server with everything in memory, each on one core with the load generator on
another; the database may use both. P13 compares the processor time of the database and of two servers with that of
the database and one server, for each request.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from statistics import median

from tests.postgresql import Cluster, cluster, why_not

from benchmarks.bodies import send_body
from benchmarks.load import Load
from benchmarks.p1_send import temporary_folder
from benchmarks.processes import Server
from benchmarks.result import Bar, Effort, LeftOut, Result, Row
from benchmarks.servers import start

_P12 = "send to 1, store in PostgreSQL ÷ in memory"
_P13 = "processor time a send, database and 2 servers ÷ and 1"


def measure(effort: Effort) -> list[Row]:
    if reason := why_not():
        return [LeftOut("P12", _P12, reason), LeftOut("P13", _P13, reason)]
    with temporary_folder() as folder, temporary_folder() as more, cluster(durable=True) as database:
        load, beside = Load(folder, send_body(1)), Load(more, send_body(1))
        store = ("--store", asyncio.run(database.new_database()))
        with start.emulator(folder, *store) as durable:
            with start.emulator(folder) as memory:
                turns = [
                    (load.rate(durable, effort.seconds), load.rate(memory, effort.seconds)) for _ in range(effort.pairs)
                ]
            with start.emulator(folder, *store) as other:
                costs = [
                    (
                        _cost(database, {durable: load, other: beside}, effort.seconds),
                        _cost(database, {durable: load}, effort.seconds),
                    )
                    for _ in range(effort.pairs)
                ]
    by_clock = [(a.by_clock, b.by_clock) for a, b in turns]
    rates = f"{median(a for a, _ in by_clock):,.0f}/s ÷ {median(b for _, b in by_clock):,.0f}/s"
    times = f"{median(two for two, _ in costs) * 1e6:,.0f} µs ÷ {median(one for _, one in costs) * 1e6:,.0f} µs"
    return [
        Result("P12", _P12, Bar(0.25, 0.5, at_least=True), tuple(a / b for a, b in by_clock), rates),
        Result("P13", _P13, Bar(1.3, 1.1), tuple(two / one for two, one in costs), times),
    ]


def _cost(database: Cluster, loads: Mapping[Server, Load], seconds: int) -> float:
    """Seconds of processor time for each send, of the database and of the servers, each of which gets its load."""

    def used() -> float:
        return database.cpu_seconds() + sum([server.cpu_seconds() or 0.0 for server in loads])

    before = used()
    with ThreadPoolExecutor(len(loads)) as together:
        rates = list(together.map(lambda under: under[1].rate(under[0], seconds), loads.items()))
    return (used() - before) / sum([rate.by_clock * seconds for rate in rates])
