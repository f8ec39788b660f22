"""P3: a send of 1,000 recipients through the gateway, divided by lxml's parsing alone of the same bytes.

In one process, without HTTP, alternately, by processor time. The parser is the emulator's hardened one, so the ratio
is the cost of decoding, validating, charging, storing, answering and the journal relative to parsing, which every
server of this API needs.
"""

from __future__ import annotations

import asyncio

from lxml import etree

from benchmarks.bodies import send_body
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection, cpu_seconds, divided, ratios_async
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator.protocol import envelope

_RECIPIENTS = 1000
_ROUNDS = 20


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    body = send_body(_RECIPIENTS)
    parser = envelope._parser()  # noqa: SLF001  # the same parser, so that both sides have its settings

    async def sends() -> float:
        core = await Core.begun()
        await core.send(body)
        with after_collection():
            started = cpu_seconds()
            for _ in range(_ROUNDS):
                await core.send(body)
            return (cpu_seconds() - started) / _ROUNDS

    async def parses() -> float:
        etree.fromstring(body, parser)
        started = cpu_seconds()
        for _ in range(_ROUNDS):
            etree.fromstring(body, parser)
        return (cpu_seconds() - started) / _ROUNDS

    ours, alone = await ratios_async(effort.pairs, sends, parses)
    detail = f"{min(ours) * 1e3:.2f} ms ÷ {min(alone) * 1e3:.2f} ms at best"
    return [Result("P3", "in process, send to 1,000 ÷ lxml parse alone", Bar(3.5, 2.5), divided(ours, alone), detail)]
