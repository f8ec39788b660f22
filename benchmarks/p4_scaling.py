"""P4: processor time a recipient in a send of 10,000, divided by that in sends of 1,000: does a large send cost more?

In one process, without HTTP, in turns; both halves handle 20,000 recipients in a fresh space.
"""

from __future__ import annotations

import asyncio

from benchmarks.bodies import send_body
from benchmarks.in_process import Core
from benchmarks.interleave import cpu_seconds, divided, ratios_async, tidy
from benchmarks.result import Bar, Effort, Result, Row

_HANDLED = 20_000


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    async def each(recipients: int) -> float:
        """Seconds a recipient."""
        body = send_body(recipients)
        core = await Core.begun()
        await core.send(body)
        with tidy():
            started = cpu_seconds()
            for _ in range(_HANDLED // recipients):
                await core.send(body)
            return (cpu_seconds() - started) / _HANDLED

    large, small = await ratios_async(effort.pairs, lambda: each(10_000), lambda: each(1000))
    detail = f"{min(large) * 1e6:.2f} µs ÷ {min(small) * 1e6:.2f} µs at best"
    return [Result("P4", "µs a recipient at 10,000 ÷ at 1,000", Bar(1.6, 1.3), divided(large, small), detail)]
