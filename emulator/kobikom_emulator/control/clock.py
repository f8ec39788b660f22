"""The clock of a space over the control API."""

from __future__ import annotations

from datetime import datetime

import msgspec

from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.domain.values import LAST_CLOCK, instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.clock import ClockState
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.space.scenario import ClockChange


class ClockView(msgspec.Struct, frozen=True):
    """The time of a space; `rate` is emulated seconds a real second while it runs. `ended`: it has come to the end of
    the last year a clock can stand in and stays there, until it is set back.
    """

    now: datetime
    frozen: bool
    rate: float
    ended: bool


def clock_view(clock: ClockState) -> ClockView:
    return ClockView(instant(clock.now), clock.frozen, clock.rate, clock.now >= LAST_CLOCK)


async def show(space: SpaceOperations, _: Call) -> Answer:
    return as_json(clock_view(space.clock.show()))


async def change(space: SpaceOperations, call: Call) -> Answer:
    return as_json(clock_view(await space.clock.change(call.body_as(ClockChange))))


ENDPOINTS = (
    Endpoint("GET", "/clock", show, "showClock", "The time of a space.", {200: ClockView}),
    Endpoint("POST", "/clock", change, "changeClock", "Move the time of a space.", {200: ClockView}, body=ClockChange),
)
