"""The push loop of a space: posts each report that is due and tries again later if that fails (S-19).

It is the only background task of delivery; everything else is derived from plans.
"""

from __future__ import annotations

import asyncio

from kobikom_emulator.domain.changes import PushPostponed, PushSettled
from kobikom_emulator.domain.reports import Push, next_attempt
from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.gateway.pulling import report_document
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.ports import PushResult
from kobikom_emulator.space.space import Space

AT_ONCE = 32
"""Pushes that are made at the same time."""

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
        body = report_document(push, space.readings)
        result = await space.pusher.push(push.batch.push_url, body)
        again = None if result.delivered or result.refused else next_attempt(push)
        async with space.turn:
            if again is None:
                await space.store.apply([PushSettled(push.number)])
            else:
                await space.store.apply([PushPostponed(push.number, again, push.attempt + 1)])
        space.journal.write(
            at=max(push.due, push.plan.done_at),
            operation="push",
            user=push.batch.user,
            outcome=_outcome(result, final=again is None),
            code=None,
            request=WireRequest("POST", push.batch.push_url, body, REPORT_TYPE),
            answer=Answer((result.detail.encode(),)),
            notes=(_note(push, result, again),),
        )
        space.bell.ring()


def _outcome(result: PushResult, *, final: bool) -> str:
    if result.delivered:
        return "pushed"
    if result.refused:
        return "refused"
    return "lost" if final else "postponed"


def _note(push: Push, result: PushResult, again: int | None) -> Note:
    if result.delivered:
        return Note(Kind.NOTED, "S-19", found=f"attempt {push.attempt}: {result.detail}")
    if result.refused:
        return Note(Kind.REFUSED, "S-19", expected="an address that may be pushed to", found=result.detail)
    then = "the report is lost" if again is None else f"again in {(again - push.due) // 60_000} min"
    return Note(Kind.NOTED, "S-19", expected="an answer 2xx", found=f"attempt {push.attempt}: {result.detail}; {then}")
