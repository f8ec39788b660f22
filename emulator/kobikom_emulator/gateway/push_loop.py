"""Posts each report of a space that is due, and tries again where that fails (S-19).

Pushes are the only part of delivery that runs in the background; everything else follows from the plans.
"""

from __future__ import annotations

import asyncio

from kobikom_emulator.domain.changes import PushPostponed, PushSettled
from kobikom_emulator.domain.push_urls import destination
from kobikom_emulator.domain.reports import BusyPushes, Push, next_attempt
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.faults.chain import NO_FAULTS, ArmedRule, FiredRules
from kobikom_emulator.faults.rule import Incoming
from kobikom_emulator.gateway.pulling import report_document
from kobikom_emulator.gateway.push_slots import PushSlots
from kobikom_emulator.journal.entries import Outcome, PushEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PushResult, StoreFailed
from kobikom_emulator.space.space import Space

LOOK = 32
"""Pushes that are looked at together."""

PAUSE = 1.0
"""Seconds until something is tried again for which there was no memory or no store."""

REPORT_TYPE = "application/xml; charset=UTF-8"


class PushLoop:
    """Runs until cancelled. What was not delivered by then stays pending.

    Each destination (host and port) gets its reports in the order in which they are due, and no destination waits for
    another; `slots` bounds how many go at one time, over all spaces that share it.
    """

    def __init__(self, space: Space, slots: PushSlots | None = None) -> None:
        self._space = space
        self._slots = PushSlots() if slots is None else slots
        self._under_way: set[int] = set()

    async def run(self) -> None:
        clock, slots = self._space.clock, self._slots
        try:
            async with asyncio.TaskGroup() as attempts:
                while True:
                    slots.wait(self, clock.nudge)  # before looking, so that no slot becomes free unseen
                    try:
                        following = await self._look(attempts)
                    except StoreFailed:
                        await asyncio.sleep(PAUSE)
                    else:
                        await clock.reach(following)
        finally:
            slots.stop_waiting(self)

    async def _look(self, attempts: asyncio.TaskGroup) -> int | None:
        """Begin what is due; when the next push is that can be begun, None if only a change can say that."""
        clock, store, slots = self._space.clock, self._space.store, self._slots
        await self._begin_due(attempts)
        first = await store.next_push()
        if first is None or first > clock.now():
            slots.stop_waiting(self)
        return await store.next_push(self._busy()) if slots.free else None

    def _busy(self) -> BusyPushes:
        return BusyPushes(self._under_way, self._slots.full)

    async def _begin_due(self, attempts: asyncio.TaskGroup) -> None:
        """Begin every push that is due and has a slot."""
        begun = True
        while begun and self._slots.free:
            due = await self._space.store.due_pushes(self._space.clock.now(), LOOK, self._busy())
            begun = False
            for push in due:
                to = destination(push.batch.push_url)
                if self._slots.take(to):
                    begun = True
                    self._under_way.add(push.number)
                    self._space.pushing += 1
                    attempts.create_task(self._attempt(push, to))

    async def _attempt(self, push: Push, to: str) -> None:
        delivered = False
        try:
            delivered = await self._push(push)
        except (MemoryError, StoreFailed):
            await asyncio.sleep(PAUSE)  # the push is still pending
        finally:
            self._under_way.discard(push.number)
            self._space.pushing -= 1
            self._slots.give_back(to, delivered=delivered)
            self._space.clock.nudge()
            self._space.changed.notify()

    async def _push(self, push: Push) -> bool:
        """Make one attempt; whether the report was taken. Cancelled before that is known, the push stays as it is."""
        space = self._space
        await space.store.kept()  # a message that could still be undone is not reported
        if push.attempt == 1 and push.due <= push.plan.done_at:  # it was not put off before
            late = await self._fired(push, late=True)
            if delay := round(late.push_delay() * 1000):
                await self._postpone(push, delay, late)
                return False
        fired = await self._fired(push, late=False)
        body = report_document(push, fired.readings(space.readings))
        for _ in range(fired.push_copies() - 1):
            copy = await space.pusher.push(push.batch.push_url, body)
            self._record(push, body, await copy.whole(), push.due, fired)
        result = await space.pusher.push(push.batch.push_url, body)
        again = None if result.delivered or result.refused else next_attempt(push)
        decided = asyncio.ensure_future(self._decide(push, again))
        try:
            await asyncio.shield(decided)
            result = await result.whole()
        finally:
            await decided
            self._record(push, body, result, again, fired)
        return result.delivered

    async def _decide(self, push: Push, again: int | None) -> None:
        """Settle a push, or put it off to when it is tried again (ms). It was made: while the store fails it is tried
        again to keep that, so that the push is not made again.
        """
        space = self._space
        change = PushSettled(push.number) if again is None else PushPostponed(push.number, again, push.attempt + 1)
        while True:
            try:
                async with space.lock:
                    await space.store.apply([change])
                await space.kept()
                break
            except StoreFailed:
                if space.stopping or space.closed:
                    raise
                await asyncio.sleep(PAUSE)
        space.changed.notify()

    async def _fired(self, push: Push, *, late: bool) -> FiredRules:
        """The fault rules that fire on this push: those that put it off, or the others."""
        space = self._space
        if not space.shared:
            return self._fire(push, late=late)
        async with space.whole_request():
            fired = self._fire(push, late=late)
        await space.kept()
        return fired

    def _fire(self, push: Push, *, late: bool) -> FiredRules:
        batch = push.batch
        if not len(self._space.faults):
            return NO_FAULTS
        incoming = Incoming("push", batch.user, [[batch.destinations[push.index]]], [batch.title], [batch.text])
        now = self._space.clock.now()
        return self._space.faults.fire(incoming, now, lambda rule: bool(rule.effect.push_delay()) is late)

    async def _postpone(self, push: Push, delay: int, fired: FiredRules) -> None:
        """Put a push off by so many ms, as the rules ask for, and write it to the journal."""
        async with self._space.lock:
            await self._space.store.apply([PushPostponed(push.number, push.due + delay, push.attempt)])
        await self._space.kept()
        self._space.journal.write(
            PushEntry(
                at=push.due,
                user=push.batch.user,
                outcome=Outcome.POSTPONED,
                request=WireRequest("POST", push.batch.push_url),
                response=None,
                error=Phrase("a fault rule puts it off"),
                notes=tuple(map(_fault_note, fired.armed)),
                faults=fired.labels,
            )
        )
        self._space.changed.notify()

    def _record(self, push: Push, body: bytes, result: PushResult, again: int | None, fired: FiredRules) -> None:
        """Write an attempt to the journal; `again` is when the next one is due (ms)."""
        space = self._space
        headers = tuple(
            (name.encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in result.headers
        )
        space.journal.write(
            PushEntry(
                at=max(push.due, push.plan.done_at),
                user=push.batch.user,
                outcome=_outcome(result, final=again is None),
                request=WireRequest("POST", push.batch.push_url, body, REPORT_TYPE, headers),
                response=result.response,
                error=result.error,
                notes=(_note(push, result, again), *_cut_notes(result), *map(_fault_note, fired.armed)),
                faults=fired.labels,
            )
        )


def _cut_notes(result: PushResult) -> tuple[Note, ...]:
    """A note about a body that the receiver did not send whole; the report counts by the head."""
    if result.response is None or not result.response.cut:
        return ()
    return (Note(Kind.NOTED, "S-19.2", expected=Phrase("a complete body"), found=result.response.cut),)


def _fault_note(armed: ArmedRule) -> Note:
    found = Phrase("fault rule {label}: {sentence}", label=armed.label, sentence=armed.rule.effect.description())
    return Note(Kind.FAULT, "E.2", found=found)


def _outcome(result: PushResult, *, final: bool) -> Outcome:
    if result.delivered:
        return Outcome.PUSHED
    if result.refused:
        return Outcome.REFUSED
    return Outcome.LOST if final else Outcome.POSTPONED


def _note(push: Push, result: PushResult, again: int | None) -> Note:
    if result.delivered:
        found = Phrase("attempt {attempt}: {detail}", attempt=push.attempt, detail=result.detail)
        return Note(Kind.NOTED, "S-19.2", found=found)
    if result.refused:
        return Note(
            Kind.REFUSED,
            "S-19.2",
            expected=Phrase("an address that may be pushed to"),
            found=result.detail,
            hint=Phrase("use the address of your receiver; push.allow says which are allowed"),
        )
    if again is None:
        then = Phrase("the report is lost")
    else:
        then = Phrase("again in {minutes} min", minutes=(again - push.due) // 60_000)
    found = Phrase("attempt {attempt}: {detail}; {then}", attempt=push.attempt, detail=result.detail, then=then)
    return Note(Kind.NOTED, "S-19.4", expected=Phrase("an answer 2xx"), found=found)
