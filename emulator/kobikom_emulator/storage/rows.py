"""One stored batch, and the state of each of its messages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch

PAUSE = 2000
"""Messages that are looked at or changed before other tasks get their turn: a few milliseconds."""


class Row(msgspec.Struct, eq=False, gc=False):
    """A batch; `number` is that of its first message. `given` and `deleted` hold 1 at the index of a message whose
    report is gone, that was deleted; `deleted` is None while none was, `replanned` while no plan was changed.
    """

    number: int
    batch: Batch
    given: bytearray
    replanned: dict[int, Plan] | None = None
    deleted: bytearray | None = None
    _plans: list[Plan] | None = None

    def plan_of(self, index: int) -> Plan:
        replanned = self.replanned
        return replanned[index] if replanned is not None and index in replanned else self.original_plan_of(index)

    def original_plan_of(self, index: int) -> Plan:
        groups = self.batch.groups
        if len(groups) == 1:
            return groups[0].plan
        if self._plans is None:
            # A batch may have thousands of groups: asking each for each message would take too long.
            plans = [groups[0].plan] * len(self.batch)
            for group in groups:
                for member in group.indices:
                    plans[member] = group.plan
            self._plans = plans
        return self._plans[index]

    def is_replanned(self, index: int) -> bool:
        return self.replanned is not None and index in self.replanned

    def replan(self, index: int, plan: Plan) -> None:
        if self.replanned is None:
            self.replanned = {}
        self.replanned[index] = plan

    @property
    def changed_plans(self) -> Mapping[int, Plan]:
        return self.replanned or {}

    def has(self, index: int) -> bool:
        """Whether the message was not deleted."""
        return self.deleted is None or not self.deleted[index]

    def present(self) -> Sequence[int]:
        """The indices of its messages that were not deleted."""
        deleted = self.deleted
        indices = range(len(self.batch))
        return indices if deleted is None else [index for index in indices if not deleted[index]]

    def newest_first(self, before: int | None, after: int) -> range:
        """The indices of its messages with numbers between `after` and `before`."""
        end = len(self.batch) if before is None else min(len(self.batch), before - self.number)
        return range(end - 1, max(-1, after - self.number), -1)

    @property
    def is_empty(self) -> bool:
        """Whether all messages were deleted."""
        return self.deleted is not None and 0 not in self.deleted
