"""Messages over the control API: list, show, force an outcome, wait, drain."""

from __future__ import annotations

from kobikom_emulator.control import views
from kobikom_emulator.control.models import (
    Done,
    DrainRequest,
    Matches,
    MessageDetail,
    MessagePage,
    NearMiss,
    OutcomeRequest,
    WaitRequest,
)
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, as_json
from kobikom_emulator.domain.delivery import Outcome
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations import messages as inspection
from kobikom_emulator.space.space import Space


async def list_messages(space: Space, call: Call) -> Answer:
    """A page of messages, newest first."""
    query = call.query
    before = None
    if query.before is not None and (before := inspection.Cursor.parse(query.before)) is None:
        raise Problem(400, f"before: {query.before!r} is no cursor of a message", field="before")
    since = None
    if query.since is not None:
        if query.since.tzinfo is None:
            raise Problem(400, "since: needs a time zone, as in 2026-01-31T09:00:00+03:00", field="since")
        since = round(query.since.timestamp() * 1000)
    match = MessageMatch(query.user, query.to, query.title, query.text, query.status)
    found = await inspection.matching(
        space, match, limit=query.limit + 1, before=before, since=since, having=query.q or ""
    )
    now = space.clock.now()
    page = tuple(views.message(each, now) for each in found[: query.limit])
    return as_json(MessagePage(page, page[-1].cursor if len(found) > query.limit else None))


async def show_message(space: Space, call: Call) -> Answer:
    return as_json(_in_detail(space, await _find(space, call)))


async def force_outcome(space: Space, call: Call) -> Answer:
    """Let a message end as wanted, whatever its plan was."""
    wanted = call.body_as(OutcomeRequest)
    outcome = Outcome(wanted.status, round(wanted.after * 1000), wanted.gsm_error)
    try:
        standing = await inspection.force(space, await _find(space, call), outcome)
    except inspection.ReportGone as gone:
        raise Problem(409, f"message {call.path['message']}: {gone}") from None
    return as_json(_in_detail(space, standing))


async def wait(space: Space, call: Call) -> Answer:
    """Answer once enough messages match; 408 with the nearest misses when the time is up."""
    wanted = call.body_as(WaitRequest)
    found = await inspection.wait_for(space, wanted.match, count=wanted.count, patience=wanted.timeout)
    if len(found) >= wanted.count:
        return as_json(Matches(tuple(_in_detail(space, each) for each in found)))
    now = space.clock.now()
    misses = [
        NearMiss(views.message(standing, now), tuple(differences))
        for standing, differences in await inspection.nearest(space, wanted.match)
    ]
    raise Problem(
        408, f"{len(found)} of {wanted.count} messages matched within {wanted.timeout:g} s", nearest_misses=misses
    )


async def drain(space: Space, call: Call) -> Answer:
    """Answer once nothing is in flight and every push that is due was attempted."""
    wanted = call.body_as(DrainRequest)
    if not await inspection.drain(space, patience=wanted.timeout):
        raise Problem(408, f"something was still under way after {wanted.timeout:g} s")
    return as_json(Done("drained"))


def _in_detail(space: Space, standing: MessageState) -> MessageDetail:
    entry = space.journal.of_message(standing.batch.first_id + standing.index)
    return views.message_in_detail(standing, space.clock.now(), request=entry.number if entry else None)


async def _find(space: Space, call: Call) -> MessageState:
    found = await space.store.find(call.path["message"])
    if not found:
        raise Problem(404, f"space {space.name!r} has no message {call.path['message']!r}")
    return found[0]
