"""A whole space over the control API: export and import it, and play a scenario."""

from __future__ import annotations

from kobikom_emulator.control.routing import Call, Completed, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.operations.state import State
from kobikom_emulator.space.scenario import Scenario


async def export(space: SpaceOperations, _: Call) -> Answer:
    return Answer(tuple(await space.export_state()), "application/json")


async def replace(space: SpaceOperations, call: Call) -> Answer:
    await space.import_state(call.body or b"{}")
    return as_json(Completed("replaced"))


async def play(space: SpaceOperations, call: Call) -> Answer:
    await space.play(call.body_as(Scenario))
    return as_json(Completed("playing"))


ENDPOINTS = (
    Endpoint("GET", "/state", export, "exportState", "Export a space as one document.", {200: State}),
    Endpoint("PUT", "/state", replace, "importState", "Import an exported state.", {200: Completed}, body=State,
             problems=(409,)),
    Endpoint("POST", "/scenario", play, "playScenario", "Play a scenario.", {200: Completed}, body=Scenario),
)  # fmt: skip
