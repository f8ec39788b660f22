"""Forcing an outcome: the new plan, what happens to refunds, and when it is refused (R-03, C-03)."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from kobikom_emulator.domain.changes import RefundCancelled, RefundPlanned, Replanned
from kobikom_emulator.domain.delivery import VALIDITY_EXPIRED, Outcome, Plan, Status
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.outcomes import ForcedRefusal, force
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import MessageState, Refund
from kobikom_emulator.domain.values import LAST_CLOCK

FIRST = 100_000_000_000_000_001
SENT = Plan(0, 10, 50, Status.DELIVERED, 0)
BARRED = Plan(0, 10, 50, Status.NOT_ALLOWED, 500)
NUMBERS = ("905321234567", "905421234567")
TEXT = segment_text(
    "x" * 161, ucs2=False, turkish=False, concatenate=True, long_text=LongText.CUT, unencodable=Unencodable.UCS2
)


def message(plan: Plan = SENT, **more: Any) -> MessageState:
    """The second message of a batch of two; its number in the space is 7, its charge 3."""
    batch = Batch(
        user="u",
        first_id=FIRST,
        title="K",
        text="x",
        segmentation=TEXT,
        flash=False,
        destinations=NUMBERS,
        msisdns=NUMBERS,
        client_ids=None,
        costs=(Decimal(2), Decimal(3)),
        groups=(RecipientGroup(plan, (0, 1)),),
    )
    return MessageState(**{"number": 7, "batch": batch, "index": 1, "plan": plan, "given": False} | more)


def test_the_new_plan_ends_after_now() -> None:
    """Sent by now at the latest, final `after` ms from now, with the outcome's status and error."""
    outcome = Outcome(Status.REJECTED, 5, 42)
    assert (Replanned(7, Plan(0, 10, 25, Status.REJECTED, 42)),) == force(message(), outcome, now=20, account_open=True)
    assert (Replanned(7, Plan(0, 3, 8, Status.REJECTED, 42)),) == force(message(), outcome, now=3, account_open=True)


def test_an_outcome_without_an_instant_is_final_at_once() -> None:
    """`after` None counts as 0, and the usual error of the status is used."""
    assert (Replanned(7, Plan(0, 10, 20, Status.NOT_DELIVERED, 27)),) == force(
        message(), Outcome(Status.NOT_DELIVERED, None), now=20, account_open=True
    )
    assert 27 != VALIDITY_EXPIRED


def test_a_final_message_can_be_changed_until_its_report_is_given() -> None:
    """A final message can be changed until its report is given (R-03)."""
    assert (Replanned(7, Plan(0, 10, 60, Status.REJECTED, 32)),) == force(
        message(), Outcome(Status.REJECTED, 0), now=60, account_open=True
    )
    assert ForcedRefusal.REPORT_GIVEN == force(
        message(given=True), Outcome(Status.REJECTED, 0), now=60, account_open=True
    )


def test_not_allowed_gives_the_charge_back() -> None:
    """The charge of this message alone is given back, when it is final (C-03)."""
    [replanned, refund] = force(message(), Outcome(Status.NOT_ALLOWED, 5), now=20, account_open=True)
    assert Replanned(7, Plan(0, 10, 25, Status.NOT_ALLOWED, 500)) == replanned
    assert RefundPlanned("u", 25, Decimal(3), FIRST, "K", 1, 2, 7) == refund


@pytest.mark.parametrize(("replanned", "of_message"), [(False, None), (True, 7)])
def test_a_refund_to_come_is_cancelled(replanned: bool, of_message: int | None) -> None:
    """That of the batch, or the message's own if its plan was changed before; another may be planned (C-03)."""
    barred = message(BARRED, refund=Refund.PLANNED, replanned=replanned)
    cancelled = RefundCancelled("u", 50, Decimal(3), FIRST, of_message)
    delivered = Replanned(7, Plan(0, 10, 49, Status.DELIVERED, 0))
    assert (cancelled, delivered) == force(barred, Outcome(Status.DELIVERED, 0), now=49, account_open=True)
    again = force(barred, Outcome(Status.NOT_ALLOWED, 1), now=49, account_open=True)
    assert not isinstance(again, ForcedRefusal)
    assert (cancelled, RefundPlanned("u", 50, Decimal(3), FIRST, "K", 1, 2, 7)) == (again[0], again[2])


@pytest.mark.parametrize(("refund", "now"), [(Refund.PLANNED, 50), (Refund.PAID, 0), (Refund.PAID, 99)])
def test_a_charge_that_came_back_stays(refund: Refund, now: int) -> None:
    """Due by now, or part of the balance, which it stays when the clock is set back (C-03)."""
    assert ForcedRefusal.REFUND_PAID == force(
        message(BARRED, refund=refund), Outcome(Status.DELIVERED, 0), now=now, account_open=True
    )


@pytest.mark.parametrize("status", [Status.NOT_ALLOWED, Status.DELIVERED])
def test_no_money_moves_while_the_account_is_closed(status: Status) -> None:
    """While the account is closed the plan changes and no money moves."""
    changes = force(message(BARRED), Outcome(status, 5), now=99, account_open=False)
    assert not isinstance(changes, ForcedRefusal)
    assert [Replanned] == [type(change) for change in changes]


@pytest.mark.parametrize(("beyond", "refused"), [(0, False), (1, True)])
def test_an_end_that_no_clock_comes_to_is_refused(beyond: int, refused: bool) -> None:
    """The last instant of a clock is the last one a message can end at."""
    outcome = Outcome(Status.REJECTED, 5 + beyond)
    changes = force(message(), outcome, now=LAST_CLOCK - 5, account_open=True)
    assert refused == (changes is ForcedRefusal.TOO_LATE)


def test_the_refund_of_a_state_as_of_an_instant() -> None:
    """A planned one counts as paid from its instant on; the others are what they are."""
    planned = message(BARRED, refund=Refund.PLANNED)
    assert [Refund.PLANNED, Refund.PAID] == [planned.refund_at(now) for now in (49, 50)]
    assert [Refund.PAID, Refund.NONE] == [
        msgspec.structs.replace(planned, refund=refund).refund_at(0) for refund in (Refund.PAID, Refund.NONE)
    ]
