"""Looking into a space and moving its messages: list, find, wait, force an outcome, drain.

The control API, the pytest plugin and the inbox work through these operations.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from kobikom_emulator.domain.changes import Change, Refunded, Replanned
from kobikom_emulator.domain.delivery import Outcome, Plan, Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery, words_of
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.space.space import Space

NEAREST = 3
"""How many near misses a failed wait names."""

GLANCE = 0.02
"""Real seconds between two looks at statuses while a clock runs."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the list of messages that stays where it is while new ones come: just before this message."""

    number: int
    index: int

    @classmethod
    def parse(cls, text: str) -> Cursor | None:
        number, dash, index = text.partition("-")
        if not (dash and number.isascii() and number.isdigit() and index.isascii() and index.isdigit()):
            return None
        return cls(int(number), int(index)) if len(text) <= 24 else None

    def __str__(self) -> str:
        return f"{self.number}-{self.index}"


async def newest_first(space: Space, before: Cursor | None = None) -> AsyncIterator[MessageState]:
    """Every message, newest first; the loop gets its turn now and then."""
    store = space.store
    number = await store.batches() - 1
    last: int | None = None
    if before is not None:
        number = min(number, before.number)
        last = before.index - 1 if number == before.number else None
    seen = 0
    while number >= 0:
        batch = await store.batch(number)
        index = len(batch) - 1 if last is None else min(last, len(batch) - 1)
        last = None
        while index >= 0:
            yield await store.standing(number, index)
            index -= 1
            seen += 1
            if seen % 1000 == 0:
                await asyncio.sleep(0)
        number -= 1


async def matching(
    space: Space,
    match: MessageMatch,
    *,
    limit: int,
    before: Cursor | None = None,
    since: int | None = None,
    having: str = "",
) -> list[MessageState]:
    """The newest messages that match, at most `limit`, submitted at `since` (ms) or later and `having` these words."""
    found: list[MessageState] = []
    query = MessageQuery(match, words_of(having), since)
    now = space.clock.now()
    async for standing in newest_first(space, before):
        if query.includes(standing, now):
            found.append(standing)
            if len(found) >= limit:
                break
    return found


async def nearest(space: Space, match: MessageMatch, *, look_at: int = 1000) -> list[tuple[MessageState, list[str]]]:
    """The messages that fail the fewest conditions, with the reasons: what somebody who waited in vain wants to see."""
    now = space.clock.now()
    misses: list[tuple[MessageState, list[str]]] = []
    async for standing in newest_first(space):
        if differences := match.differences(standing, now):
            misses.append((standing, differences))
        if len(misses) >= look_at:
            break
    return sorted(misses, key=lambda each: len(each[1]))[:NEAREST]


async def wait_for(space: Space, match: MessageMatch, *, count: int, patience: float) -> list[MessageState]:
    """The matching messages once there are `count`, or those there are after `patience` (real seconds)."""
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        found = await matching(space, match, limit=max(count, 1))
        left = deadline - asyncio.get_running_loop().time()
        if len(found) >= count or left <= 0:
            return found
        # Time that merely passes does not notify anybody.
        pause = left if match.status is None or space.clock.frozen else min(left, GLANCE)
        try:
            async with asyncio.timeout(pause):
                await space.changed.wait()
        except TimeoutError:
            continue


async def drain(space: Space, *, patience: float) -> bool:
    """Whether, within the `patience` (real seconds), nothing was in flight and every push that is due was attempted."""
    deadline = asyncio.get_running_loop().time() + patience
    while True:
        due = await space.store.next_push()
        if space.in_flight == 0 and (due is None or due > space.clock.now()):
            return True
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            return False
        try:
            async with asyncio.timeout(left):
                await space.changed.wait()
        except TimeoutError:
            continue


class ReportGone(Exception):
    """How the message ended is known outside already and can't be changed any more (R-03, C-03)."""


async def force(space: Space, standing: MessageState, outcome: Outcome) -> MessageState:
    """Let a message end this way, `outcome.after` ms from now; `ReportGone` if its report is out already."""
    async with space.lock:
        standing = await space.store.standing(standing.number, standing.index)
        now = space.clock.now()
        if standing.given:
            raise ReportGone("its report was given already, so its end stands")
        if standing.plan.status is Status.NOT_ALLOWED and standing.plan.done_at <= now:
            raise ReportGone("it ended NOT_ALLOWED and its charge was given back, so its end stands")
        after = outcome.after or 0
        old = standing.plan
        plan = Plan(old.submitted_at, min(old.sent_at, now), now + after, outcome.status, outcome.error)
        await space.store.apply(_replanned(standing, plan))
        space.clock.nudge()
        space.changed.notify()
        return await space.store.standing(standing.number, standing.index)


def _replanned(standing: MessageState, plan: Plan) -> Sequence[Change]:
    """The new plan, and the charge back or kept as its status wants (C-03)."""
    batch, cost = standing.batch, standing.batch.cost_of(standing.index)
    changes: list[Change] = [Replanned(standing.number, standing.index, plan)]
    if standing.plan.status is Status.NOT_ALLOWED:
        changes.append(Refunded(batch.user, standing.plan.done_at, -cost))
    if plan.status is Status.NOT_ALLOWED:
        changes.append(Refunded(batch.user, plan.done_at, cost))
    return changes
