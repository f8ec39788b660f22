"""Delivery reports: what a pull asks for and gets, and the pushes that are still to be made."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


class ReportQuery(msgspec.Struct, frozen=True, gc=False):
    """Whose reports, final by when (ms), of which application; `message_ids` None for all (R-04, R-05, S-18)."""

    user: str
    now: int
    app_id: str = ""
    message_ids: tuple[str, ...] | None = None


class Reports(msgspec.Struct, frozen=True, gc=False):
    """Reports of one batch that share a plan."""

    batch: Batch
    plan: Plan
    indices: Sequence[int]

    def message_ids(self) -> list[str]:
        return self.batch.message_ids(self.indices)

    def __len__(self) -> int:
        return len(self.indices)


class Push(msgspec.Struct, frozen=True, gc=False):
    """A report that is to be posted to its customer's address at `due` (ms); `attempt` counts from 1 (S-19).

    `message` is the number of the message. `number` names the push: no two pushes of a space ever have the same, even
    if everything was forgotten between them.
    """

    number: int
    message: int
    batch: Batch
    plan: Plan
    index: int
    due: int
    attempt: int


class BusyPushes(msgspec.Struct, frozen=True, gc=False):
    """What is not begun now: the pushes that are `under_way` (by number), and those to destinations (`host:port`) that
    are `full`.
    """

    under_way: Collection[int] = ()
    full: Collection[str] = ()


NO_PUSHES = BusyPushes()

RETRY_AFTER = (1, 2, 5, 10)
"""Minutes between the attempts of a push; after the last the report is lost (S-19)."""


def next_attempt(push: Push) -> int | None:
    """When a failed push is due again (ms), None after the last attempt."""
    if push.attempt > len(RETRY_AFTER):
        return None
    return push.due + RETRY_AFTER[push.attempt - 1] * 60_000
