"""List, add and remove the webhooks of a space."""

from __future__ import annotations

import secrets
from base64 import b64encode
from collections.abc import Sequence

from msgspec import UNSET

from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound
from kobikom_emulator.ports import Pusher
from kobikom_emulator.space.new_space import NewWebhook
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.webhooks import MOST, ArmedWebhook, Webhook


class WebhookOperations:
    """The webhooks of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def list(self) -> Sequence[ArmedWebhook]:
        return list(self._space.webhooks)

    async def add(self, wanted: NewWebhook) -> ArmedWebhook:
        """Post what happens from now on to an address. `Invalid` where that may not be pushed to, `Conflict` where the
        space has as many webhooks as it can have.
        """
        space = self._space
        webhook = new_webhook(wanted, space.pusher, field="url")
        async with space.change():
            if len(space.webhooks) >= MOST:
                raise Conflict(f"space {space.name!r} has {MOST} webhooks; remove one")
            return space.webhooks.arm(webhook)

    async def remove(self, number: int) -> None:
        """Remove a webhook with what waits for it; `NotFound` where there is none of this number."""
        async with self._space.change():
            if not self._space.webhooks.disarm(number):
                raise NotFound(f"space {self._space.name!r} has no webhook {number}")


def new_webhook(wanted: NewWebhook, pusher: Pusher, *, field: str) -> Webhook:
    """The webhook; `Invalid` for `field` where its address may not be pushed to."""
    if problem := pusher.address_problem(wanted.url):
        raise Invalid(f"{field}: {problem}", field=field)
    return Webhook(wanted.url, made_up_secret() if wanted.secret is UNSET else wanted.secret, wanted.events)


def made_up_secret() -> str:
    """A new key for signatures."""
    return "whsec_" + b64encode(secrets.token_bytes(32)).decode()
