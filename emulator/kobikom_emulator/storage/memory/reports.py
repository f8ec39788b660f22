"""The reports that wait for a pull, by account and application, in the order in which they are given."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import RecipientGroup
from kobikom_emulator.domain.reports import Reports
from kobikom_emulator.storage.rows import PAUSE, Row

PURGE_AFTER = 1000
"""Deleted messages whose entries stay in the queues at least, so that deleting one does not look through them all."""

_Entry = tuple[int, int, int, Row, Plan, Sequence[int], int]
"""Recipients of one batch that share a plan: the instant they are final, the number of the first message that waits, a
number that no two entries share, row, plan, indices, and the position from which on they wait.
"""


@dataclass(slots=True)
class _Queue:
    """What one account and application can pull: a heap of entries."""

    waiting: list[_Entry] = field(default_factory=list)
    entries: int = 0

    def add(self, row: Row, plan: Plan, indices: Sequence[int], start: int = 0) -> None:
        self.entries += 1
        entry = (plan.done_at, row.number + indices[start], self.entries, row, plan, indices, start)
        heapq.heappush(self.waiting, entry)

    def add_groups(self, row: Row) -> Iterator[None]:
        """The groups of a batch, with pauses. Those final at the same instant alternate as their recipients were
        accepted (R-02).
        """
        groups = row.batch.groups
        if len(groups) == 1:
            self.add(row, groups[0].plan, groups[0].indices)
            return
        at_instant: dict[int, list[RecipientGroup]] = {}
        for group in groups:
            at_instant.setdefault(group.plan.done_at, []).append(group)
        for nth, together in enumerate(at_instant.values(), start=1):
            if nth % PAUSE == 0:
                yield
            if len(together) == 1:
                self.add(row, together[0].plan, together[0].indices)
                continue
            recipients = [(index, place) for place, group in enumerate(together) for index in group.indices]
            recipients.sort()
            for count, (place, run) in enumerate(groupby(recipients, key=itemgetter(1)), start=1):
                self.add(row, together[place].plan, [index for index, _ in run])
                if count % PAUSE == 0:
                    yield

    def take(self, now: int, limit: int) -> Iterator[Reports]:
        waiting = self.waiting
        while limit > 0 and waiting and waiting[0][0] <= now:
            done_at, _, _, row, plan, indices, start = heapq.heappop(waiting)
            stop = min(start + limit, len(indices))
            if waiting and waiting[0][:2] < (done_at, row.number + indices[stop - 1]):
                # A replanned message of the same instant comes in between.
                stop = max(bisect_left(indices, waiting[0][1] - row.number, start), start + 1)
            if stop < len(indices):
                self.add(row, plan, indices, stop)
            given, replanned = row.given, row.replanned
            taken = [index for index in indices[start:stop] if not given[index]]
            if replanned:
                taken = [index for index in taken if replanned.get(index, plan) is plan]
            for index in taken:
                given[index] = 1
            limit -= len(taken)
            if taken:
                yield Reports(row.batch, plan, taken)

    def drop_empty_rows(self) -> None:
        """Forget the entries of rows whose messages were all deleted."""
        self.waiting = [entry for entry in self.waiting if not entry[3].is_empty]
        heapq.heapify(self.waiting)


class ReportQueues:
    """A queue for each account and application."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], _Queue] = {}
        self._deleted = 0
        """Messages that were deleted since empty rows were dropped."""

    def add_batch(self, row: Row) -> Iterator[None]:
        """Add the messages of a batch, with pauses."""
        return self._queue(row).add_groups(row)

    def add_replanned(self, row: Row, index: int) -> None:
        """Add a message again, with its new plan; its old entry is skipped when it is reached."""
        self._queue(row).add(row, row.plan_of(index), (index,))

    def deleted(self, messages: int) -> None:
        """Free the memory of deleted messages once they are a quarter of what waits."""
        self._deleted += messages
        if self._deleted > PURGE_AFTER + sum([len(queue.waiting) for queue in self._queues.values()]) // 4:
            self._deleted = 0
            for queue in self._queues.values():
                queue.drop_empty_rows()

    def take_oldest(self, user: str, app_id: str, now: int, limit: int) -> list[Reports]:
        queue = self._queues.get((user, app_id))
        return [] if queue is None else list(queue.take(now, limit))

    def dismantled(self) -> Iterator[None]:
        """Forget everything, some entries at a time."""
        for queue in self._queues.values():
            while queue.waiting:
                del queue.waiting[-PURGE_AFTER:]
                yield

    def _queue(self, row: Row) -> _Queue:
        key = (row.batch.user, row.batch.app_id)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue()
        return queue
