"""Reports and pushes as values: the ids of some reports, and when a failed push is due again (S-19)."""

from decimal import Decimal

import pytest

from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.reports import Push, Reports, next_attempt
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text

PLAN = Plan(0, 0, 1, Status.DELIVERED, 0)
NUMBERS = ("905321234567", "905421234567", "905551234567")
BATCH = Batch(
    user="u",
    first_id=1000,
    title="K",
    text="x",
    segmentation=segment_text(
        "x", ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    ),
    flash=False,
    destinations=NUMBERS,
    msisdns=NUMBERS,
    client_ids=("a", "", ""),
    costs=Decimal(1),
    groups=(RecipientGroup(PLAN, (0, 1, 2)),),
)


@pytest.mark.parametrize(("attempt", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, None), (6, None)])
def test_when_a_failed_push_is_due_again(attempt: int, minutes: int | None) -> None:
    """After one, two, five and ten minutes; after the fifth attempt the report is lost (S-19)."""
    push = Push(number=0, message=0, batch=BATCH, plan=PLAN, index=0, due=7_000, attempt=attempt)
    assert (None if minutes is None else 7_000 + minutes * 60 * 1000) == next_attempt(push)


def test_reports_are_some_messages_of_a_batch() -> None:
    """Their ids are those of the batch's messages, and they are counted."""
    reports = Reports(BATCH, PLAN, (0, 2))
    assert (["a", "1002"], 2) == (reports.message_ids(), len(reports))
