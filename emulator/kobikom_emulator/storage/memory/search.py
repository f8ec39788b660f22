"""Looks through the messages of a space for those that a query includes, block by block, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.storage.memory.blocks import Block
from kobikom_emulator.storage.memory.contents import Contents

SLICE = 1000
"""Messages looked at before the event loop runs other tasks."""

SKIPPED_SLICE = 100
"""Blocks skipped before it does; looking at one takes about as long as looking at some messages."""


class Search:
    """One search. `looked_at` counts the messages that were compared with the query."""

    def __init__(self, contents: Contents, query: MessageQuery, now: int) -> None:
        self._contents = contents
        self._query = query
        self._now = now
        self._everything = query.is_everything
        self._required = query.required_words()
        self.looked_at = 0

    async def newest_first(self, before: int | None = None, after: int = -1) -> AsyncGenerator[MessageState]:
        """The messages with numbers between `after` and `before` that the query includes."""
        query, now, everything = self._query, self._now, self._everything
        for nth, block in enumerate(self._contents.messages.newest_first(before), start=1):
            if block.end <= after + 1:
                return
            if nth % SKIPPED_SLICE == 0:
                await asyncio.sleep(0)
            if block.is_full and not everything and not await self._may_include(block):
                continue
            for row in reversed(block.rows):
                number, end = row.number, len(row.batch)
                if before is not None and number + end > before:
                    end = before - number
                self._look()
                if self.looked_at % SLICE == 0:
                    await asyncio.sleep(0)
                if end <= 0 or not query.may_include(row.batch):
                    continue
                for index in range(end - 1, max(-1, after - number), -1):
                    self._look()
                    if self.looked_at % SLICE == 0:
                        await asyncio.sleep(0)
                    if row.has(index):
                        message = self._contents.state(row, index)
                        if everything or query.includes(message, now):
                            yield message

    def _look(self) -> None:
        self.looked_at += 1

    async def _may_include(self, block: Block) -> bool:
        """Whether a full block may hold a message that the query includes."""
        if not block.known_facts().may_include(self._query, self._now):
            return False
        if not self._required:
            return True
        if block.vocabulary is None:
            words: set[str] = set()
            for some in block.words(SLICE):
                words |= some
                await asyncio.sleep(0)
            block.vocabulary = "\n".join(words)
        vocabulary = block.vocabulary
        return all([word in vocabulary for word in self._required])
