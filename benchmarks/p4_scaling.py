"""P4: processor time per recipient in a send to 10,000, divided by that in sends to 1,000.

In one process, without HTTP, alternately; both sides send to 20,000 recipients in a new space.
"""

from __future__ import annotations

import asyncio

from benchmarks.bodies import send_body
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection, cpu_seconds, divided, ratios_async
from benchmarks.result import Bar, Effort, Result, Row

_HANDLED = 20_000


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    async def seconds_per_recipient(recipients: int) -> float:
        """Seconds for one recipient."""
        body = send_body(recipients)
        core = await Core.begun()
        await core.send(body)
        with after_collection():
            started = cpu_seconds()
            for _ in range(_HANDLED // recipients):
                await core.send(body)
            return (cpu_seconds() - started) / _HANDLED

    large, small = await ratios_async(
        effort.pairs, lambda: seconds_per_recipient(10_000), lambda: seconds_per_recipient(1000)
    )
    detail = f"{min(large) * 1e6:.2f} µs ÷ {min(small) * 1e6:.2f} µs at best"
    return [Result("P4", "µs a recipient at 10,000 ÷ at 1,000", Bar(1.3, 1.1), divided(large, small), detail)]
