"""Looks through the messages of a space for those that a query includes, block by block, newest first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Iterator

from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.storage.memory.blocks import Block
from kobikom_emulator.storage.memory.columns import Columns
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
        self._required = query.required_words()
        self.looked_at = 0

    async def newest_first(self, before: int | None = None, after: int = -1) -> AsyncGenerator[MessageState]:
        """The messages with numbers between `after` and `before` that the query includes."""
        async for rows in self._blocks(before, after):
            for decided in rows:
                if decided is None:
                    await asyncio.sleep(0)
                    continue
                row, all_included = decided
                for index in row.newest_first(before, after):
                    self.looked_at += 1
                    if self.looked_at % SLICE == 0:
                        await asyncio.sleep(0)
                    if row.has(index):
                        message = self._contents.state(row, index)
                        if all_included or self._query.includes(message, self._now):
                            yield message

    async def count(self, after: int = -1) -> int:
        """How many messages with numbers greater than `after` the query includes."""
        count = 0
        async for rows in self._blocks(None, after):
            for decided in rows:
                if decided is None:
                    await asyncio.sleep(0)
                    continue
                row, all_included = decided
                if all_included and row.number > after:
                    count += len(row.batch) if row.deleted is None else row.deleted.count(0)
                    continue
                for index in row.newest_first(None, after):
                    self.looked_at += 1
                    if self.looked_at % SLICE == 0:
                        await asyncio.sleep(0)
                    if row.has(index):
                        count += self._query.includes(self._contents.state(row, index), self._now)
        return count

    async def _blocks(self, before: int | None, after: int) -> AsyncIterator[Iterator[tuple[Row, bool] | None]]:
        """For each block, newest first, its rows that may have such messages, each with whether the query includes all
        messages of it; None is a pause.
        """
        for nth, block in enumerate(self._contents.messages.newest_first(before), start=1):
            if block.end <= after + 1:
                return
            if nth % SKIPPED_SLICE == 0:
                await asyncio.sleep(0)
            if self._everything or not block.is_full:
                yield self._row_by_row(block)
            elif block.known_facts().may_include(self._query, self._now):
                columns = block.columns or await self._made_columns(block)
                if columns.may_have(self._required):
                    yield columns.decided(self._query, self._now)
                    await asyncio.sleep(0)

    def _row_by_row(self, block: Block) -> Iterator[tuple[Row, bool]]:
        for row in reversed(block.rows):
            if self._everything or self._query.may_include(row.batch):
                yield row, self._everything
            else:
                self.looked_at += 1  # all at once

    async def _made_columns(self, block: Block) -> Columns:
        columns = Columns(block.rows)
        for _ in columns.read_own():
            await asyncio.sleep(0)
        if columns.rows is block.rows:
            block.columns = columns
        return columns
