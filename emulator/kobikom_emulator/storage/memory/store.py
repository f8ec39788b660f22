"""The port `Store`, answered from memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Collection, Sequence
from contextlib import aclosing
from decimal import Decimal

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Change
from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record
from kobikom_emulator.storage.memory.contents import Contents

SLICE = 1000
"""Messages or records looked at before the event loop runs other tasks."""


class MemoryStore:
    """`ports.Store` in the memory of the process."""

    def __init__(self) -> None:
        self._contents = Contents()

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

    async def messages(
        self, query: MessageQuery, *, now: int, before: int | None = None, limit: int
    ) -> Sequence[MessageState]:
        messages: list[MessageState] = []
        if limit <= 0:
            return messages
        async with aclosing(self._included(query, now, before)) as included:
            async for message in included:
                messages.append(message)
                if len(messages) >= limit:
                    break
        return messages

    async def count(self, query: MessageQuery, *, now: int) -> int:
        if query.is_everything:
            return self._contents.messages.size
        count = 0
        async for _ in self._included(query, now, None):
            count += 1
        return count

    async def _included(self, query: MessageQuery, now: int, before: int | None) -> AsyncGenerator[MessageState, None]:
        """The messages that a query includes, newest first."""
        contents, everything = self._contents, query.is_everything
        looked_at = 0
        for row, end in contents.messages.newest_first(before):
            looked_at += 1
            if looked_at % SLICE == 0:
                await asyncio.sleep(0)
            if not query.may_include(row.batch):
                continue
            for index in range(end - 1, -1, -1):
                looked_at += 1
                if looked_at % SLICE == 0:
                    await asyncio.sleep(0)
                if row.has(index):
                    message = contents.state(row, index)
                    if everything or query.includes(message, now):
                        yield message

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

    async def due_pushes(self, now: int, limit: int) -> Sequence[Push]:
        return self._contents.pushes.due(now, limit)

    async def next_push(self) -> int | None:
        return self._contents.pushes.next_due()

    async def apply(self, changes: Sequence[Change]) -> None:
        contents = self._contents
        for _ in contents.check(changes):
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

    async def export(self) -> AsyncIterator[Record]:
        for nth, record in enumerate(self._contents.export(), start=1):
            if nth % SLICE == 0:
                await asyncio.sleep(0)
            yield record

    async def replace(self, records: AsyncIterable[Record]) -> None:
        contents = Contents(self._contents.pushes.next_number)
        async for record in records:
            contents.load(record)
        self._contents = contents

    async def clear(self) -> None:
        self._contents = Contents(self._contents.pushes.next_number)
