"""P10: processor time of a send while one fault rule is armed that does not match it, divided by that without any.

In one process, without HTTP, alternately. The second row is the time to reset a space after a send, by the wall clock.
"""

from __future__ import annotations

import asyncio
import time

import msgspec

from benchmarks.bodies import send_body
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection, cpu_seconds, divided, ratios_async
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator.faults.rule import Rule

_SENDS = 2000
_RESETS = 50
_RULE = {"effect": {"kind": "status", "code": -26}, "match": {"operation": "send", "to": "90599*"}}


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    body = send_body(1)

    async def send_seconds(*, armed: bool) -> float:
        """Seconds for one send."""
        core = await Core.begun()
        if armed:
            await core.operations.faults.arm(msgspec.convert(_RULE, Rule))
        await core.send(body)
        with after_collection():
            started = cpu_seconds()
            for _ in range(_SENDS):
                await core.send(body)
            return (cpu_seconds() - started) / _SENDS

    async def reset() -> float:
        """Milliseconds to reset a space after one send."""
        core = await Core.begun()
        spent = 0.0
        with after_collection():
            for _ in range(_RESETS):
                await core.send(body)
                started = time.perf_counter()
                await core.operations.reset()
                spent += time.perf_counter() - started
        return spent / _RESETS * 1e3

    armed, bare = await ratios_async(effort.pairs, lambda: send_seconds(armed=True), lambda: send_seconds(armed=False))
    detail = f"{min(armed) * 1e6:.0f} µs ÷ {min(bare) * 1e6:.0f} µs at best"
    resets = tuple([await reset() for _ in range(effort.pairs)])
    return [
        Result("P10", "send with one armed fault rule ÷ without", Bar(1.15, 1.05), divided(armed, bare), detail),
        Result("P10", "reset of a space", Bar(1, 0.1, unit=" ms"), resets),
    ]
