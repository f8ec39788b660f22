"""The reports that wait for a pull, by user and application, in the order in which they are given."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Iterator
from itertools import groupby, zip_longest
from operator import itemgetter

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.reports import Reports
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.batches import Batches
from kobikom_emulator.storage.sql.connection import Connection

_Member = tuple[int, Plan]
"""A recipient and its plan."""

MOST_ENTRIES = 500
"""Entries that are read at a time."""

_INSERT = "INSERT INTO reports VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
_DELETE = "DELETE FROM reports WHERE queue = ? AND done_at = ? AND number = ? AND replanned = ?"


class ReportQueues:
    """A queue for each user and application. A row of it names an instant and the first message that waits for it: the
    others are those of the same batch that end at the same instant, or it is one message whose plan was changed.
    """

    def __init__(self, connection: Connection, batches: Batches) -> None:
        self._connection = connection
        self._batches = batches
        self._queues: dict[tuple[int, str], int] = {}

    def _queue(self, user: int, app_id: str) -> int | None:
        queue = self._queues.get((user, app_id))
        if queue is None:
            find = "SELECT id FROM queues WHERE user = ? AND app_id = ?"
            row = self._connection.execute(find, (user, app_id)).fetchone()
            if row is None:
                return None
            queue = self._queues[user, app_id] = row[0]
        return queue

    def _queue_of(self, user: int, app_id: str) -> int:
        """The queue; it is made where there is none."""
        queue = self._queue(user, app_id)
        if queue is None:
            add = "INSERT INTO queues (user, app_id) VALUES (?, ?) RETURNING id"
            [(queue,)] = self._connection.execute(add, (user, app_id)).fetchall()
            self._queues[user, app_id] = queue
        return queue

    def add_batch(self, row: Row, user: int) -> None:
        """Add the messages of a batch."""
        queue, groups = self._queue_of(user, row.batch.app_id), row.batch.groups
        if len(groups) == 1:
            self._connection.execute(_INSERT, (queue, groups[0].plan.done_at, row.number + groups[0].indices[0], 0))
            return
        first: dict[int, int] = {}
        for group in groups:
            done_at, index = group.plan.done_at, group.indices[0]
            first[done_at] = min(first.get(done_at, index), index)
        rows = [(queue, done_at, row.number + index, 0) for done_at, index in first.items()]
        self._connection.executemany(_INSERT, rows)

    def add_replanned(self, row: Row, index: int, user: int) -> None:
        """Add a message again, with its new plan; its old place is skipped when it is reached."""
        queue = self._queue_of(user, row.batch.app_id)
        self._connection.execute(_INSERT, (queue, row.plan_of(index).done_at, row.number + index, 1))

    def take_oldest(self, user: int, app_id: str, now: int, limit: int) -> list[Reports]:
        """Up to `limit` reports that end at `now` or before; they are gone from the queue."""
        queue = self._queue(user, app_id)
        return [] if queue is None else list(_Taking(self._connection, self._batches, queue).take(now, limit))

    def forget_single(self, row: Row, user: int) -> None:
        """The only message of a batch was taken by name."""
        queue = self._queue_of(user, row.batch.app_id)
        for plan, replanned in ((row.original_plan_of(0), 0), *([(row.plan_of(0), 1)] if row.replanned else [])):
            self._connection.execute(_DELETE, (queue, plan.done_at, row.number, replanned))

    def forget_batch(self, row: Row, user: int) -> None:
        """All messages of a batch were deleted."""
        queue = self._queue(user, row.batch.app_id)
        if queue is None:
            return
        ends = {group.plan.done_at for group in row.batch.groups}
        ends |= {plan.done_at for plan in row.changed_plans.values()}
        last = row.number + len(row.batch) - 1
        self._connection.executemany(
            "DELETE FROM reports WHERE queue = ? AND done_at = ? AND number BETWEEN ? AND ?",
            [(queue, done_at, row.number, last) for done_at in ends],
        )


class _Taking:
    """Takes reports from one queue; reads each batch once."""

    def __init__(self, connection: Connection, batches: Batches, queue: int) -> None:
        self._connection = connection
        self._batches = batches
        self._queue = queue
        self._rows: dict[int, Row] = {}
        self._starts: list[int] = []
        self._members: dict[int, dict[int, list[_Member]]] = {}
        """Of each batch the recipients by the instant of their original plan."""

    def take(self, now: int, limit: int) -> Iterator[Reports]:
        touched: dict[int, Row] = {}
        while limit > 0 and (entries := self._first_entries(now, min(limit, MOST_ENTRIES) + 1)):
            is_end = len(entries) <= min(limit, MOST_ENTRIES)
            for entry, following in zip_longest(entries, entries[1:]):
                if limit <= 0 or (following is None and not is_end):
                    break
                done_at, number, replanned = entry
                self._connection.execute(_DELETE, (self._queue, *entry))
                row = self._row(number)
                if row is None:
                    continue
                if replanned:
                    taken, rest = _take_replanned(row, done_at, number - row.number), None
                else:
                    until = following[1] if following is not None and following[0] == done_at else None
                    taken, rest = self._take_of(row, done_at, number - row.number, until, limit)
                for plan, members in groupby(taken, key=itemgetter(1)):
                    yield Reports(row.batch, plan, [index for index, _ in members])
                if taken:
                    touched[row.number] = row
                limit -= len(taken)
                if rest is not None:
                    self._connection.execute(_INSERT, (self._queue, done_at, row.number + rest, 0))
                    break  # it comes before entries that were read already
        for row in touched.values():
            self._batches.mark_given(row)

    def _first_entries(self, now: int, count: int) -> list[tuple[int, int, int]]:
        return self._connection.execute(
            "SELECT done_at, number, replanned FROM reports WHERE queue = ? AND done_at <= ?"
            " ORDER BY done_at, number, replanned LIMIT ?",
            (self._queue, now, count),
        ).fetchall()

    def _row(self, number: int) -> Row | None:
        nth = bisect_right(self._starts, number) - 1
        if nth >= 0:
            row = self._rows[self._starts[nth]]
            if number < row.number + len(row.batch):
                return row
        found = self._batches.row_of(number)
        if found is not None:
            self._rows[found.number] = found
            insort(self._starts, found.number)
        return found

    def _take_of(
        self, row: Row, done_at: int, start: int, until: int | None, limit: int
    ) -> tuple[list[_Member], int | None]:
        """Take the recipients of an entry, up to the message `until`; the index of the first that is left."""
        taken: list[_Member] = []
        given, changed = row.given, row.changed_plans
        for index, plan in self._waiting(row, done_at, start):
            if given[index] or index in changed:
                continue
            if len(taken) >= limit or (until is not None and row.number + index >= until):
                return taken, index
            given[index] = 1
            taken.append((index, plan))
        return taken, None

    def _waiting(self, row: Row, done_at: int, start: int) -> Iterator[_Member]:
        groups = row.batch.groups
        if len(groups) == 1:
            plan = groups[0].plan
            return ((index, plan) for index in groups[0].indices if index >= start)
        members = self._members.get(row.number)
        if members is None:
            members = self._members[row.number] = {}
            for group in groups:
                own = [(index, group.plan) for index in group.indices]
                members.setdefault(group.plan.done_at, []).extend(own)
            for together in members.values():
                together.sort(key=lambda member: member[0])
        return (member for member in members.get(done_at, ()) if member[0] >= start)


def _take_replanned(row: Row, done_at: int, index: int) -> list[_Member]:
    """Take a message whose plan was changed, unless it was changed once more."""
    plan = row.plan_of(index)
    if row.given[index] or plan.done_at != done_at:
        return []
    row.given[index] = 1
    return [(index, plan)]
