"""Waits until enough messages match; each message is looked at once when it arrives, and when its status changes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from heapq import heappop, heappush

from msgspec.structs import replace

from kobikom_emulator.domain.delivery import status_begins_at
from kobikom_emulator.domain.matching import EVERYTHING, MessageMatch, MessageQuery
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import LAST_CLOCK
from kobikom_emulator.space.errors import ServerStopping, SpaceClosed
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.watches import Watch

LOOK = 20_000
"""Messages that are looked at before the time is checked. So many are looked at even if the time is up already."""

GRACE = 0.05
"""Real seconds after its time that a wait still looks at the messages that are there: the least for a time-out of 0."""

FEW = 100
"""Messages of a space that are looked at first: most waits of tests are for a message that is there already."""

PAGE = 1000
"""Messages under way that are read at a time."""


class MessageWait:
    """One wait for `count` messages until `deadline` (the event loop's time)."""

    def __init__(self, space: Space, match: MessageMatch, *, count: int, deadline: float) -> None:
        self._space = space
        self._query = MessageQuery(match)
        self._count = count
        self._deadline = deadline
        self._time = asyncio.get_running_loop().time
        self._start_again()

    def _start_again(self) -> None:
        self._generation, self._seen_at = self._space.generation, self._space.clock.now()
        self._matched: set[int] = set()
        self._to_come: list[tuple[int, int]] = []
        """A heap of the messages under way that will have the wanted status: from when on, and number."""
        self._unseen = 0
        """The messages with numbers below this one were not looked at, because enough others matched."""

    async def run(self) -> Sequence[MessageState]:
        """The newest `count` messages that match, newest first, as soon as there are so many; fewer when the time is
        up. `SpaceClosed` once the space is closed, `ServerStopping` once the server stops.
        """
        space = self._space
        if await space.store.next_number() <= FEW:
            now = space.clock.now()
            matching = await space.store.messages(self._query, now=now, limit=self._count)
            if len(matching) == self._count:
                return matching
        with space.watches.open(self._query.match) as watch:
            await self._look_at_all()
            while True:
                if space.stopping:
                    raise ServerStopping("the server is stopping")
                if space.closed:
                    raise SpaceClosed(f"space {space.name!r} is closed")
                matching = await self._matching(watch)
                left = self._deadline - self._time()
                if len(matching) >= self._count or left <= 0:
                    return matching[: self._count]
                with suppress(TimeoutError):
                    async with asyncio.timeout(self._until_next(left)):
                        await watch.woken()

    def _until_next(self, left: float) -> float:
        """Real seconds until the time is up, or a message gets the wanted status."""
        clock = self._space.clock
        if not self._to_come or clock.frozen or clock.now() >= LAST_CLOCK:
            return left
        return min(left, max(self._to_come[0][0] - clock.now(), 0) / clock.rate / 1000)

    async def _matching(self, watch: Watch) -> Sequence[MessageState]:
        """Those that match now, newest first."""
        space = self._space
        now = space.clock.now()
        if space.generation != self._generation or now < self._seen_at:
            watch.arrived.clear()
            await self._look_at_all()
        while watch.arrived:
            numbers = watch.arrived.pop()
            await self._look_at(numbers.start, numbers.stop)
        self._seen_at = now = space.clock.now()
        while self._to_come and self._to_come[0][0] <= now:
            self._matched.add(heappop(self._to_come)[1])
        matching = await self._still_matching(now)
        if len(matching) < self._count and self._unseen:
            # some of those that were enough are not there any more
            await self._look_at(0, self._unseen)
            matching = await self._still_matching(now)
        return matching

    async def _still_matching(self, now: int) -> Sequence[MessageState]:
        if len(self._matched) < self._count and self._time() < self._deadline:
            return ()  # not enough anyway
        messages = await self._space.store.numbered(sorted(self._matched, reverse=True))
        matching = [message for message in messages if self._query.includes(message, now)]
        self._matched = {message.number for message in matching}
        return matching

    async def _look_at_all(self) -> None:
        self._start_again()
        await self._look_at(0, await self._space.store.next_number())

    async def _look_at(self, start: int, stop: int) -> None:
        """Look at the messages with these numbers, newest first, until enough match or the time is up."""
        if start == 0:
            self._unseen = 0
        async with self._turn():
            await self._look_by_pieces(start, stop)

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Waits look one after another, so that those whose time is up need not wait until all have looked."""
        looking = self._space.watches.looking
        if not looking.locked():
            async with looking:
                yield
            return
        try:
            async with asyncio.timeout_at(self._deadline):
                await looking.acquire()
        except TimeoutError:
            yield
            return
        try:
            yield
        finally:
            looking.release()

    async def _look_by_pieces(self, start: int, stop: int) -> None:
        store = self._space.store
        while stop > start:
            if stop - start > LOOK:  # most of them may be gone
                newest = await store.messages(EVERYTHING, now=0, before=stop, after=start - 1, limit=1)
                if not newest:
                    return
                stop = newest[0].number + 1
            begin, now = max(start, stop - LOOK), self._space.clock.now()
            matching = await store.messages(self._query, now=now, before=stop, after=begin - 1, limit=self._count)
            self._matched.update([message.number for message in matching])
            if self._query.match.status is not None:
                await self._look_for_those_to_come(begin, stop, now)
            stop = begin
            if len(self._matched) >= self._count or self._time() > self._deadline + GRACE:
                self._unseen = max(self._unseen, stop)
                return

    async def _look_for_those_to_come(self, start: int, stop: int, now: int) -> None:
        status = self._query.match.status
        assert status is not None
        under_way = MessageQuery(replace(self._query.match, status=None), unfinished_at=now)
        while messages := await self._space.store.messages(
            under_way, now=now, before=stop, after=start - 1, limit=PAGE
        ):
            for message in messages:
                begins = status_begins_at(message.plan, status)
                if begins is not None and begins > now:
                    heappush(self._to_come, (begins, message.number))
            stop = messages[-1].number
