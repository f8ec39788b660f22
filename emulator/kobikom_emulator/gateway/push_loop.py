"""Posts each report of a space that is due, and tries again where that fails (S-19).

Pushes are the only part of delivery that runs in the background; everything else follows from the plans.
"""

from __future__ import annotations

import asyncio

from kobikom_emulator.domain.changes import PushPostponed, PushSettled
from kobikom_emulator.domain.reports import Push, next_attempt
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.faults.chain import NO_FAULTS, ArmedRule, FiredRules
from kobikom_emulator.faults.rule import Incoming
from kobikom_emulator.gateway.pulling import report_document
from kobikom_emulator.journal.entries import Outcome, PushEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PushResult
from kobikom_emulator.space.space import Space

AT_ONCE = 32
"""The most pushes at one time."""

REPORT_TYPE = "application/xml; charset=UTF-8"


class PushLoop:
    """Runs until cancelled."""

    def __init__(self, space: Space) -> None:
        self._space = space

    async def run(self) -> None:
        clock, store = self._space.clock, self._space.store
        while True:
            await clock.reach(await store.next_push())
            while due := await store.due_pushes(clock.now(), AT_ONCE):
                await asyncio.gather(*[self._attempt(push) for push in due])

    async def _attempt(self, push: Push) -> None:
        space = self._space
        fired = self._fired(push)
        if delay := round(fired.push_delay() * 1000):
            await self._postpone(push, delay)
            return
        body = report_document(push, fired.readings(space.readings))
        for _ in range(fired.push_copies() - 1):
            self._record(push, body, await space.pusher.push(push.batch.push_url, body), push.due, fired)
        result = await space.pusher.push(push.batch.push_url, body)
        again = None if result.delivered or result.refused else next_attempt(push)
        async with space.lock:
            if again is None:
                await space.store.apply([PushSettled(push.number)])
            else:
                await space.store.apply([PushPostponed(push.number, again, push.attempt + 1)])
        self._record(push, body, result, again, fired)
        space.changed.notify()

    def _fired(self, push: Push) -> FiredRules:
        """The fault rules that fire on this push."""
        batch = push.batch
        if not len(self._space.faults):
            return NO_FAULTS
        incoming = Incoming("push", batch.user, [[batch.destinations[push.index]]], [batch.title], [batch.text])
        return self._space.faults.fire(incoming, self._space.clock.now())

    async def _postpone(self, push: Push, delay: int) -> None:
        """Put a push off by so many ms, as the rules ask for."""
        async with self._space.lock:
            await self._space.store.apply([PushPostponed(push.number, push.due + delay, push.attempt)])
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
                notes=(_note(push, result, again), *map(_fault_note, fired.armed)),
                faults=fired.labels,
            )
        )


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
            hint=Phrase("use an address of this machine, or allow others: push.allow"),
        )
    if again is None:
        then = Phrase("the report is lost")
    else:
        then = Phrase("again in {minutes} min", minutes=(again - push.due) // 60_000)
    found = Phrase("attempt {attempt}: {detail}; {then}", attempt=push.attempt, detail=result.detail, then=then)
    return Note(Kind.NOTED, "S-19.4", expected=Phrase("an answer 2xx"), found=found)
