"""P22: what a control request costs with 1,000,000 stored messages, divided by its cost with 10,000, and how long it
holds the event loop at most; and a send while 200 waits are open, divided by one without.

In one process, without HTTP, by processor time. Messages are stored by sends to 10. Each request is made once before
it is measured, because the first search through a block of messages also notes what the block holds.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from statistics import median

from benchmarks.bodies import send_body
from benchmarks.in_process import RICH, Core
from benchmarks.interleave import after_collection, cpu_seconds, divided, ratios_async
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator

_FEW = 10_000
_RECIPIENTS = 10
_WAITS = 200
_SENDS = 500
_SPACE = "/_emulator/spaces/default"
_REQUESTS = {
    "first page": ("GET", f"{_SPACE}/messages", ""),
    "filter by number": ("GET", f"{_SPACE}/messages?to=905320000007", ""),
    "filter by title, none": ("GET", f"{_SPACE}/messages?title=Nobody", ""),
    "filter by status, none": ("GET", f"{_SPACE}/messages?status=REJECTED", ""),
    "text search, none": ("GET", f"{_SPACE}/messages?q=missing", ""),
    "wait, in vain": ("POST", f"{_SPACE}/messages/wait", '{"match": {"text": "*missing*"}, "timeout": 0}'),
    "ledger page": ("GET", f"{_SPACE}/ledger?limit=100", ""),
    "list of spaces": ("GET", "/_emulator/spaces", ""),
    "state export": ("GET", f"{_SPACE}/state", ""),
}


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    async with _filled(min(_FEW, effort.stored)) as few, _filled(effort.stored) as many:
        rows: list[Row] = []
        for what, request in _REQUESTS.items():
            pairs = 1 if what == "state export" else effort.pairs
            await many.cost(*request)
            of_many = [await many.cost(*request) for _ in range(pairs)]
            await few.cost(*request)
            of_few = [await few.cost(*request) for _ in range(pairs)]
            stalls = tuple(stall * 1e3 for _, stall in of_many)
            ratios = divided([spent for spent, _ in of_many], [spent for spent, _ in of_few])
            detail = f"{median([spent for spent, _ in of_many]) * 1e3:.1f} ms"
            # A state is as long as the space is large: for it only the stall has a bar.
            bar = None if what == "state export" else Bar(20, 5)
            rows.append(Result("P22", f"{what}, {effort.stored:,} messages ÷ {_FEW:,}", bar, ratios, detail))
            rows.append(Result("P22", f"{what}, longest loop stall", Bar(50, 10, unit=" ms"), stalls))
    rows.append(await _send_while_waiting(effort))
    return rows


class _Filled:
    """An emulator with messages."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    async def cost(self, method: str, target: str, body: str) -> tuple[float, float]:
        """Seconds of processor time of a control request, and the longest that it held the loop."""
        with after_collection():
            asking = asyncio.ensure_future(self._emulator.running.control.answer(method, target, body.encode(), _JSON))
            longest, started = 0.0, cpu_seconds()
            last = started
            while not asking.done():
                await asyncio.sleep(0)
                now = cpu_seconds()
                longest = max(longest, now - last)
                last = now
            await asking
            return last - started, longest


_JSON = {"Content-Type": "application/json"}


@asynccontextmanager
async def _filled(messages: int) -> AsyncIterator[_Filled]:
    async with Emulator(accounts=RICH) as emulator:
        core = Core(emulator.running.gateway, emulator.operations)
        await core.fill(messages // _RECIPIENTS, recipients=_RECIPIENTS)
        yield _Filled(emulator)


async def _send_while_waiting(effort: Effort) -> Result:
    def sending(waits: int) -> Callable[[], Awaitable[float]]:
        async def seconds() -> float:
            async with Emulator(accounts=RICH) as emulator:
                core = Core(emulator.running.gateway, emulator.operations)
                ask = emulator.running.control.answer
                bodies = [
                    json.dumps({"match": {"text": f"*{nth:06}*"}, "timeout": 300}).encode() for nth in range(waits)
                ]
                waiting = [
                    asyncio.ensure_future(ask("POST", f"{_SPACE}/messages/wait", body, _JSON)) for body in bodies
                ]
                await asyncio.sleep(0)
                body = send_body(1)
                await core.send(body)
                with after_collection():
                    started = cpu_seconds()
                    for _ in range(_SENDS):
                        await core.send(body)
                        await asyncio.sleep(0)
                    spent = (cpu_seconds() - started) / _SENDS
                for wait in waiting:
                    wait.cancel()
                await asyncio.gather(*waiting, return_exceptions=True)
                return spent

        return seconds

    waited, alone = await ratios_async(effort.pairs, sending(_WAITS), sending(0))
    detail = f"{min(waited) * 1e6:.0f} µs ÷ {min(alone) * 1e6:.0f} µs at best"
    return Result("P22", f"send while {_WAITS} waits are open ÷ without", Bar(2, 1.3), divided(waited, alone), detail)
