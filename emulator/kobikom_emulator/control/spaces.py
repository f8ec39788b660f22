"""The spaces of a server over the control API: list, open, show, close, reset."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec

from kobikom_emulator.control.accounts import AccountDefaultsView, AccountView, account_defaults_view, account_view
from kobikom_emulator.control.clock import ClockView, clock_view
from kobikom_emulator.control.routing import NO_CONTENT, Call, Completed, Endpoint, as_json
from kobikom_emulator.control.webhooks import NewWebhookView, new_webhook_view
from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.domain.terms import DeliverySettings
from kobikom_emulator.domain.values import instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.operations.space import SpaceOperations, SpaceSummary
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.space.blueprint import Blueprint, ClockStart, Limits
from kobikom_emulator.space.first_messages import FirstMessage
from kobikom_emulator.space.new_space import NewSpace
from kobikom_emulator.space.registry import DEFAULT
from kobikom_emulator.space.steps import Step
from kobikom_emulator.space.webhooks import EventType


class SpaceView(msgspec.Struct, frozen=True):
    """A space. `base_url` goes before `/api/sendsms/xml/`; its accounts can use the plain URL too.
    `dropped_messages` counts the messages that retention dropped, `dropped_unpulled` those of them whose report was not
    given.
    """

    name: str
    base_url: str
    seed: int
    clock: ClockView
    accounts: tuple[AccountView, ...]
    messages: int
    dropped_messages: int
    dropped_unpulled: int
    faults: int
    active_faults: int


class ClockStartView(msgspec.Struct, frozen=True):
    """Where a clock begins: `advance` seconds after the instant `at` (null: the machine's time)."""

    at: datetime | None
    advance: float
    frozen: bool
    rate: float


class WebhookStart(msgspec.Struct, frozen=True):
    """A webhook that is there from the beginning, without its secret."""

    url: str
    events: tuple[EventType, ...]


class SpaceBeginning(msgspec.Struct, frozen=True):
    """What a space began with, and a reset restores; the accounts of the beginning are not repeated here."""

    clock: ClockStartView
    readings: dict[str, str]
    limits: Limits
    retention: Retention
    magic_numbers: bool
    delivery: DeliverySettings
    account_defaults: AccountDefaultsView
    faults: tuple[Rule, ...]
    steps: tuple[Step, ...]
    webhooks: tuple[WebhookStart, ...]
    messages: tuple[FirstMessage, ...]


class SpaceDetail(SpaceView, frozen=True):
    """A space, and what it began with."""

    beginning: SpaceBeginning


class OpenedSpace(SpaceDetail, frozen=True):
    """A space that was opened, with its webhooks and their secrets; these are shown only here."""

    webhooks: tuple[NewWebhookView, ...]


def space_detail(summary: SpaceSummary, blueprint: Blueprint, server_url: str) -> SpaceDetail:
    return SpaceDetail(**_fields(summary, server_url), beginning=_beginning(blueprint))


def _beginning(blueprint: Blueprint) -> SpaceBeginning:
    return SpaceBeginning(
        clock=_clock_start_view(blueprint.clock),
        readings=blueprint.readings.chosen(),
        limits=blueprint.limits,
        retention=blueprint.retention,
        magic_numbers=blueprint.magic_numbers,
        delivery=blueprint.delivery,
        account_defaults=account_defaults_view(blueprint.account_defaults),
        faults=blueprint.faults,
        steps=blueprint.steps,
        webhooks=tuple(WebhookStart(webhook.url, webhook.events) for webhook in blueprint.webhooks),
        messages=blueprint.messages,
    )


def _clock_start_view(start: ClockStart) -> ClockStartView:
    at = None if start.at is None else instant(start.at)
    return ClockStartView(at, start.advance / 1000, start.frozen, start.rate)


class SpaceList(msgspec.Struct, frozen=True):
    """The open spaces, and the name of the file that they are kept in (null: they are in memory, and lost when the
    server ends).
    """

    spaces: tuple[SpaceView, ...]
    store: str | None


class ClosedConnections(msgspec.Struct, frozen=True):
    """How many connections were open."""

    closed: int


def space_view(summary: SpaceSummary, server_url: str) -> SpaceView:
    return SpaceView(**_fields(summary, server_url))


def _fields(summary: SpaceSummary, server_url: str) -> dict[str, Any]:
    return {
        "name": summary.name,
        "base_url": server_url if summary.name == DEFAULT else f"{server_url}/s/{summary.name}",
        "seed": summary.seed,
        "clock": clock_view(summary.clock),
        "accounts": tuple(map(account_view, summary.accounts)),
        "messages": summary.messages,
        "dropped_messages": summary.dropped_messages,
        "dropped_unpulled": summary.dropped_unpulled,
        "faults": summary.faults,
        "active_faults": summary.active_faults,
    }


async def list_spaces(server: ServerOperations, call: Call) -> Answer:
    spaces = tuple(space_view(summary, call.base_url) for summary in await server.list())
    return as_json(SpaceList(spaces, server.file or None))


async def open_space(server: ServerOperations, call: Call) -> Answer:
    space = await server.open(call.body_as(NewSpace))
    view = OpenedSpace(
        **_fields(await space.summary(), call.base_url),
        beginning=_beginning(space.blueprint),
        webhooks=tuple(map(new_webhook_view, space.webhooks.list())),
    )
    return as_json(view, 201, {"Location": f"/_emulator/spaces/{space.name}"})


async def close(server: ServerOperations, call: Call) -> Answer:
    await server.close(call.path["space"])
    return NO_CONTENT


async def show(space: SpaceOperations, call: Call) -> Answer:
    return as_json(space_detail(await space.summary(), space.blueprint, call.base_url))


async def reset(space: SpaceOperations, _: Call) -> Answer:
    await space.reset()
    return as_json(Completed("reset"))


async def close_connections(space: SpaceOperations, _: Call) -> Answer:
    return as_json(ClosedConnections(await space.close_connections()))


ENDPOINTS = (
    Endpoint("GET", "/spaces", list_spaces, "listSpaces", "The open spaces.", {200: SpaceList}, for_space=False),
    Endpoint("POST", "/spaces", open_space, "openSpace", "Open a private Kobikom.", {201: OpenedSpace}, (409,),
             body=NewSpace, for_space=False),
    Endpoint("DELETE", "/spaces/{space}", close, "closeSpace", "Close a space.", {204: None}, (409,), for_space=False),
    Endpoint("GET", "", show, "showSpace", "A space.", {200: SpaceDetail}),
    Endpoint("DELETE", "/connections", close_connections, "closeConnections",
             "Close the open connections of the clients, as a restart of the service does.", {200: ClosedConnections}),
    Endpoint("POST", "/reset", reset, "resetSpace", "Reset a space to its beginning.", {200: Completed}),
)  # fmt: skip
