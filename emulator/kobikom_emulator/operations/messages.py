"""List, show, wait for and delete the messages of a space, decide how one ends, and wait until nothing is under way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from kobikom_emulator.domain.changes import Deleted
from kobikom_emulator.domain.delivery import Outcome
from kobikom_emulator.domain.matching import EVERYTHING, MessageMatch, MessageQuery
from kobikom_emulator.domain.outcomes import ForcedRefusal, force
from kobikom_emulator.domain.search import InvalidSearch, search_query
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import milliseconds
from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound, NotInTime
from kobikom_emulator.operations.message_wait import MessageWait
from kobikom_emulator.operations.waiting import until
from kobikom_emulator.space.space import Space

Timeout = Annotated[float, Meta(ge=0, le=300, description="Real seconds to wait at most.")]

ANY_MESSAGE = MessageMatch()

REFUSALS: Mapping[ForcedRefusal, str] = {
    ForcedRefusal.REPORT_GIVEN: "its report was given already, so its status is final",
    ForcedRefusal.REFUND_PAID: "it ended NOT_ALLOWED and its charge was given back, so its status is final",
    ForcedRefusal.TOO_LATE: "it would end after the last year that dates can be printed in",
}
"""Why an outcome can't be forced, in words."""

NEAREST = 3
"""How many near misses a failed wait names."""

NEAREST_AMONG = 100
"""The newest messages among which near misses are looked for."""

DELETE_SLICE = 1000
"""Messages that are deleted before the event loop runs other tasks."""


class MessagePage(msgspec.Struct, frozen=True):
    """Messages, newest first, and the number to ask for the next page with (None: this is the last)."""

    messages: Sequence[MessageState]
    next: int | None


class NearMiss(msgspec.Struct, frozen=True):
    """A message that matches nearly, and a sentence for each condition it fails."""

    message: MessageState
    differences: Sequence[str]


def _too_few(found: int, count: int, seconds: float) -> str:
    """What a failed wait says: only where several were waited for does it count."""
    when = f"within {seconds:g} s" if seconds else "by now"
    if count == 1:
        return f"no message matched {when}"
    return f"{found or 'none'} of the {count} messages matched {when}"


class MessageOperations:
    """The messages of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def query(
        self, match: MessageMatch = ANY_MESSAGE, *, search: str = "", since: datetime | None = None
    ) -> MessageQuery:
        """The messages that match, submitted at `since` or later, as a search field says; `Invalid` if it cannot be."""
        try:
            return search_query(search, match, since=None if since is None else milliseconds(since))
        except InvalidSearch as error:
            raise Invalid(str(error), field="search") from None

    async def list(
        self,
        match: MessageMatch = ANY_MESSAGE,
        *,
        search: str = "",
        since: datetime | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> MessagePage:
        """A page of the messages that match, newest first: submitted at `since` or later, as `search` says (see
        `domain.search`), with numbers below `before`.
        """
        query = self.query(match, search=search, since=since)
        now = self._space.clock.now()
        messages = await self._space.store.messages(query, now=now, before=before, limit=limit + 1)
        page = messages[:limit]
        return MessagePage(page, page[-1].number if len(messages) > limit else None)

    async def count(
        self,
        match: MessageMatch = ANY_MESSAGE,
        *,
        search: str = "",
        since: datetime | None = None,
        after: int = -1,
    ) -> int:
        """How many messages match, of those with numbers greater than `after`."""
        query = self.query(match, search=search, since=since)
        return await self._space.store.count(query, now=self._space.clock.now(), after=after)

    async def place(self, at: datetime | None = None) -> int | None:
        """The number of the newest message that was submitted before an instant, or of the oldest of all; None where
        there is none. It is found by halving: where the clock was set back, it may be another message near that place.
        """
        store, now = self._space.store, self._space.clock.now()
        low, high = 0, await store.next_number()
        until = None if at is None else milliseconds(at)
        place: int | None = None
        while low < high:
            middle = (low + high + 1) // 2
            newest = await store.messages(EVERYTHING, now=now, before=middle, limit=1)
            if not newest:
                low = middle
            elif until is None:
                place, high = newest[0].number, min(middle - 1, newest[0].number)
            elif newest[0].plan.submitted_at < until:
                place, low = newest[0].number, middle
            else:
                high = newest[0].number
        return place

    async def show(self, message_id: str) -> MessageState:
        """The newest message of this id, generated or the customer's; `NotFound` where there is none."""
        message = await self._space.store.message(message_id)
        if message is None:
            raise NotFound(f"space {self._space.name!r} has no message {message_id!r}")
        return message

    def request_of(self, message: MessageState) -> int | None:
        """The number of the journal entry a message came with, None once that entry is dropped."""
        numbered = self._space.journal.of_message(message.batch.first_id + message.index)
        return None if numbered is None else numbered.number

    async def wait(
        self,
        match: MessageMatch,
        *,
        count: int,
        timeout: float,  # noqa: ASYNC109  # real seconds that the caller gives
    ) -> Sequence[MessageState]:
        """The newest `count` messages that match, newest first, as soon as there are so many. `NotInTime` after
        `timeout` real seconds, with the nearest misses.
        """
        deadline = asyncio.get_running_loop().time() + timeout
        matching = await MessageWait(self._space, match, count=count, deadline=deadline).run()
        if len(matching) == count:
            return matching
        raise NotInTime(
            _too_few(len(matching), count, timeout),
            more={"nearest_misses": await self.nearest(match)},
        )

    async def nearest(self, match: MessageMatch) -> Sequence[NearMiss]:
        """The messages that fail the fewest conditions."""
        now = self._space.clock.now()
        newest = await self._space.store.messages(EVERYTHING, now=now, limit=NEAREST_AMONG)
        misses = [NearMiss(message, match.differences(message, now)) for message in newest]
        return sorted((miss for miss in misses if miss.differences), key=lambda miss: len(miss.differences))[:NEAREST]

    async def force_outcome(self, message_id: str, outcome: Outcome) -> MessageState:
        """Decide how a message ends, `outcome.after` ms from now; `Conflict` if its report was given already."""
        space = self._space
        async with space.change():
            message = await self.show(message_id)
            account = await space.store.account(message.batch.user)
            changes = force(message, outcome, now=space.clock.now(), account_open=account is not None)
            if isinstance(changes, ForcedRefusal):
                raise Conflict(f"message {message_id}: {REFUSALS[changes]}")
            await space.store.apply(changes)
            space.watches.changed(message.number)
            space.webhooks.note_replanned(message.batch.first_id + message.index)
        return await self.show(str(message.batch.first_id + message.index))

    async def delete(self, message_id: str) -> None:
        """Delete one message; `NotFound` where there is none. Credit and ledger stay as they are."""
        async with self._space.change():
            message = await self.show(message_id)
            await self._space.store.apply([Deleted((message.number,))])

    async def delete_matching(self, match: MessageMatch) -> int:
        """Forget all messages that match; how many. Credit and ledger stay as they are."""
        space, query = self._space, MessageQuery(match)
        deleted = 0
        async with space.change():
            now, before = space.clock.now(), None
            while messages := await space.store.messages(query, now=now, before=before, limit=DELETE_SLICE):
                numbers = [message.number for message in messages]
                await space.store.apply([Deleted(numbers)])
                deleted += len(numbers)
                before = numbers[-1]
                await asyncio.sleep(0)
        return deleted

    async def drain(self, *, timeout: float) -> None:  # noqa: ASYNC109  # real seconds that the caller gives
        """Return once no request is being answered and every push that is due was attempted; `NotInTime` after
        `timeout` real seconds.
        """
        space = self._space

        async def idle() -> bool:
            due = await space.store.next_push()
            return not space.in_flight and not space.pushing and (due is None or due > space.clock.now())

        if not await until(space, idle, timeout=timeout):
            raise NotInTime(f"requests or pushes were still under way after {timeout:g} s")
