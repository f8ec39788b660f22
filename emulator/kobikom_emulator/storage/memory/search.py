"""Looks through the messages of a space for those that a query includes, block by block, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.storage.memory.blocks import Block
from kobikom_emulator.storage.memory.contents import Contents
from kobikom_emulator.storage.rows import Row

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
        self._required: frozenset[str] | None = None
        self.looked_at = 0

    async def newest_first(self, before: int | None = None, after: int = -1) -> AsyncGenerator[MessageState]:
        """The messages with numbers between `after` and `before` that the query includes."""
        for nth, block in enumerate(self._contents.messages.newest_first(before), start=1):
            if block.end <= after + 1:
                return
            if nth % SKIPPED_SLICE == 0:
                await asyncio.sleep(0)
            if not await self._may_include(block):
                continue
            for row in reversed(block.rows):
                if not self._query.may_include(row.batch):
                    self.looked_at += 1  # all at once
                    continue
                for index in row.newest_first(before, after):
                    self.looked_at += 1
                    if self.looked_at % SLICE == 0:
                        await asyncio.sleep(0)
                    if (message := self._included(row, index)) is not None:
                        yield message

    def _included(self, row: Row, index: int) -> MessageState | None:
        """A message, if the query includes it."""
        if not row.has(index):
            return None
        message = self._contents.state(row, index)
        return message if self._everything or self._query.includes(message, self._now) else None

    async def _may_include(self, block: Block) -> bool:
        """Whether a block may hold a message that the query includes."""
        if self._everything or not block.is_full:
            return True
        if not block.known_facts().may_include(self._query, self._now):
            return False
        required = self._query.required_words() if self._required is None else self._required
        self._required = required
        if not required:
            return True
        if block.vocabulary is None:
            words: set[str] = set()
            for some in block.words(SLICE):
                words |= some
                await asyncio.sleep(0)
            block.vocabulary = "\n".join(words)
        vocabulary = block.vocabulary
        return all([word in vocabulary for word in required])
