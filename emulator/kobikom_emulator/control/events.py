"""The changes of a space as server-sent events, so that a page need not poll.

An event says that something changed, with a few numbers; the other endpoints say what changed.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from kobikom_emulator.control.clock import ClockView, clock_view
from kobikom_emulator.control.routing import Call, Endpoint
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.events import Pulse
from kobikom_emulator.operations.space import SpaceOperations

EVENT_STREAM = "text/event-stream; charset=UTF-8"

_HEADERS = {"Cache-Control": "no-store, no-transform", "X-Accel-Buffering": "no"}
"""Proxies pass every event on as it comes: the second is what nginx looks for."""

_BEGINNING = b":" + b" " * 2048 + b"\n\nretry: 1000\n\n"
"""A comment at once, long enough for proxies and browsers that wait for some bytes before they pass any on."""


class PulseView(msgspec.Struct, frozen=True):
    """The data of an event `change`: `change` grows with each, `epoch` differs after a reset, an import or a restart of
    the server, `requests` counts journal entries, `active_faults` the armed rules that may still fire.
    `machine_time`: the clock shows the time of the machine.
    """

    change: int
    epoch: str
    requests: int
    faults: int
    active_faults: int
    machine_time: bool
    clock: ClockView


def pulse_view(pulse: Pulse, *, run: str) -> PulseView:
    return PulseView(
        change=pulse.change,
        epoch=f"{run}.{pulse.generation}",
        requests=pulse.requests,
        faults=pulse.faults,
        active_faults=pulse.active_faults,
        machine_time=pulse.machine_time,
        clock=clock_view(pulse.clock),
    )


async def follow(space: SpaceOperations, call: Call) -> Answer:
    return Answer((), EVENT_STREAM, headers=_HEADERS, stream=lambda: _stream(space, run=call.run))


async def _stream(space: SpaceOperations, *, run: str) -> AsyncGenerator[bytes]:
    yield _BEGINNING
    async with aclosing(space.events.follow()) as pulses:
        async for pulse in pulses:
            if pulse is None:
                yield b": no change\n\n"
            else:
                data = msgspec.json.encode(pulse_view(pulse, run=run))
                yield b"event: change\nid: %d\ndata: %s\n\n" % (pulse.change, data)
    yield b"event: closed\ndata: {}\n\n"


ENDPOINTS = (
    Endpoint("GET", "/events", follow, "followEvents", "Server-sent events: one after each change.", {200: PulseView},
             content_type="text/event-stream"),
)  # fmt: skip
