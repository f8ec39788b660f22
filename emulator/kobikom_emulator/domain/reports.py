"""Delivery reports on their way out: what a pull asks for and what it gets, what is due for a push."""

from __future__ import annotations

from collections.abc import Sequence

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
    """One report that is due at its customer's address; `attempt` counts from 1 (S-19)."""

    number: int
    batch: Batch
    plan: Plan
    index: int
    due: int
    attempt: int


RETRY_AFTER = (1, 2, 5, 10)
"""Minutes between the attempts of a push; after the last the report is lost (S-19)."""


def next_attempt(push: Push) -> int | None:
    """When a failed push is due again (ms), None once the ladder is used up."""
    if push.attempt > len(RETRY_AFTER):
        return None
    return push.due + RETRY_AFTER[push.attempt - 1] * 60_000
