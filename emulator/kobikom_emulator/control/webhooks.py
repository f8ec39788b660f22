"""The webhooks of a space over the control API."""

from __future__ import annotations

import msgspec

from kobikom_emulator.control.routing import NO_CONTENT, Call, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.space.new_space import NewWebhook
from kobikom_emulator.space.webhooks import ArmedWebhook, EventType


class WebhookView(msgspec.Struct, frozen=True):
    """A webhook. Of its events, `waiting` are still to be posted; `sent` were taken by the receiver, `failed` were not,
    `dropped` came while too many were waiting. `error` says why the last attempt failed, "" if it did not.
    """

    id: int
    url: str
    events: tuple[EventType, ...]
    waiting: int
    sent: int
    failed: int
    dropped: int
    error: str


class NewWebhookView(WebhookView, frozen=True):
    """A webhook that was added, with the secret that its receiver needs; it is shown only here."""

    secret: str


class WebhookList(msgspec.Struct, frozen=True):
    webhooks: tuple[WebhookView, ...]


def webhook_view(armed: ArmedWebhook) -> WebhookView:
    return WebhookView(
        armed.number,
        armed.webhook.url,
        armed.webhook.events,
        len(armed.waiting),
        armed.sent,
        armed.failed,
        armed.dropped,
        armed.error,
    )


def new_webhook_view(armed: ArmedWebhook) -> NewWebhookView:
    return NewWebhookView(**msgspec.structs.asdict(webhook_view(armed)), secret=armed.webhook.secret)


async def list_webhooks(space: SpaceOperations, _: Call) -> Answer:
    return as_json(WebhookList(tuple(map(webhook_view, space.webhooks.list()))))


async def add(space: SpaceOperations, call: Call) -> Answer:
    armed = await space.webhooks.add(call.body_as(NewWebhook))
    return as_json(new_webhook_view(armed), 201)


async def remove(space: SpaceOperations, call: Call) -> Answer:
    await space.webhooks.remove(call.number("webhook", "webhook"))
    return NO_CONTENT


ENDPOINTS = (
    Endpoint("GET", "/webhooks", list_webhooks, "listWebhooks", "The webhooks.", {200: WebhookList}),
    Endpoint("POST", "/webhooks", add, "addWebhook", "Post events to an address.", {201: NewWebhookView}, (409,),
             body=NewWebhook),
    Endpoint("DELETE", "/webhooks/{webhook}", remove, "removeWebhook", "Remove a webhook.", {204: None}),
)  # fmt: skip
