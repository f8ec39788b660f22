"""Forces an outcome: the changes that let a message which is under way end in a given way."""

from __future__ import annotations

from enum import StrEnum

from kobikom_emulator.domain.changes import Change, RefundCancelled, RefundPlanned, Replanned
from kobikom_emulator.domain.delivery import Outcome, Plan, Status
from kobikom_emulator.domain.states import MessageState, Refund
from kobikom_emulator.domain.values import LAST_CLOCK


class ForcedRefusal(StrEnum):
    """Why an outcome can't be forced on a message."""

    REPORT_GIVEN = "report-given"
    """The customer knows already how the message ended (R-03)."""
    REFUND_PAID = "refund-paid"
    """The message ended NOT_ALLOWED and its charge is part of the credit again (C-03)."""
    TOO_LATE = "too-late"
    """The message would end after the last instant that the clock of a space comes to."""


def force(
    message: MessageState, outcome: Outcome, *, now: int, account_open: bool
) -> tuple[Change, ...] | ForcedRefusal:
    """The changes that let a message end with `outcome`, `outcome.after` ms after `now` (None counts as 0).

    A planned refund of the old plan is cancelled, and one is planned if the new status is NOT_ALLOWED. While the
    account of the message is closed no money moves (C-03).
    """
    if message.given:
        return ForcedRefusal.REPORT_GIVEN
    if message.refund_at(now) is Refund.PAID:
        return ForcedRefusal.REFUND_PAID
    done_at = now + (outcome.after or 0)
    if done_at > LAST_CLOCK:
        return ForcedRefusal.TOO_LATE
    old, batch = message.plan, message.batch
    plan = Plan(old.submitted_at, min(old.sent_at, now), done_at, outcome.status, outcome.error)
    changes: list[Change] = []
    cost = batch.cost_of(message.index)
    if message.refund is Refund.PLANNED and account_open:
        of_message = message.number if message.replanned else None
        changes.append(RefundCancelled(batch.user, old.done_at, cost, batch.first_id, of_message))
    changes.append(Replanned(message.number, plan))
    if plan.status is Status.NOT_ALLOWED and account_open:
        parts = len(batch.segmentation.parts)
        changes.append(RefundPlanned(batch.user, done_at, cost, batch.first_id, batch.title, 1, parts, message.number))
    return tuple(changes)
