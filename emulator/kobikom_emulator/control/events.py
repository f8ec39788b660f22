"""Server-sent events of a space: one small event after each change, so that a page need not poll.

An event says that something changed, and how much there is; what changed is then asked for over the other operations.
Changes that come together are told together.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable

import msgspec

from kobikom_emulator.control import views
from kobikom_emulator.control.models import Pulse
from kobikom_emulator.exchange import Answer
from kobikom_emulator.space.space import Space

TYPE = "text/event-stream; charset=UTF-8"

GATHER = 0.1
"""Seconds of real time between two events: thousands of sends a second are ten events."""

SILENCE = 15.0
"""Seconds of real time after which a comment says that the server is still there."""


def answer(space: Space, *, server: str, is_open: Callable[[], bool]) -> Answer:
    """The events of a space, until it is closed or the client goes away. `server` names this run of the server."""
    return Answer(
        (), TYPE, headers={"Cache-Control": "no-store"}, stream=lambda: _events(space, server=server, is_open=is_open)
    )


async def _events(space: Space, *, server: str, is_open: Callable[[], bool]) -> AsyncGenerator[bytes]:
    told: int | None = None
    yield b"retry: 1000\n\n"
    while is_open():
        if space.changed.count != told:
            told = space.changed.count
            yield b"event: change\nid: %d\ndata: %s\n\n" % (told, msgspec.json.encode(pulse(space, server=server)))
            await asyncio.sleep(GATHER)
            continue
        try:
            async with asyncio.timeout(SILENCE):
                await space.changed.wait()
        except TimeoutError:
            yield b": still here\n\n"
    yield b"event: closed\ndata: {}\n\n"


def pulse(space: Space, *, server: str) -> Pulse:
    return Pulse(
        change=space.changed.count,
        epoch=f"{server}.{space.beginnings}",
        requests=space.journal.written,
        faults=len(space.faults),
        clock=views.clock(space.clock),
    )
