"""The pushes that are still to be made, by due time and by message."""

from __future__ import annotations

import heapq

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.reports import Push
from kobikom_emulator.domain.states import PushRecord


class Pushes:
    """Pending pushes. After everything was forgotten, `next_number` goes on where it was, so that the result of a push
    that was under way then never concerns a new one.
    """

    def __init__(self, next_number: int = 1) -> None:
        self.next_number = next_number
        self._pushes: dict[int, Push] = {}
        self._of_message: dict[int, int] = {}
        self._order: list[tuple[int, int]] = []
        """A heap of due time and number; entries of pushes that are gone or due at another time are skipped."""

    def add(self, message: int, batch: Batch, plan: Plan, index: int, *, due: int, attempt: int = 1) -> None:
        number = self._of_message[message] = self.next_number
        self.next_number = number + 1
        self._keep(Push(number, message, batch, plan, index, due, attempt))

    def _keep(self, push: Push) -> None:
        self._pushes[push.number] = push
        heapq.heappush(self._order, (push.due, push.number))

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

    def due(self, now: int, limit: int) -> list[Push]:
        due: list[Push] = []
        while len(due) < limit:
            at = self.next_due()
            if at is None or at > now:
                break
            due.append(self._pushes[heapq.heappop(self._order)[1]])
        for push in due:
            heapq.heappush(self._order, (push.due, push.number))
        return due

    def next_due(self) -> int | None:
        while self._order:
            due, number = self._order[0]
            push = self._pushes.get(number)
            if push is not None and push.due == due:
                return due
            heapq.heappop(self._order)
        return None

    def export(self) -> list[PushRecord]:
        return [PushRecord(push.message, push.due, push.attempt) for push in self._pushes.values()]
