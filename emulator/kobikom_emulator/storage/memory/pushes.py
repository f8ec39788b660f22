"""The pushes that are still to be made, by due time of each destination, and by message."""

from __future__ import annotations

import heapq
from bisect import insort
from collections.abc import Collection

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.push_urls import destination
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push
from kobikom_emulator.domain.states import PushRecord

Place = tuple[int, int]
"""Due time and number of a push: what pushes are ordered by."""


class Pushes:
    """Pending pushes. After everything was forgotten, `next_number` goes on where it was, so that the result of a push
    that was under way then never concerns a new one.
    """

    def __init__(self, next_number: int = 1) -> None:
        self.next_number = next_number
        self._pushes: dict[int, Push] = {}
        self._of_message: dict[int, int] = {}
        self._queues: dict[str, list[Place]] = {}
        """Of each destination a heap; entries of pushes that are gone or due at another time are skipped."""
        self._listed: dict[str, Place] = {}
        """Of each destination a place that is not after its first push."""
        self._order: list[tuple[int, int, str]] = []
        """A heap of the listed places with their destinations; entries of places that are not listed are skipped."""

    def add(self, message: int, batch: Batch, plan: Plan, index: int, *, due: int, attempt: int = 1) -> None:
        number = self._of_message[message] = self.next_number
        self.next_number = number + 1
        self._keep(Push(number, message, batch, plan, index, due, attempt))

    def _keep(self, push: Push) -> None:
        self._pushes[push.number] = push
        place, to = (push.due, push.number), destination(push.batch.push_url)
        heapq.heappush(self._queues.setdefault(to, []), place)
        if to not in self._listed or place < self._listed[to]:
            self._list(to, place)

    def _list(self, to: str, place: Place) -> None:
        self._listed[to] = place
        heapq.heappush(self._order, (*place, to))

    def restart(self, message: int, plan: Plan) -> None:
        """Push the message's report at the end of another plan, if it is still to be pushed."""
        push = self.drop_of(message)
        if push is not None:
            self.add(message, push.batch, plan, push.index, due=plan.done_at)

    def postpone(self, number: int, due: int, attempt: int) -> None:
        old = self._pushes.get(number)
        if old is not None:
            self._keep(Push(number, old.message, old.batch, old.plan, old.index, due, attempt))

    def settle(self, number: int) -> Push | None:
        """Remove a push and return it, None if it is gone already."""
        push = self._pushes.pop(number, None)
        if push is not None:
            del self._of_message[push.message]
        return push

    def drop_of(self, message: int) -> Push | None:
        number = self._of_message.get(message)
        return None if number is None else self.settle(number)

    def is_pending(self, message: int) -> bool:
        return message in self._of_message

    def due(self, now: int, limit: int, busy: BusyPushes = NO_PUSHES) -> list[Push]:
        return [self._pushes[number] for _, number in self._first(limit, busy, until=now)]

    def next_due(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        places = self._first(1, busy)
        return places[0][0] if places else None

    def _first(self, limit: int, busy: BusyPushes, *, until: int | None = None) -> list[Place]:
        """The first `limit` places of pushes that may be begun, of those due at `until` or before.

        Looks at the destinations whose first push comes before the last of these, and at so many pushes of each.
        """
        places: list[Place] = []
        seen: list[str] = []
        while limit > 0 and (following := self._first_destination()) is not None:
            first, to = following
            if (until is not None and first[0] > until) or (len(places) == limit and first > places[-1]):
                break
            heapq.heappop(self._order)
            seen.append(to)
            if to not in busy.full:
                self._merge(places, to, limit, busy.under_way, until)
        for to in seen:
            heapq.heappush(self._order, (*self._listed[to], to))
        return places

    def _first_destination(self) -> tuple[Place, str] | None:
        """The destination whose first push is due first, and that push's place."""
        while self._order:
            due, number, to = self._order[0]
            if self._listed.get(to) != (due, number):
                heapq.heappop(self._order)
                continue
            first = self._first_in(self._queues[to])
            if first == (due, number):
                return first, to
            heapq.heappop(self._order)
            if first is None:
                del self._queues[to], self._listed[to]
            else:
                self._list(to, first)
        return None

    def _first_in(self, queue: list[Place]) -> Place | None:
        while queue and not self._is_pending_at(queue[0]):
            heapq.heappop(queue)
        return queue[0] if queue else None

    def _is_pending_at(self, place: Place) -> bool:
        push = self._pushes.get(place[1])
        return push is not None and push.due == place[0]

    def _merge(self, places: list[Place], to: str, limit: int, under_way: Collection[int], until: int | None) -> None:
        """Put the pushes to a destination among the first places."""
        queue, taken = self._queues[to], set[Place]()
        while (place := self._first_in(queue)) is not None:
            if (until is not None and place[0] > until) or (len(places) == limit and place > places[-1]):
                break
            heapq.heappop(queue)
            if place not in taken and place[1] not in under_way:  # a push that came back to its place is there twice
                insort(places, place)
                del places[limit:]
            taken.add(place)
        for place in taken:
            heapq.heappush(queue, place)

    def export(self) -> list[PushRecord]:
        return [PushRecord(push.message, push.due, push.attempt) for push in self._pushes.values()]
