"""P5: a pull of one report by id among 1,000,000 stored, divided by the same among 1,000.

In one process, without HTTP, alternately, by processor time. Each pull has the generated id of a report that was not
given yet; the reports are those of sends to 1,000. The small space is filled again before each turn, because each
report is given once. The second row pulls all reports when only one of the same number of scheduled messages is
final.
"""

from __future__ import annotations

import asyncio
import re
from random import Random

from benchmarks.bodies import send_body
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection, cpu_seconds, divided, ratios_async
from benchmarks.result import Bar, Effort, Result, Row

_PULLS = 200
_ID = re.compile(rb"<messageid>(\d{15})<")
_LATER = b"<ileriTarih>4d</ileriTarih><alicilar>"


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    random = Random(5)
    large, first = await _filled(effort.sends)
    ids = iter(random.sample(range(first, first + effort.stored), (effort.pairs + 1) * _PULLS))

    async def among_many() -> float:
        return await _pulls(large, [next(ids) for _ in range(_PULLS)])

    async def among_few() -> float:
        small, start = await _filled(1)
        return await _pulls(small, random.sample(range(start, start + 1000), _PULLS))

    await among_many()
    many, few = await ratios_async(effort.pairs, among_many, among_few)
    bar = Bar(1.3, 1.1)
    rows: list[Row] = [
        Result(
            "P5",
            f"pull of 1 report by id, {effort.stored:,} stored ÷ 1,000",
            bar,
            divided(many, few),
            _detail(many, few),
        )
    ]
    large = await _scheduled(effort.sends)
    few_scheduled = await _scheduled(1)
    many, few = await ratios_async(effort.pairs, lambda: _only_final(large), lambda: _only_final(few_scheduled))
    what = f"pull of the 1 final report, {effort.stored:,} stored ÷ 1,000"
    rows.append(Result("P5", what, bar, divided(many, few), _detail(many, few)))
    return rows


def _detail(many: list[float], few: list[float]) -> str:
    return f"{min(many) * 1e6:.0f} µs ÷ {min(few) * 1e6:.0f} µs at best"


async def _filled(sends: int) -> tuple[Core, int]:
    """A core with `sends` sends stored and final, and the first id."""
    core = await Core.begun()
    answer = await core.send(send_body(1000))
    first_id = _ID.search(answer)
    assert first_id is not None
    await core.fill(sends - 1)
    await core.advance(2)
    return core, int(first_id[1])


async def _scheduled(sends: int) -> Core:
    core = await Core.begun()
    for nth in range(sends):
        await core.send(send_body(1000, start=nth * 1000).replace(b"<alicilar>", _LATER))
    return core


async def _pulls(core: Core, ids: list[int]) -> float:
    with after_collection():
        started = cpu_seconds()
        for message_id in ids:
            if await core.pull(str(message_id)) < 20:
                raise AssertionError(f"{message_id} had no report")
        return (cpu_seconds() - started) / len(ids)


async def _only_final(core: Core) -> float:
    """Seconds of a pull that returns one report; the send before it is not measured."""
    spent = 0.0
    body = send_body(1)
    with after_collection():
        for _ in range(_PULLS):
            await core.send(body)
            await core.advance(1)
            started = cpu_seconds()
            length = await core.pull()
            spent += cpu_seconds() - started
            if length < 20:
                raise AssertionError("no report")
    return spent / _PULLS
