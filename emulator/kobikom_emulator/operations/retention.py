"""Drops the messages of a space that are too many or too old, in the background."""

from __future__ import annotations

import asyncio
import logging

from kobikom_emulator.domain.changes import Deleted
from kobikom_emulator.domain.retention import Expired
from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.space.space import Space

SLICE = 1000
"""Messages that are dropped before the event loop runs other tasks."""

PAUSE = 0.1
"""Real seconds between two looks."""

SILENCE = 60.0
"""Real seconds after which it looks although nothing changed: messages grow older by themselves."""

_log = logging.getLogger("kobikom_emulator.retention")


class RetentionLoop:
    """Runs until cancelled; does nothing where no retention is set."""

    def __init__(self, space: Space) -> None:
        self._space = space
        self._retention = space.blueprint.retention
        self._next_number = self._now = 0
        self._generation = -1

    async def run(self) -> None:
        if self._retention.is_off:
            return
        changed = self._space.changed
        while True:
            seen = changed.count
            try:
                if await self._may_be_due():
                    await self.drop()
            except StoreFailed:
                self._generation = -1  # what could not be dropped is looked for again
            await asyncio.sleep(PAUSE)
            try:
                async with asyncio.timeout(SILENCE):
                    await changed.wait(seen)
            except TimeoutError:
                self._generation = -1

    async def _may_be_due(self) -> bool:
        """Whether enough changed since the last time: new messages, the clock, or everything."""
        space, retention = self._space, self._retention
        new = await space.store.next_number() - self._next_number
        older = abs(space.clock.now() - self._now)
        return (
            space.generation != self._generation
            or new > retention.slack
            or (retention.age > 0 and older >= retention.age * 10)  # in ms: a hundredth of the age
        )

    async def drop(self) -> None:
        """Drop what is too much now, and count it."""
        space, store = self._space, self._space.store
        async with space.lock:
            self._generation, self._now = space.generation, space.clock.now()
            self._next_number = await store.next_number()
            expired = await store.expired(self._retention, now=self._now)
            for start in range(0, len(expired.numbers), SLICE):
                await store.apply([Deleted(expired.numbers[start : start + SLICE])])
                await asyncio.sleep(0)
            space.dropped.messages += len(expired.numbers)
            space.dropped.unpulled += expired.unpulled
        if expired.numbers:
            await space.kept()
            self._report(expired)
            space.changed.notify()

    def _report(self, expired: Expired) -> None:
        name, dropped = self._space.name, len(expired.numbers)
        if expired.unpulled:
            _log.warning(
                "space %s: dropped %d messages, %d of them with a report that was not given (retention.unpulled)",
                name, dropped, expired.unpulled,
            )  # fmt: skip
        else:
            _log.info("space %s: dropped %d messages (retention)", name, dropped)
