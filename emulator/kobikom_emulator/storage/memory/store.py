"""The port `Store`, answered from memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Collection, Iterable, Sequence
from contextlib import aclosing
from decimal import Decimal

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Change
from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push, ReportQuery, Reports
from kobikom_emulator.domain.retention import Expired, Retention
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record
from kobikom_emulator.storage.checks import check
from kobikom_emulator.storage.memory.blocks import BLOCK
from kobikom_emulator.storage.memory.contents import Contents
from kobikom_emulator.storage.memory.search import Search

SLICE = 1000
"""Records exported before the event loop runs other tasks."""


class MemoryStore:
    """`ports.Store` in the memory of the process. `looked_at` counts the messages that searches compared with their
    query; `block_size` is how many consecutive messages a search can skip at a time.
    """

    def __init__(self, *, block_size: int = BLOCK) -> None:
        self._block_size = block_size
        self._contents = self._empty(1)
        self.looked_at = 0

    def _empty(self, next_push: int) -> Contents:
        return Contents(next_push, block_size=self._block_size)

    async def account(self, user: str) -> Account | None:
        return self._contents.accounts.account(user)

    async def accounts(self) -> Sequence[Account]:
        return self._contents.accounts.accounts()

    async def credit(self, user: str, now: int) -> Decimal:
        return self._contents.accounts.credit(user, now)

    async def ledger(
        self, user: str | None, *, now: int, before: int | None = None, limit: int
    ) -> Sequence[LedgerLine]:
        return self._contents.accounts.ledger(user, now, before, limit)

    async def ledger_size(self, user: str | None, *, now: int) -> int:
        return self._contents.accounts.ledger_size(user, now)

    async def totals(self, now: int) -> Sequence[AccountTotals]:
        return self._contents.accounts.totals(now)

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return self._contents.messages.used_ids(user, ids)

    async def message(self, message_id: str) -> MessageState | None:
        contents = self._contents
        place = contents.messages.newest_with_id(message_id)
        return None if place is None else contents.state(*place)

    async def next_number(self) -> int:
        return self._contents.messages.next_number

    async def numbered(self, numbers: Iterable[int]) -> Sequence[MessageState]:
        contents = self._contents
        places = map(contents.messages.place, numbers)
        return [contents.state(*place) for place in places if place is not None]

    async def messages(
        self, query: MessageQuery, *, now: int, before: int | None = None, after: int = -1, limit: int
    ) -> Sequence[MessageState]:
        messages: list[MessageState] = []
        if limit <= 0:
            return messages
        search = Search(self._contents, query, now)
        # Closed here: Python would close an abandoned generator in a task of its own.
        async with aclosing(search.newest_first(before, after)) as included:
            async for message in included:
                messages.append(message)
                if len(messages) >= limit:
                    break
        self.looked_at += search.looked_at
        return messages

    async def count(self, query: MessageQuery, *, now: int, after: int = -1) -> int:
        if query.is_everything and after < 0:
            return self._contents.messages.size
        search = Search(self._contents, query, now)
        count = await search.count(after)
        self.looked_at += search.looked_at
        return count

    async def expired(self, retention: Retention, *, now: int) -> Expired:
        messages = self._contents.messages
        too_many = messages.size - retention.messages if retention.messages else 0
        oldest = now - round(retention.age * 1000) if retention.age else None
        given: list[int] = []
        unpulled: list[int] = []
        for nth, row in enumerate(messages.oldest_first(), start=1):
            if nth % SLICE == 0:
                await asyncio.sleep(0)
            is_old = oldest is not None and row.batch.groups[0].plan.submitted_at < oldest
            if too_many <= 0 and not is_old:
                break
            indices = row.present()
            if not is_old:
                indices = indices[:too_many]
            too_many -= len(indices)
            for index in indices:
                (given if row.given[index] else unpulled).append(row.number + index)
        lost = unpulled[: max(0, len(unpulled) - retention.unpulled)] if retention.unpulled else []
        return Expired(tuple(sorted(given + lost)), len(lost))

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        if query.message_ids is None:
            return self._contents.take_oldest(query, limit)
        taken: list[Reports] = []
        for reports in self._contents.take_named(query):
            if reports is None:
                await asyncio.sleep(0)
            else:
                taken.append(reports)
        return taken

    async def due_pushes(self, now: int, limit: int, busy: BusyPushes = NO_PUSHES) -> Sequence[Push]:
        return self._contents.pushes.due(now, limit, busy)

    async def next_push(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        return self._contents.pushes.next_due(busy)

    async def apply(self, changes: Sequence[Change]) -> None:
        contents = self._contents
        for _ in check(changes, contents):
            await asyncio.sleep(0)
        cancelled: asyncio.CancelledError | None = None
        for _ in contents.apply(changes):
            if cancelled is None:
                try:
                    await asyncio.sleep(0)
                except asyncio.CancelledError as error:
                    cancelled = error  # all of the changes or none: these have begun
        if cancelled is not None:
            raise cancelled

    async def kept(self) -> None:
        """Memory keeps what was applied for as long as it keeps anything."""

    async def export(self) -> AsyncIterator[Record]:
        for nth, record in enumerate(self._contents.export(), start=1):
            if nth % SLICE == 0:
                await asyncio.sleep(0)
            yield record

    async def replace(self, records: AsyncIterable[Record]) -> None:
        contents = self._empty(self._contents.pushes.next_number)
        async for record in records:
            contents.load(record)
        await self._exchange(contents)

    async def clear(self) -> None:
        await self._exchange(self._empty(self._contents.pushes.next_number))

    async def _exchange(self, contents: Contents) -> None:
        """Keep other contents, and free the memory of the old ones in pieces: all at once takes long."""
        old, self._contents = self._contents, contents
        for _ in old.dismantled():
            await asyncio.sleep(0)
