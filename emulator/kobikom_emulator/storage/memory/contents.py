"""Everything that is stored of one space, and how each change and record alters it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from heapq import merge
from operator import itemgetter
from typing import assert_never

from kobikom_emulator.domain.changes import (
    Accepted,
    Change,
    Deleted,
    PushPostponed,
    PushSettled,
    RefundCancelled,
    Replanned,
)
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.reports import ReportQuery, Reports
from kobikom_emulator.domain.states import (
    AccountRecord,
    BatchRecord,
    LedgerRecord,
    MessageState,
    PushRecord,
    Record,
    Refund,
    RefundRecord,
)
from kobikom_emulator.storage.memory.accounts import AccountChange, Accounts
from kobikom_emulator.storage.memory.blocks import BLOCK
from kobikom_emulator.storage.memory.messages import Messages
from kobikom_emulator.storage.memory.pushes import Pushes
from kobikom_emulator.storage.memory.reports import ReportQueues
from kobikom_emulator.storage.rows import PAUSE, Row

_ORDER = itemgetter(0, 1)
"""Reports are given in the order of their instants, then of their numbers (R-02)."""


class Contents:
    """The accounts, messages, report queues and pushes of one space. `next_push` is the first number for its pushes."""

    def __init__(self, next_push: int = 1, *, block_size: int = BLOCK) -> None:
        self.accounts = Accounts()
        self.messages = Messages(block_size)
        self.reports = ReportQueues()
        self.pushes = Pushes(next_push)

    def state(self, row: Row, index: int) -> MessageState:
        plan, number = row.plan_of(index), row.number + index
        replanned = row.is_replanned(index)
        refund = Refund.NONE
        if plan.status is Status.NOT_ALLOWED:
            refund = self.accounts.refund(row.batch.first_id, plan.done_at, number if replanned else None)
        return MessageState(number, row.batch, index, plan, row.given[index] == 1, refund, replanned)

    def dismantled(self) -> Iterator[None]:
        """Forget everything, some at a time."""
        yield from self.reports.dismantled()
        yield from self.messages.dismantled()
        yield from self.accounts.dismantled()

    # changes

    def is_open(self, user: str) -> bool:
        return self.accounts.is_open(user)

    def is_planned(self, change: RefundCancelled) -> bool:
        return self.accounts.is_planned(change)

    def has_message(self, number: int) -> bool:
        return self.messages.place(number) is not None

    def apply(self, changes: Sequence[Change]) -> Iterator[None]:
        """Apply changes that `check` has passed, with pauses: to the end, whatever happens in a pause."""
        for nth, change in enumerate(changes, start=1):
            if nth % PAUSE == 0:
                yield
            if isinstance(change, Accepted):
                yield from self._accept(change.batch)
            elif isinstance(change, AccountChange):
                self.accounts.apply(change)
            else:
                self._apply(change)

    def _apply(self, change: Replanned | Deleted | PushPostponed | PushSettled) -> None:
        match change:
            case Replanned():
                self._replan(change.number, change.plan)
            case Deleted():
                deleted = self.messages.delete(change.numbers)
                for number in deleted:
                    self.pushes.drop_of(number)
                self.reports.deleted(len(deleted))
            case PushPostponed():
                self.pushes.postpone(change.push, change.due, change.attempt)
            case PushSettled():
                if (push := self.pushes.settle(change.push)) and (place := self.messages.place(push.message)):
                    place[0].given[place[1]] = 1
            case _:
                assert_never(change)

    def _accept(self, batch: Batch) -> Iterator[None]:
        row = self.messages.add(batch)
        if batch.client_ids is not None:
            yield from self.messages.index_client_ids(row)
        if not batch.push_url:
            yield from self.reports.add_batch(row)
            return
        for group in batch.groups:
            for nth, index in enumerate(group.indices, start=1):
                self.pushes.add(row.number + index, batch, group.plan, index, due=group.plan.done_at)
                if nth % PAUSE == 0:
                    yield

    def _replan(self, number: int, plan: Plan) -> None:
        place = self.messages.place(number)
        assert place is not None  # see check
        row, index = place
        self.messages.replan(row, index, plan)
        if row.batch.push_url:
            self.pushes.restart(number, plan)
        else:
            self.reports.add_replanned(row, index)

    # reports

    def take_oldest(self, query: ReportQuery, limit: int) -> list[Reports]:
        """Up to `limit` reports of a query without ids."""
        return self.reports.take_oldest(query.user, query.app_id, query.now, limit)

    def take_named(self, query: ReportQuery) -> Iterator[Reports | None]:
        """All reports of a query by ids, oldest first; None is a pause."""
        runs: list[list[tuple[int, int, Reports]]] = [[]]
        for nth, number in enumerate(self._named(query), start=1):
            if nth % PAUSE == 0:
                runs[-1].sort(key=_ORDER)
                runs.append([])
                yield None
            place = self.messages.place(number)
            if place is None:
                continue
            row, index = place
            plan = row.plan_of(index)
            pullable = (
                row.batch.app_id == query.app_id and not row.batch.push_url
            )  # what is pushed is not pulled (S-19)
            if pullable and not row.given[index] and plan.done_at <= query.now:
                row.given[index] = 1
                runs[-1].append((plan.done_at, number, Reports(row.batch, plan, (index,))))
        runs[-1].sort(key=_ORDER)
        ordered = runs[0] if len(runs) == 1 else merge(*runs, key=_ORDER)
        for nth, (*_, reports) in enumerate(ordered, start=1):
            if nth % PAUSE == 0:
                yield None
            yield reports

    def _named(self, query: ReportQuery) -> Iterator[int]:
        """The numbers of the messages that the ids of a query name, each once."""
        seen: set[int] = set()
        for name in query.message_ids or ():
            for number in self.messages.with_id(query.user, name):
                if number not in seen:
                    seen.add(number)
                    yield number

    # export and import

    def export(self) -> Iterator[Record]:
        yield from self.accounts.export()
        yield from self.messages.export()
        yield from self.pushes.export()

    def load(self, record: Record) -> None:
        """Keep a record; `ValueError` if it contradicts those before it."""
        match record:
            case AccountRecord():
                self.accounts.load_account(record)
            case RefundRecord():
                self.accounts.load_refund(record)
            case LedgerRecord():
                self.accounts.load_line(record)
            case BatchRecord():
                self._load_batch(record)
            case PushRecord():
                self._load_push(record)
            case _:
                assert_never(record)

    def _load_batch(self, record: BatchRecord) -> None:
        row = self.messages.load(record)
        if row.batch.push_url or 0 not in row.given:
            return
        deque(self.reports.add_batch(row), maxlen=0)
        for index in row.changed_plans:
            self.reports.add_replanned(row, index)

    def _load_push(self, record: PushRecord) -> None:
        place = self.messages.place(record.number)
        if place is None or not place[0].batch.push_url:
            raise ValueError(f"message {record.number} is not there or has no address to push to")
        if self.pushes.is_pending(record.number):
            raise ValueError(f"message {record.number} has two pushes")
        row, index = place
        self.pushes.add(record.number, row.batch, row.plan_of(index), index, due=record.due, attempt=record.attempt)
