"""P23: what each kind of search costs with 100,000 stored messages of as many texts: the first page of what it finds,
the count of all, and the very first search of a server, which also notes what the messages can be found by.

In one process, without HTTP, by processor time. Each message is a send of its own; 3 % of them fail.
"""

from __future__ import annotations

import asyncio
from urllib.parse import quote

from benchmarks.bodies import PASSWORD, USER, send_body
from benchmarks.in_process import Core
from benchmarks.interleave import after_collection, cpu_seconds
from benchmarks.result import Bar, Effort, Result, Row
from kobikom_emulator import Emulator
from kobikom_emulator.bootstrap import RunningServer

_MOST = 100_000
_SPACE = "/_emulator/spaces/default"
_ACCOUNT = {
    "user": USER,
    "password": PASSWORD,
    "credit": "999999999999",
    "titles": ["Kobikom"],
    "delivery": {
        "outcomes": [
            {"status": "DELIVERED", "after": 1, "weight": 97},
            {"status": "NOT_DELIVERED", "after": 1, "weight": 3},
        ]
    },
}
_SEARCHES = (
    "güvenlik", "missing", '"güvenlik kodunuz"', '"kodunuz sipariş"', "-kampanya", "to:905320000007", "to:0532*7",
    "title:kobi", "title:shop", "status:failed", "status:delivered", "status:rejected", "status:pending", "code:000",
    "code:999999", "is:code", "is:unicode", "is:cut", "before:2000-01-01", "after:2000-01-01",
    "kod status:failed -kampanya",
)  # fmt: skip


def measure(effort: Effort) -> list[Row]:
    return asyncio.run(_measure(effort))


async def _measure(effort: Effort) -> list[Row]:
    stored = min(_MOST, effort.stored)
    async with Emulator(accounts=[_ACCOUNT]) as emulator:
        core = Core(emulator.running.gateway, emulator.operations)
        for nth in range(stored):
            await core.send(send_body(1, start=nth, text=_text(nth)))
        await core.advance(2)
        first = await _cost(emulator.running, "message-count", "another word")
        rows: list[Row] = [Result("P23", f"the first search, {stored:,} messages", Bar(300, 150, unit=" ms"), (first,))]
        for search in _SEARCHES:
            await _cost(emulator.running, "message-count", search)  # codes are noted by the first search for any
            for what, resource in (("first page", "messages"), ("count", "message-count")):
                samples = tuple([await _cost(emulator.running, resource, search) for _ in range(effort.pairs)])
                rows.append(Result("P23", f"{search}: {what}", Bar(100, 50, unit=" ms"), samples))
    return rows


def _text(nth: int) -> str:
    return (
        f"Güvenlik kodunuz {nth:06}. Kimseyle paylaşmayın.",
        f"Sayın müşterimiz, {nth} numaralı siparişiniz kargoya verildi.",
        f"Merhaba {nth}, kampanya bugün bitiyor! Sepette %20 indirim.",
    )[nth % 3]


async def _cost(server: RunningServer, resource: str, search: str) -> float:
    """Milliseconds of processor time of a search."""
    with after_collection():
        started = cpu_seconds()
        await server.control.answer("GET", f"{_SPACE}/{resource}?q={quote(search)}", b"", {})
        return (cpu_seconds() - started) * 1e3
