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
    """What a message's charge will see again (C-03)."""

    NONE = "none"
    PLANNED = "planned"
    PAID = "paid"


class MessageState(msgspec.Struct, frozen=True, gc=False):
    """One message: its number in the space (from 0, in the order of acceptance), its batch and its place in it, its
    plan, whether its report is gone (given, pushed or lost), and whether its charge comes back.
    """

    number: int
    batch: Batch
    index: int
    plan: Plan
    given: bool
    refund: Refund = Refund.NONE


class LedgerKind(StrEnum):
    """What moved the credit of an account."""

    OPENED = "opened"
    CHARGE = "charge"
    REFUND = "refund"
    SET = "set"


class LedgerLine(msgspec.Struct, frozen=True):
    """One movement of an account's credit. `number` (from 0) orders lines of one instant and is their cursor.

    `amount` is never negative: a charge takes it, a refund gives it, an opening or setting puts the credit at it.
    `first_id`, `title`, `messages` and `parts` name the batch of a charge or refund, and are empty otherwise.
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


class AccountTotals(msgspec.Struct, frozen=True, gc=False):
    """What an account paid for messages, what came back of it by now, and how many messages that were."""

    user: str
    spent: Decimal
    returned: Decimal
    messages: int


# --- the records of a whole space, as exported and imported ----------------------------------------------------------


class AccountRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag="account"):
    """An open account; `balance` is its credit without the refunds that are planned."""

    account: Account
    balance: Decimal


class RefundRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag="refund"):
    """A refund that is not part of the balance yet."""

    user: str
    due: int
    amount: Decimal
    first_id: int
    title: str
    messages: int
    parts: int


class LedgerRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag="ledger"):
    """A line of the ledger; planned refunds are no lines yet."""

    line: LedgerLine


class BatchRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag="batch"):
    """A batch: the number of its first message, which of its reports are gone and which messages were deleted (an octet
    0 or 1 for each recipient), and the plans that were changed, by index.
    """

    number: int
    batch: Batch
    given: bytes
    deleted: bytes
    replanned: Mapping[int, Plan]


class PushRecord(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="record", tag="push"):
    """A push that is still to be made, of the message `number`."""

    number: int
    due: int
    attempt: int


Record = AccountRecord | RefundRecord | LedgerRecord | BatchRecord | PushRecord
