"""The records of a space as they are written and read: what is left out, what is refused (C-03)."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.segments import LongText, Unencodable, segment_text
from kobikom_emulator.domain.states import (
    AccountRecord,
    BatchRecord,
    LedgerKind,
    LedgerLine,
    LedgerRecord,
    MessageState,
    PushRecord,
    Record,
    Refund,
    RefundRecord,
)

PLAN = Plan(0, 0, 50, Status.NOT_ALLOWED, 500)
LINE = LedgerLine(3, 100, LedgerKind.SET, "u", Decimal(5))
CHARGE = LedgerLine(4, 100, LedgerKind.CHARGE, "u", Decimal(1), 1000, "K", 1, 2, 0)
BATCH = Batch(
    user="u",
    first_id=1000,
    title="K",
    text="x",
    segmentation=segment_text(
        "x", ucs2=False, turkish=False, concatenate=False, long_text=LongText.CUT, unencodable=Unencodable.UCS2
    ),
    flash=False,
    destinations=("905321234567",),
    msisdns=("905321234567",),
    client_ids=None,
    costs=Decimal(1),
    groups=(RecipientGroup(PLAN, (0,)),),
)
RECORDS = (
    AccountRecord(Account("u", "p"), Decimal("999.5")),
    RefundRecord(CHARGE),
    LedgerRecord(LINE),
    BatchRecord(0, BATCH, b"\0", b"\0", {0: PLAN}),
    PushRecord(0, 50, 1),
)


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: type(record).__name__)
def test_a_record_is_read_by_its_tag(record: Any) -> None:
    """One of the five kinds, known by its field `record`, with no field that the kind does not have."""
    written = msgspec.to_builtins(record)
    kind = type(record).__name__.removesuffix("Record").lower()
    assert kind == written["record"]
    with pytest.raises(msgspec.ValidationError, match="unknown field `other`"):
        msgspec.convert(written | {"other": 1}, Record)


@pytest.mark.parametrize("record", [RECORDS[0], RECORDS[1], RECORDS[2], RECORDS[4]])
def test_a_record_is_read_as_it_was_written(record: Any) -> None:
    """Records survive JSON; a batch is written by the export, in columns."""
    assert record == msgspec.json.decode(msgspec.json.encode(record), type=Record)


def test_a_ledger_line_has_only_what_it_needs() -> None:
    """The batch of a charge is left out where there is none, and no other field is read."""
    written = msgspec.to_builtins(LINE)
    assert {"number": 3, "at": 100, "kind": "set", "user": "u", "amount": "5"} == written
    assert (0, "", 0, 0, None) == (LINE.first_id, LINE.title, LINE.messages, LINE.parts, LINE.message)
    with pytest.raises(msgspec.ValidationError, match="unknown field `price`"):
        msgspec.convert(written | {"price": 1}, LedgerLine)


def test_a_message_keeps_its_plan_and_charge_unless_told_otherwise() -> None:
    """No refund, and the plan that it was accepted with."""
    state = MessageState(0, BATCH, 0, PLAN, given=False)
    assert (Refund.NONE, False) == (state.refund, state.replanned)


@pytest.mark.parametrize(
    ("refund", "before", "due"),
    [
        (Refund.NONE, Refund.NONE, Refund.NONE),
        (Refund.PLANNED, Refund.PLANNED, Refund.PAID),
        (Refund.PAID, Refund.PAID, Refund.PAID),
    ],
)
def test_a_planned_refund_is_paid_from_the_end_of_the_plan_on(refund: Refund, before: Refund, due: Refund) -> None:
    """At the instant itself, too; one that was paid stays so when the clock is set back (C-03)."""
    state = MessageState(0, BATCH, 0, PLAN, given=False, refund=refund)
    assert [before, due, due] == [state.refund_at(now) for now in (49, 50, 51)]
