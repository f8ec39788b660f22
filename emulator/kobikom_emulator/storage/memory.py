"""Everything in memory: one record a batch, a byte a recipient for “its report was given”.

May be imported by bootstrap.
"""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import (
    Accepted,
    AccountSet,
    Change,
    Charged,
    PushPostponed,
    PushSettled,
    Refunded,
)
from kobikom_emulator.domain.messages import Batch, Lot
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports


@dataclass(slots=True)
class _Wallet:
    credit: Decimal
    refunds: list[tuple[int, Decimal]] = field(default_factory=list)


@dataclass(slots=True)
class _Row:
    """A batch and which of its reports are gone: 1 in `given` at the recipient's index."""

    number: int
    batch: Batch
    given: bytearray


@dataclass(slots=True)
class _Queue:
    """The lots of one account and application that wait for a pull, by the instant they are final."""

    waiting: list[tuple[int, int, int]] = field(default_factory=list)
    begun: deque[tuple[_Row, Lot, int]] = field(default_factory=deque)


class MemoryStore:
    """`ports.Store` in a process's memory."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._accounts: dict[str, Account] = {}
        self._wallets: dict[str, _Wallet] = {}
        self._rows: list[_Row] = []
        self._first_ids: list[int] = []
        self._client_ids: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._pushes: dict[int, Push] = {}
        self._push_order: list[tuple[int, int]] = []
        self._pushes_made = 0

    async def clear(self) -> None:
        self._begin()

    async def account(self, user: str) -> Account | None:
        return self._accounts.get(user)

    async def credit(self, user: str, now: int) -> Decimal:
        wallet = self._wallets[user]
        while wallet.refunds and wallet.refunds[0][0] <= now:
            wallet.credit += heapq.heappop(wallet.refunds)[1]
        return wallet.credit

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return {each for each in ids if (user, each) in self._client_ids}

    async def apply(self, changes: Sequence[Change]) -> None:
        for change in changes:
            match change:
                case Charged(user, amount):
                    self._wallets[user].credit -= amount
                case Accepted(batch):
                    self._keep(batch)
                case Refunded(user, due, amount):
                    heapq.heappush(self._wallets[user].refunds, (due, amount))
                case AccountSet(account):
                    self._accounts[account.user] = account
                    self._wallets[account.user] = _Wallet(account.credit)
                case PushPostponed(number, due, attempt):
                    old = self._pushes[number]
                    self._pushes[number] = Push(number, old.batch, old.plan, old.index, due, attempt)
                    heapq.heappush(self._push_order, (due, number))
                case PushSettled(number):
                    del self._pushes[number]
                case _:
                    assert_never(change)

    def _keep(self, batch: Batch) -> None:
        row = _Row(len(self._rows), batch, bytearray(len(batch)))
        self._rows.append(row)
        self._first_ids.append(batch.first_id)
        if batch.client_ids is not None:
            for index, client_id in enumerate(batch.client_ids):
                if client_id:
                    self._client_ids.setdefault((batch.user, client_id), []).append((row.number, index))
        if batch.push_url:
            self._plan_pushes(row)
            return
        key = (batch.user, batch.app_id)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue()
        for nth, lot in enumerate(batch.lots):
            heapq.heappush(queue.waiting, (lot.plan.done_at, row.number, nth))

    def _plan_pushes(self, row: _Row) -> None:
        row.given = bytearray(b"\x01") * len(row.batch)  # what is pushed is never pulled (S-19)
        for lot in row.batch.lots:
            for index in lot.indices:
                self._pushes_made += 1
                push = Push(self._pushes_made, row.batch, lot.plan, index, lot.plan.done_at, 1)
                self._pushes[push.number] = push
                heapq.heappush(self._push_order, (push.due, push.number))

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        if query.message_ids is not None:
            return self._take_named(query)
        queue = self._queues.get((query.user, query.app_id))
        return [] if queue is None else list(self._take_oldest(queue, query.now, limit))

    def _take_oldest(self, queue: _Queue, now: int, limit: int) -> Iterator[Reports]:
        while limit > 0:
            if not queue.begun:
                if not queue.waiting or queue.waiting[0][0] > now:
                    return
                _, number, nth = heapq.heappop(queue.waiting)
                row = self._rows[number]
                queue.begun.append((row, row.batch.lots[nth], 0))
            row, lot, start = queue.begun.popleft()
            stop = min(start + limit, len(lot.indices))
            if stop < len(lot.indices):
                queue.begun.append((row, lot, stop))
            indices = [index for index in lot.indices[start:stop] if not row.given[index]]
            for index in indices:
                row.given[index] = 1
            limit -= len(indices)
            if indices:
                yield Reports(row.batch, lot.plan, indices)

    def _take_named(self, query: ReportQuery) -> list[Reports]:
        found: dict[tuple[int, int], None] = {}
        for message_id in query.message_ids or ():
            found.update(dict.fromkeys(self._places(query.user, message_id)))
        taken: list[tuple[int, int, int, Reports]] = []
        for number, index in found:
            row = self._rows[number]
            plan = row.batch.plan_of(index)
            if row.given[index] or plan.done_at > query.now or row.batch.app_id != query.app_id:
                continue
            row.given[index] = 1
            taken.append((plan.done_at, number, index, Reports(row.batch, plan, (index,))))
        return [reports for *_, reports in sorted(taken, key=lambda each: each[:3])]

    def _places(self, user: str, message_id: str) -> list[tuple[int, int]]:
        """Row and index of every message of the account that goes by this id, its own or the generated one."""
        places = list(self._client_ids.get((user, message_id), ()))
        if len(message_id) == 18 and message_id.isascii() and message_id.isdigit():
            wanted = int(message_id)
            number = bisect_right(self._first_ids, wanted) - 1
            if number >= 0:
                row = self._rows[number]
                index = wanted - row.batch.first_id
                if index < len(row.batch) and row.batch.user == user:
                    places.append((number, index))
        return places

    async def due_pushes(self, now: int, limit: int) -> Sequence[Push]:
        due: list[Push] = []
        while len(due) < limit:
            at = await self.next_push()
            if at is None or at > now:
                break
            due.append(self._pushes[heapq.heappop(self._push_order)[1]])
        for push in due:  # they stay until settled or postponed
            heapq.heappush(self._push_order, (push.due, push.number))
        return due

    async def next_push(self) -> int | None:
        while self._push_order:
            due, number = self._push_order[0]
            push = self._pushes.get(number)
            if push is not None and push.due == due:
                return due
            heapq.heappop(self._push_order)
        return None
