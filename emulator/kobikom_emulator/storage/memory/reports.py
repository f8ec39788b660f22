"""The reports that wait for a pull, by account and application, in the order in which they are given."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.reports import Reports
from kobikom_emulator.storage.memory.messages import Row


@dataclass(slots=True)
class _Queue:
    """What one account and application can pull. `waiting` is a heap of recipients of one batch that share a plan: the
    instant they are final, the number of the first message, a number that no two entries share, row, plan and indices.
    `begun` are entries that were popped and given in part.
    """

    waiting: list[tuple[int, int, int, Row, Plan, Sequence[int]]] = field(default_factory=list)
    begun: deque[tuple[Row, Plan, Sequence[int], int]] = field(default_factory=deque)
    entries: int = 0

    def add(self, row: Row, plan: Plan, indices: Sequence[int]) -> None:
        self.entries += 1
        heapq.heappush(self.waiting, (plan.done_at, row.number + indices[0], self.entries, row, plan, indices))

    def add_groups(self, row: Row) -> None:
        """The groups of a batch. Those final at the same instant alternate as their recipients were accepted (R-02)."""
        groups = row.batch.groups
        if len({group.plan.done_at for group in groups}) == len(groups):
            for group in groups:
                self.add(row, group.plan, group.indices)
            return
        recipients = sorted(
            [(group.plan.done_at, index, nth) for nth, group in enumerate(groups) for index in group.indices]
        )
        for (_, nth), run in groupby(recipients, key=itemgetter(0, 2)):
            self.add(row, groups[nth].plan, [index for _, index, _ in run])

    def take(self, now: int, limit: int) -> Iterator[Reports]:
        while limit > 0:
            if not self.begun:
                if not self.waiting or self.waiting[0][0] > now:
                    return
                _, _, _, row, plan, indices = heapq.heappop(self.waiting)
                self.begun.append((row, plan, indices, 0))
            row, plan, indices, start = self.begun.popleft()
            stop = min(start + limit, len(indices))
            if stop < len(indices):
                self.begun.append((row, plan, indices, stop))
            given, replanned = row.given, row.replanned
            taken = [index for index in indices[start:stop] if not given[index]]
            if replanned:
                taken = [index for index in taken if replanned.get(index, plan) is plan]
            for index in taken:
                given[index] = 1
            limit -= len(taken)
            if taken:
                yield Reports(row.batch, plan, taken)


class ReportQueues:
    """A queue for each account and application."""

    def __init__(self) -> None:
        self._queues: dict[tuple[str, str], _Queue] = {}

    def add_batch(self, row: Row) -> None:
        self._queue(row).add_groups(row)

    def add_replanned(self, row: Row, index: int) -> None:
        """Let a message wait once more, with its new plan; its old entry is skipped when its turn comes."""
        self._queue(row).add(row, row.replanned[index], (index,))

    def take_oldest(self, user: str, app_id: str, now: int, limit: int) -> list[Reports]:
        queue = self._queues.get((user, app_id))
        return [] if queue is None else list(queue.take(now, limit))

    def _queue(self, row: Row) -> _Queue:
        key = (row.batch.user, row.batch.app_id)
        queue = self._queues.get(key)
        if queue is None:
            queue = self._queues[key] = _Queue()
        return queue
