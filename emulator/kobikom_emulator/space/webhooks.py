"""The webhooks of a space: addresses that events are posted to, and the events that wait for each."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal, get_args

import msgspec
from msgspec import Meta
from msgspec.structs import replace

from kobikom_emulator.domain.values import Checked
from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.entries import RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry

EventType = Literal["message.accepted", "message.refused", "message.delivered", "message.failed"]
"""A message was accepted; a send, or a part of it, was refused; a message ended DELIVERED; it ended otherwise."""

EVERY_EVENT: tuple[EventType, ...] = get_args(EventType)

MOST = 10
"""Webhooks that a space has at most."""

WAITING = 1000
"""Events that wait for one webhook at most; later ones are dropped and counted."""

NO_REQUEST = WireRequest("", "")
NO_ANSWER = Answer(())
"""What stands for the bytes of an entry: events have none of them, and many entries may wait."""

Secret = Annotated[
    str,
    Meta(
        pattern=r"^whsec_[A-Za-z0-9+/]{32,86}={0,2}$",
        description="The key of signatures, 24 to 64 bytes in base64 after `whsec_`.",
    ),
]
Target = Annotated[str, Meta(min_length=1, max_length=2000, description="An address that may be pushed to.")]
Events = Annotated[tuple[EventType, ...], Meta(min_length=1, max_length=len(EVERY_EVENT))]


class Webhook(Checked, frozen=True):
    """Post events of these types to a URL, signed with a secret."""

    url: Target
    secret: Secret
    events: Events = EVERY_EVENT

    def __repr__(self) -> str:
        """Without the secret: values end up in logs and in failure messages."""
        return f"Webhook(url={self.url!r}, events={self.events!r})"


class Event(msgspec.Struct, frozen=True):
    """Something that happened at an instant (ms of the space's clock), with its data as JSON values. `id` is the same
    in every attempt to post it.
    """

    id: str
    type: EventType
    at: int
    data: Mapping[str, Any]


@dataclass(slots=True, eq=False)
class ArmedWebhook:
    """A webhook with the events that wait for it, and what happened to the others: sent, failed after the last attempt,
    or dropped because too many were waiting. `error` says why the last attempt failed, "" if it did not.
    """

    number: int
    webhook: Webhook
    waiting: deque[Event] = field(default_factory=deque)
    offered: asyncio.Event = field(default_factory=asyncio.Event)
    sent: int = 0
    failed: int = 0
    dropped: int = 0
    error: str = ""

    def offer(self, event: Event) -> None:
        """Let an event wait, if it is of a type that the webhook wants."""
        if event.type not in self.webhook.events:
            return
        if len(self.waiting) >= WAITING:
            self.dropped += 1
            return
        self.waiting.append(event)
        self.offered.set()


class WebhookState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An armed webhook with its number and counters; the events that wait for it are left out."""

    number: int
    webhook: Webhook
    sent: int
    failed: int
    dropped: int


class Webhooks:
    """The webhooks that are armed in a space, and what happened that they were not offered yet."""

    def __init__(self) -> None:
        self._armed: dict[int, ArmedWebhook] = {}
        self._given = 0
        self.active = True
        """Whether this server calls them; where several share the space, one of them does."""
        self.when_armed: Callable[[], None] | None = None
        """Called when a webhook is armed for the first time: without one, nothing runs in the background."""
        self.entries: deque[NumberedEntry] = deque()
        self.replanned: deque[int] = deque()
        """Generated ids of messages whose end was decided again."""

    def __len__(self) -> int:
        return len(self._armed)

    def __iter__(self) -> Iterator[ArmedWebhook]:
        """In the order in which they were armed."""
        return iter(self._armed.values())

    def wants(self, *types: EventType) -> bool:
        """Whether some webhook wants an event of one of these types."""
        return any(type_ in armed.webhook.events for armed in self for type_ in types)

    def arm(self, webhook: Webhook) -> ArmedWebhook:
        self._given += 1
        armed = self._armed[self._given] = ArmedWebhook(self._given, webhook)
        if self.when_armed is not None:
            when_armed, self.when_armed = self.when_armed, None
            when_armed()
        return armed

    def disarm(self, number: int) -> bool:
        """Forget a webhook and the events that wait for it; whether there was one of this number."""
        return self._armed.pop(number, None) is not None

    def restart(self, webhooks: Sequence[Webhook]) -> None:
        """Forget everything, and arm these."""
        self._armed.clear()
        self.entries.clear()
        self.replanned.clear()
        for webhook in webhooks:
            self.arm(webhook)

    def export(self) -> tuple[WebhookState, ...]:
        return tuple([WebhookState(each.number, each.webhook, each.sent, each.failed, each.dropped) for each in self])

    def restore(self, states: Sequence[WebhookState], *, given: int) -> None:
        """Arm what was exported; `given` is the number that was given last."""
        self.restart(())
        for state in states:
            self._given = state.number - 1
            armed = self.arm(state.webhook)
            armed.sent, armed.failed, armed.dropped = state.sent, state.failed, state.dropped
        self._given = given

    def take_over(self, states: Sequence[WebhookState], *, given: int) -> None:
        """Be armed as another server says. What waits for a webhook, and what this server counts, stays."""
        known, self._armed = self._armed, {}
        for state in states:
            armed = known.get(state.number)
            if armed is None or armed.webhook != state.webhook:
                armed = ArmedWebhook(state.number, state.webhook)
            if not self.active:
                armed.sent, armed.failed, armed.dropped = state.sent, state.failed, state.dropped
            self._armed[state.number] = armed
        self._given = given
        if self._armed and self.when_armed is not None:
            when_armed, self.when_armed = self.when_armed, None
            when_armed()

    def leave(self) -> None:
        """Another server calls them from now on; the events that wait here are not sent."""
        self.active = False
        self.entries.clear()
        self.replanned.clear()
        for armed in self:
            armed.waiting.clear()

    @property
    def given(self) -> int:
        """The number that was given last."""
        return self._given

    def take(self, numbered: NumberedEntry) -> None:
        """Note an entry of the journal; where too many were not looked at, the events in it are dropped."""
        if not self._armed or not self.active:
            return
        number, entry = numbered
        if not isinstance(entry, RequestEntry):
            return
        if len(self.entries) < WAITING:
            without_bodies = replace(entry, request=NO_REQUEST, answer=NO_ANSWER, intended=None)
            self.entries.append(NumberedEntry(number, without_bodies))
            return
        for armed in self:
            armed.dropped += 1

    def note_replanned(self, generated_id: int) -> None:
        """Note that the end of a message was decided again."""
        if self._armed and self.active and len(self.replanned) < WAITING:
            self.replanned.append(generated_id)
