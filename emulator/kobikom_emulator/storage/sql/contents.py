"""Everything that is stored of one space, and how each change alters its rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import merge
from operator import itemgetter
from typing import assert_never

from kobikom_emulator.domain.changes import (
    Accepted,
    AccountClosed,
    AccountSet,
    Change,
    Charged,
    CreditSet,
    Deleted,
    PushPostponed,
    PushSettled,
    RefundCancelled,
    RefundPlanned,
    Replanned,
)
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.reports import ReportQuery, Reports
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.storage.checks import check
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.batches import Batches
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.pushes import Pushes
from kobikom_emulator.storage.sql.queues import ReportQueues
from kobikom_emulator.storage.sql.text_index import TextIndex
from kobikom_emulator.storage.sql.users import Users

_ORDER = itemgetter(0, 1)
"""Reports are given in the order of their instants, then of their numbers (R-02)."""


class Contents:
    """The rows of one space's contents, by one connection. Some values are in memory until `write_values`."""

    def __init__(self, connection: Connection, number: int, index: TextIndex) -> None:
        self.connection = connection
        self.number = number
        self._index = index
        size, searchable, next_push = connection.execute(
            "SELECT size, searchable, next_push FROM contents WHERE number = ?", (number,)
        ).fetchone()
        self.size: int = size
        self.searchable: int = searchable
        self.users = Users(connection, number)
        self.batches = Batches(connection, number)
        self.queues = ReportQueues(connection, self.batches)
        self.pushes = Pushes(connection, number, next_push)
        self.next_number = self.batches.next_number()
        self._written = (size, searchable, next_push)

    def write_values(self) -> None:
        """Write what is not in the rows yet."""
        self.users.write()
        values = (self.size, self.searchable, self.pushes.next_number)
        if values != self._written:
            self.connection.execute(
                "UPDATE contents SET size = ?, searchable = ?, next_push = ? WHERE number = ?", (*values, self.number)
            )
            self._written = values

    # questions

    def is_open(self, user: str) -> bool:
        return self.users.is_open(user)

    def is_planned(self, change: RefundCancelled) -> bool:
        return self.users.lines.is_planned(change)

    def has_message(self, number: int) -> bool:
        return self.batches.place(number) is not None

    def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        known = self.users.named(user) if ids else None
        return set() if known is None else self.batches.used_ids(known.id, ids)

    def message(self, message_id: str) -> MessageState | None:
        place = self.batches.newest_with_id(message_id)
        return None if place is None else self.batches.state(*place, self.users.lines.refund)

    def numbered(self, numbers: Sequence[int]) -> list[MessageState]:
        states: dict[int, MessageState] = {}
        for row, indices in self.batches.by_row(numbers):
            for index in indices:
                states[row.number + index] = self.batches.state(row, index, self.users.lines.refund)
        return [states[number] for number in numbers if number in states]

    # changes

    def apply(self, changes: Sequence[Change]) -> None:
        """Make changes that `check` has passed."""
        for change in changes:
            match change:
                case Accepted():
                    self._accept(change.batch)
                case Charged() | RefundPlanned() | RefundCancelled() | AccountSet() | CreditSet() | AccountClosed():
                    self.users.apply(change)
                case Replanned():
                    self._replan(change)
                case Deleted():
                    self._delete(change.numbers)
                case PushPostponed():
                    self.pushes.postpone(change.push, change.due, change.attempt)
                case PushSettled():
                    self.pushes.settle(change.push)
                case _:
                    assert_never(change)

    def check(self, changes: Sequence[Change]) -> None:
        """Raise `LookupError` if one of the changes can't be applied."""
        for _ in check(changes, self):
            pass

    def _accept(self, batch: Batch) -> None:
        user = self.users.of(batch.user).id
        row = Row(self.next_number, batch, bytearray())
        self.batches.add(row.number, batch, user)
        self.next_number += len(batch)
        self.size += len(batch)
        self.batches.index_client_ids(row, user)
        if not batch.push_url:
            self.queues.add_batch(row, user)
            return
        for group in batch.groups:
            due = group.plan.done_at
            self.pushes.add(row, [(index, due, 1) for index in group.indices])

    def _replan(self, change: Replanned) -> None:
        place = self.batches.place(change.number)
        assert place is not None  # see check
        row, index = place
        self.batches.replan(row, index, change.plan)
        if row.batch.push_url:
            self.pushes.restart(row, index, change.plan)
        else:
            self.queues.add_replanned(row, index, self.users.of(row.batch.user).id)

    def _delete(self, numbers: Sequence[int]) -> None:
        emptied: list[Row] = []
        for row, indices in self.batches.by_row(numbers):
            user = self.users.of(row.batch.user).id
            if row.deleted is None:
                row.deleted = bytearray(len(row.batch))
            for index in indices:
                row.deleted[index] = row.given[index] = 1
                if row.batch.push_url:
                    self.pushes.drop(self.batches.first_key | row.number + index)
            self.batches.forget_client_ids(row, user, indices)
            self.size -= len(indices)
            if row.is_empty:
                self.queues.forget_batch(row, user)
            # The newest row stays: it says which number is next.
            if row.is_empty and row.number + len(row.batch) < self.next_number:
                emptied.append(row)
                self.batches.drop(row)
            else:
                self.batches.mark_deleted(row)
        self._index.delete(self.connection, self.number, emptied, self.searchable)

    # reports

    def take(self, query: ReportQuery, limit: int) -> list[Reports]:
        """Take up to `limit` reports, or all that are named."""
        user = self.users.named(query.user)
        if user is None:
            return []
        if query.message_ids is None:
            return self.queues.take_oldest(user.id, query.app_id, query.now, limit)
        return self._take_named(query, user.id)

    def _take_named(self, query: ReportQuery, user: int) -> list[Reports]:
        numbers: set[int] = set()
        for name in dict.fromkeys(query.message_ids or ()):
            numbers.update(self.batches.with_id(user, query.user, name))
        runs: list[list[tuple[int, int, Reports]]] = []
        for row, indices in self.batches.by_row(numbers):
            batch = row.batch
            if batch.app_id != query.app_id or batch.push_url:  # what is pushed is not pulled (S-19)
                continue
            run: list[tuple[int, int, Reports]] = []
            for index in indices:
                plan = row.plan_of(index)
                if not row.given[index] and plan.done_at <= query.now:
                    row.given[index] = 1
                    run.append((plan.done_at, row.number + index, Reports(batch, plan, (index,))))
            if run:
                self.batches.mark_given(row)
                if len(batch) == 1:
                    self.queues.forget_single(row, user)
                runs.append(sorted(run, key=_ORDER))
        return [reports for *_, reports in merge(*runs, key=_ORDER)]
