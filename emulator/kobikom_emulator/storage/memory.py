"""Everything in memory: one record a batch, a byte a recipient for “its report was given”."""

from __future__ import annotations

import heapq
from bisect import bisect_right
from collections import deque
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import assert_never

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import (
    Accepted,
    AccountClosed,
    AccountSet,
    Change,
    Charged,
    CreditSet,
    PushPostponed,
    PushSettled,
    Refunded,
    Replanned,
)
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports
from kobikom_emulator.domain.states import Books, MessageState, Page, PendingPush, Wallet


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
    replanned: dict[int, Plan] = field(default_factory=dict)

    def plan_of(self, index: int) -> Plan:
        return self.replanned.get(index) or self.batch.plan_of(index)


@dataclass(slots=True)
class _Queue:
    """What one account and application can pull: recipients that share a plan, by the instant they are final, then in
    the order they were accepted (batch, first recipient, a number that no two entries share); and what is being
    given.
    """

    waiting: list[tuple[int, int, int, int, Plan, Sequence[int]]] = field(default_factory=list)
    begun: deque[tuple[_Row, Plan, Sequence[int], int]] = field(default_factory=deque)
    entered: int = 0

    def add(self, row: _Row, plan: Plan, indices: Sequence[int]) -> None:
        self.entered += 1
        heapq.heappush(self.waiting, (plan.done_at, row.number, indices[0], self.entered, plan, indices))

    def add_all(self, row: _Row) -> None:
        """The groups of a batch. Those that are final together take turns as their recipients were accepted (R-02)."""
        groups = row.batch.groups
        if len({lot.plan.done_at for lot in groups}) == len(groups):
            for lot in groups:
                self.add(row, lot.plan, lot.indices)
            return
        everyone = sorted((lot.plan.done_at, index, nth) for nth, lot in enumerate(groups) for index in lot.indices)
        for (_, nth), run in groupby(everyone, key=lambda each: (each[0], each[2])):
            self.add(row, groups[nth].plan, [index for _, index, _ in run])


class MemoryStore:
    """`ports.Store` in a process's memory."""

    def __init__(self) -> None:
        # Never begun anew: a push under way while everything is forgotten must not settle another of its number.
        self._pushes_made = 0
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

    async def clear(self) -> None:
        self._begin()

    # accounts

    async def account(self, user: str) -> Account | None:
        return self._accounts.get(user)

    async def accounts(self) -> Sequence[Account]:
        return list(self._accounts.values())

    async def credit(self, user: str, now: int) -> Decimal:
        wallet = self._wallets[user]
        while wallet.refunds and wallet.refunds[0][0] <= now:
            wallet.credit += heapq.heappop(wallet.refunds)[1]
        return wallet.credit

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return {each for each in ids if (user, each) in self._client_ids}

    # changes

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
                    self._wallets.setdefault(account.user, _Wallet(account.credit))
                case CreditSet(user, amount):
                    self._wallets[user].credit = amount
                case AccountClosed(user):
                    del self._accounts[user], self._wallets[user]
                case Replanned(number, index, plan):
                    self._replan(self._rows[number], index, plan)
                case PushPostponed(number, due, attempt):
                    if old := self._pushes.get(number):  # else forgotten since
                        self._await_push(Push(number, old.batch, old.plan, old.index, due, attempt))
                case PushSettled(number):
                    self._pushes.pop(number, None)
                case _:
                    assert_never(change)

    def _keep(self, batch: Batch) -> None:
        row = self._add_row(batch, bytearray(len(batch)))
        if batch.push_url:
            row.given = bytearray(b"\x01") * len(batch)  # what is pushed is never pulled (S-19)
            for lot in batch.groups:
                for index in lot.indices:
                    self._new_push(batch, lot.plan, index, lot.plan.done_at, 1)
            return
        self._queue(batch).add_all(row)

    def _add_row(self, batch: Batch, given: bytearray) -> _Row:
        row = _Row(len(self._rows), batch, given)
        self._rows.append(row)
        self._first_ids.append(batch.first_id)
        if batch.client_ids is not None:
            for index, client_id in enumerate(batch.client_ids):
                if client_id:
                    self._client_ids.setdefault((batch.user, client_id), []).append((row.number, index))
        return row

    def _queue(self, batch: Batch) -> _Queue:
        key = (batch.user, batch.app_id)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue()
        return queue

    def _replan(self, row: _Row, index: int, plan: Plan) -> None:
        row.replanned[index] = plan
        if not row.batch.push_url:
            self._queue(row.batch).add(row, plan, (index,))
            return
        if push := self._push_of(row, index):
            self._await_push(Push(push.number, push.batch, plan, index, plan.done_at, 1))

    # reports

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
                _, number, _, _, plan, indices = heapq.heappop(queue.waiting)
                queue.begun.append((self._rows[number], plan, indices, 0))
            row, plan, indices, start = queue.begun.popleft()
            stop = min(start + limit, len(indices))
            if stop < len(indices):
                queue.begun.append((row, plan, indices, stop))
            given, replanned = row.given, row.replanned
            taken = [index for index in indices[start:stop] if not given[index]]
            if replanned:  # somebody decided otherwise since
                taken = [index for index in taken if replanned.get(index, plan) is plan]
            for index in taken:
                given[index] = 1
            limit -= len(taken)
            if taken:
                yield Reports(row.batch, plan, taken)

    def _take_named(self, query: ReportQuery) -> list[Reports]:
        found: dict[tuple[int, int], None] = {}
        for message_id in query.message_ids or ():
            found.update(dict.fromkeys(self._places(query.user, message_id)))
        taken: list[tuple[int, int, int, Reports]] = []
        for number, index in found:
            row = self._rows[number]
            plan = row.plan_of(index)
            if row.given[index] or plan.done_at > query.now or row.batch.app_id != query.app_id:
                continue
            row.given[index] = 1
            taken.append((plan.done_at, number, index, Reports(row.batch, plan, (index,))))
        return [reports for *_, reports in sorted(taken, key=lambda each: each[:3])]

    def _places(self, user: str, message_id: str) -> list[tuple[int, int]]:
        """Row and index of every message of the account that goes by this id, its own or the generated one."""
        places = list(self._client_ids.get((user, message_id), ()))
        generated = self._place_of(message_id)
        if generated is not None and self._rows[generated[0]].batch.user == user:
            places.append(generated)
        return places

    def _place_of(self, generated_id: str) -> tuple[int, int] | None:
        if len(generated_id) != 18 or not (generated_id.isascii() and generated_id.isdigit()):
            return None
        wanted = int(generated_id)
        number = bisect_right(self._first_ids, wanted) - 1
        if number < 0 or wanted - self._first_ids[number] >= len(self._rows[number].batch):
            return None
        return number, wanted - self._first_ids[number]

    # pushes

    def _new_push(self, batch: Batch, plan: Plan, index: int, due: int, attempt: int) -> None:
        self._pushes_made += 1
        self._await_push(Push(self._pushes_made, batch, plan, index, due, attempt))

    def _await_push(self, push: Push) -> None:
        self._pushes[push.number] = push
        heapq.heappush(self._push_order, (push.due, push.number))

    def _push_of(self, row: _Row, index: int) -> Push | None:
        pending = (push for push in self._pushes.values() if push.batch is row.batch and push.index == index)
        return next(pending, None)

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

    # the books

    async def batches(self) -> int:
        return len(self._rows)

    async def batch(self, number: int) -> Batch:
        return self._rows[number].batch

    async def standing(self, number: int, index: int) -> MessageState:
        row = self._rows[number]
        given = bool(row.given[index]) and not (row.batch.push_url and self._push_of(row, index))
        return MessageState(number, row.batch, index, row.plan_of(index), given)

    async def find(self, message_id: str) -> Sequence[MessageState]:
        places = [place for (_, own), found in self._client_ids.items() if own == message_id for place in found]
        generated = self._place_of(message_id)
        if generated is not None:
            places.append(generated)
        return [await self.standing(*place) for place in sorted(set(places), reverse=True)]

    async def open_books(self) -> Books:
        numbers = {id(row.batch): row.number for row in self._rows}
        return Books(
            wallets=tuple(
                Wallet(account, self._wallets[user].credit, tuple(sorted(self._wallets[user].refunds)))
                for user, account in self._accounts.items()
            ),
            pages=tuple(Page(row.batch, bytes(row.given), dict(row.replanned)) for row in self._rows),
            pushes=tuple(
                PendingPush(numbers[id(push.batch)], push.index, push.due, push.attempt)
                for push in self._pushes.values()
            ),
        )

    async def replace_books(self, books: Books) -> None:
        self._begin()
        for wallet in books.wallets:
            self._accounts[wallet.account.user] = wallet.account
            self._wallets[wallet.account.user] = _Wallet(wallet.credit, sorted(wallet.refunds))
        for page in books.pages:
            row = self._add_row(page.batch, bytearray(page.given))
            row.replanned.update(page.replanned)
            if page.batch.push_url:
                continue
            queue = self._queue(page.batch)
            queue.add_all(row)
            for index, plan in page.replanned.items():
                queue.add(row, plan, (index,))
        for pending in books.pushes:
            row = self._rows[pending.batch]
            self._new_push(row.batch, row.plan_of(pending.index), pending.index, pending.due, pending.attempt)
