"""Offers what happens in a space to its webhooks, and posts it to each, in order, until its receiver took it."""

from __future__ import annotations

import asyncio
import heapq
import secrets
import time
from collections.abc import Awaitable, Callable
from itertools import count

from kobikom_emulator.domain.delivery import Status, status_at
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.gateway.webhook_events import document, message_data, refusal_data, signed_headers
from kobikom_emulator.journal.entries import Operation, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.webhooks import ArmedWebhook, Event, EventType

AGAIN_AFTER = (1.0, 5.0, 30.0)
"""Real seconds after which a failed post is repeated; then the event is given up."""

UNDER_WAY = 10_000
"""Messages whose end is waited for at most; the end of others is no event, and counted as dropped."""

SLICE = 100
"""Messages that are looked up before the event loop gets its turn."""


class WebhookLoop:
    """Runs until cancelled. `pause` waits for real seconds, `seconds` gives the machine's time since the epoch."""

    def __init__(
        self,
        space: Space,
        *,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
        seconds: Callable[[], float] = time.time,
    ) -> None:
        self._space = space
        self._pause = pause
        self._seconds = seconds
        self._run = secrets.token_hex(6)
        self._numbers = count(1)
        self._senders: dict[ArmedWebhook, asyncio.Task[None]] = {}
        self._ends: list[tuple[int, int]] = []
        """When messages end (ms), with their generated ids: a heap."""
        self._under_way: set[int] = set()
        self._generation = space.generation

    async def run(self) -> None:
        space = self._space
        async with asyncio.TaskGroup() as tasks:
            while True:
                seen = space.changed.count
                self._keep_senders(tasks)
                await self._offer_entries()
                await self._look_again_at_replanned()
                await self._offer_ends()
                await self._wait(seen)

    def _keep_senders(self, tasks: asyncio.TaskGroup) -> None:
        """A sender for each webhook that is armed, none for the others; after a reset nothing of before is sent."""
        space = self._space
        if space.generation != self._generation:
            self._generation = space.generation
            self._ends.clear()
            self._under_way.clear()
        armed = set(space.webhooks)
        for gone in self._senders.keys() - armed:
            self._senders.pop(gone).cancel()
        for new in armed - self._senders.keys():
            self._senders[new] = tasks.create_task(self._send_all(new))

    async def _wait(self, seen: int) -> None:
        """Return after a change of the space, or when the next message ends."""
        clock, pause = self._space.clock, None
        if self._ends and not clock.frozen:
            pause = max(0.0, (self._ends[0][0] - clock.now()) / clock.rate / 1000)
        try:
            async with asyncio.timeout(pause):
                await self._space.changed.wait(seen)
        except TimeoutError:
            return

    # what happened

    async def _offer_entries(self) -> None:
        entries = self._space.webhooks.entries
        while entries:
            numbered = entries.popleft()
            if isinstance(numbered.entry, RequestEntry):
                await self._offer_request(numbered, numbered.entry)

    async def _offer_request(self, numbered: NumberedEntry, entry: RequestEntry) -> None:
        space = self._space
        if entry.ids and space.webhooks.wants("message.accepted", "message.delivered", "message.failed"):
            for nth, generated_id in enumerate(entry.ids, start=1):
                if nth % SLICE == 0:
                    await asyncio.sleep(0)
                message = await space.store.message(str(generated_id))
                if message is not None:
                    self._offer("message.accepted", entry.at, message)
                    self._follow(generated_id, message.plan.done_at)
        about_a_send = entry.operation in (Operation.SEND, Operation.UNREADABLE)
        if about_a_send and any(note.kind is Kind.REFUSED for note in entry.notes):
            self._offer_data("message.refused", entry.at, refusal_data(numbered, entry, space=space.name))

    def _follow(self, generated_id: int, done_at: int) -> None:
        """Wait for the end of a message, if some webhook wants to know it."""
        webhooks = self._space.webhooks
        if not webhooks.wants("message.delivered", "message.failed"):
            return
        if len(self._under_way) >= UNDER_WAY:
            for armed in webhooks:
                armed.dropped += 1
            return
        self._under_way.add(generated_id)
        heapq.heappush(self._ends, (done_at, generated_id))

    async def _look_again_at_replanned(self) -> None:
        replanned = self._space.webhooks.replanned
        while replanned:
            generated_id = replanned.popleft()
            message = await self._space.store.message(str(generated_id))
            if message is not None:
                self._follow(generated_id, message.plan.done_at)

    async def _offer_ends(self) -> None:
        """Offer the messages that ended by now. One whose end was decided again is in the heap again."""
        space = self._space
        while self._ends and self._ends[0][0] <= space.clock.now():
            done_at, generated_id = heapq.heappop(self._ends)
            message = await space.store.message(str(generated_id))
            if message is None:
                self._under_way.discard(generated_id)
            elif message.plan.done_at == done_at and generated_id in self._under_way:
                self._under_way.discard(generated_id)
                delivered = status_at(message.plan, done_at) is Status.DELIVERED
                self._offer("message.delivered" if delivered else "message.failed", done_at, message)

    def _offer(self, type_: EventType, at: int, message: MessageState) -> None:
        self._offer_data(type_, at, message_data(message, space=self._space.name, now=at))

    def _offer_data(self, type_: EventType, at: int, data: dict[str, object]) -> None:
        event = Event(f"evt_{self._run}_{next(self._numbers)}", type_, at, data)
        for armed in self._space.webhooks:
            armed.offer(event)

    # posting it

    async def _send_all(self, armed: ArmedWebhook) -> None:
        """Post what waits for a webhook, one event after the other."""
        while True:
            while armed.waiting:
                await self._send(armed, armed.waiting[0])
                armed.waiting.popleft()
                self._space.changed.notify()
            armed.offered.clear()
            await armed.offered.wait()

    async def _send(self, armed: ArmedWebhook, event: Event) -> None:
        """Post an event until its receiver takes it; an address that may not be pushed to is not tried again."""
        webhook, body = armed.webhook, document(event)
        for pause in (*AGAIN_AFTER, None):
            headers = signed_headers(event, body, secret=webhook.secret, seconds=int(self._seconds()))
            result = await (await self._space.pusher.push(webhook.url, body, headers=headers)).whole()
            armed.error = "" if result.delivered else str(result.detail)
            if result.delivered:
                armed.sent += 1
                return
            if result.refused or pause is None:
                break
            await self._pause(pause)
        armed.failed += 1
