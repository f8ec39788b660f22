"""What a store knows, as values: where one message stands, a line of the ledger, and the records of a whole space."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


class Refund(StrEnum):
    """Whether a message's charge comes back (C-03): not; when the message is final; or it is part of the account's
    balance already and stays there when the clock is set back.
    """

    NONE = "none"
    PLANNED = "planned"
    PAID = "paid"


class MessageState(msgspec.Struct, frozen=True, gc=False):
    """One message: its number in the space (from 0, in the order of acceptance), its batch and its index there, its
    plan, whether its report is gone (given, pushed or lost), whether its charge comes back, and whether its plan is
    another than the one it was accepted with.
    """

    number: int
    batch: Batch
    index: int
    plan: Plan
    given: bool
    refund: Refund = Refund.NONE
    replanned: bool = False

    def refund_at(self, now: int) -> Refund:
        """The refund as of `now` (ms): a planned one counts as paid from the end of the plan on."""
        return Refund.PAID if self.refund is Refund.PLANNED and self.plan.done_at <= now else self.refund


class LedgerKind(StrEnum):
    """What moved the credit of an account."""

    OPENED = "opened"
    CHARGE = "charge"
    REFUND = "refund"
    SET = "set"


class LedgerLine(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, omit_defaults=True):
    """One movement of an account's credit. `number` (from 0) orders lines of one instant and is their cursor.

    `amount` is never negative: a charge takes it, a refund gives it, an opening or setting puts the credit at it.
    `first_id`, `title`, `messages` and `parts` name the batch of a charge or refund, and are empty otherwise. `message`
    is the number of the one message that a refund is for, if it is for one whose plan was changed.
    """

    number: int
    at: int
    kind: LedgerKind
    user: str
    amount: Decimal
    first_id: int = 0
    title: str = ""
    messages: int = 0
    parts: int = 0
    message: int | None = None


class AccountTotals(msgspec.Struct, frozen=True, gc=False):
    """What a user paid for messages, what came back of it by now, and how many messages were paid: the sums of all its
    ledger lines, those of an earlier account of the same name included.
    """

    user: str
    spent: Decimal
    returned: Decimal
    messages: int


# --- the records of a whole space, as exported and imported ----------------------------------------------------------


class AccountRecord(
    msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="record", tag="account"
):
    """An open account; `balance` is its credit without the refunds that have a `RefundRecord`."""

    account: Account
    balance: Decimal


class RefundRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="record", tag="refund"):
    """A refund that is not part of the balance yet, as the ledger line that it is from its instant on."""

    line: LedgerLine


class LedgerRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="record", tag="ledger"):
    """A line of the ledger that is part of the balance, or was."""

    line: LedgerLine


class BatchRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="record", tag="batch"):
    """A batch: the number of its first message, which of its reports are gone and which messages were deleted (an octet
    0 or 1 for each recipient; the report of a deleted message is gone), and the plans that were changed, by index.
    """

    number: int
    batch: Batch
    given: bytes
    deleted: bytes
    replanned: Mapping[int, Plan]


class PushRecord(msgspec.Struct, frozen=True, gc=False, forbid_unknown_fields=True, tag_field="record", tag="push"):
    """A push that is still to be made, of the message `number`."""

    number: int
    due: int
    attempt: int


Record = AccountRecord | RefundRecord | LedgerRecord | BatchRecord | PushRecord
