"""The fault rules of a space over the control API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from kobikom_emulator.control.routing import NO_CONTENT, Call, Endpoint, as_json
from kobikom_emulator.domain.values import Checked, instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.chain import RuleState
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.faults.sentences import sentence
from kobikom_emulator.operations.messages import Timeout
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.phrases import Language, in_language
from kobikom_emulator.space.steps import StepState


class FaultView(msgspec.Struct, frozen=True):
    """An armed rule: how many requests matched it, how often it fired. `active` until it has fired as often as it may,
    or its time is over. `sentence` says what it will do, or what it did, in the language of Accept-Language.
    """

    id: int
    rule: Rule
    active: bool
    sentence: str
    matched: int
    fired: int


class FaultList(msgspec.Struct, frozen=True):
    """The armed rules and the steps of the scenario; `fired` by kind since the last reset, disarmed rules too."""

    faults: tuple[FaultView, ...]
    fired: dict[str, int]
    steps: tuple[StepState, ...]


class ReleaseRequest(Checked, frozen=True):
    """Release what is held once `count` answers are, within `timeout` real seconds."""

    count: Annotated[int, Meta(ge=0, le=10_000)] = 1
    timeout: Timeout = 5.0


class Released(msgspec.Struct, frozen=True):
    """How many answers were released."""

    released: int


class HeldRequest(Checked, frozen=True):
    """Wait until the rule holds `count` answers, `timeout` real seconds at most."""

    count: Annotated[int, Meta(ge=0, le=10_000)] = 1
    timeout: Timeout = 5.0


class Held(msgspec.Struct, frozen=True):
    """How many answers the rule holds."""

    held: int


class PreviewEntry(msgspec.Struct, frozen=True):
    """A request that a rule would have matched, by its journal entry, and the recipients it means."""

    entry: int
    at: datetime
    operation: str
    user: str
    to: tuple[str, ...]


class PreviewView(msgspec.Struct, frozen=True):
    """Of the `looked_at` newest requests, those a rule matches. `skip`, `times` and `probability` are left aside.
    `sentence` says what the rule would do, in the language of Accept-Language.
    """

    sentence: str
    looked_at: int
    matching: tuple[PreviewEntry, ...]


def fault_view(fault: RuleState, *, active: bool, language: Language) -> FaultView:
    text = sentence(fault.rule, matched=fault.matched, fired=fault.fired, spent=not active)
    return FaultView(fault.number, fault.rule, active, in_language(text, language), fault.matched, fault.fired)


async def list_faults(space: SpaceOperations, call: Call) -> Answer:
    faults = space.faults
    views = [fault_view(fault, active=faults.is_active(fault), language=call.language) for fault in faults.list()]
    return as_json(FaultList(tuple(views), dict(faults.fired()), tuple(faults.steps())))


async def release(space: SpaceOperations, call: Call) -> Answer:
    wanted = call.body_as(ReleaseRequest)
    return as_json(Released(await space.faults.release(count=wanted.count, timeout=wanted.timeout)))


async def wait_until_held(space: SpaceOperations, call: Call) -> Answer:
    number, wanted = call.number("fault", "fault"), call.body_as(HeldRequest)
    return as_json(Held(await space.faults.wait_until_held(number, count=wanted.count, timeout=wanted.timeout)))


async def arm(space: SpaceOperations, call: Call) -> Answer:
    return as_json(fault_view(await space.faults.arm(call.body_as(Rule)), active=True, language=call.language), 201)


async def preview(space: SpaceOperations, call: Call) -> Answer:
    rule = call.body_as(Rule)
    result = await space.faults.preview(rule)
    matching = tuple(
        PreviewEntry(match.entry, instant(match.at), match.operation, match.user, match.recipients)
        for match in result.matching
    )
    return as_json(PreviewView(in_language(sentence(rule), call.language), result.looked_at, matching))


async def disarm_all(space: SpaceOperations, _: Call) -> Answer:
    await space.faults.disarm_all()
    return NO_CONTENT


async def disarm(space: SpaceOperations, call: Call) -> Answer:
    await space.faults.disarm(call.number("fault", "fault"))
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("GET", "/faults", list_faults, "listFaults", "The armed rules and steps.", {200: FaultList}),
    Endpoint("POST", "/faults", arm, "armFault", "Arm a rule.", {201: FaultView}, body=Rule),
    Endpoint("DELETE", "/faults", disarm_all, "clearFaults", "Disarm every rule and the steps to come.",
             {204: None}),
    Endpoint("DELETE", "/faults/{fault}", disarm, "disarmFault", "Disarm a rule.", {204: None}),
    Endpoint("POST", "/faults/preview", preview, "previewFault", "Which requests a rule would have matched.",
             {200: PreviewView}, body=Rule),
    Endpoint("POST", "/faults/release", release, "releaseAnswers", "Release the answers that are held.",
             {200: Released}, (408, 503), body=ReleaseRequest),
    Endpoint("POST", "/faults/{fault}/held", wait_until_held, "waitUntilHeld",
             "Wait until a rule holds answers.", {200: Held}, (408, 503), body=HeldRequest),
)  # fmt: skip
