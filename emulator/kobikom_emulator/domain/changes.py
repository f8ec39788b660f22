"""The changes that the domain decides on: a closed union of frozen values that a store applies and keeps.

Money changes are the ledger: a store keeps each as a line and never derives one again.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """Keep a batch; its messages get the next numbers, its reports exist from their `done_at` on (R-06)."""

    batch: Batch


class Charged(msgspec.Struct, frozen=True, gc=False):
    """Take what one batch costs from an account's credit at the instant `at` (ms); refunds due by then are part of the
    credit from now on (C-01).

    `first_id` is the batch's; `title`, `messages` and `parts` (of one message) say what was paid for.
    """

    user: str
    at: int
    amount: Decimal
    first_id: int
    title: str
    messages: int
    parts: int


class RefundPlanned(msgspec.Struct, frozen=True, gc=False):
    """Give the charge of some messages of one batch back at the instant `due` (ms), because they will be NOT_ALLOWED
    then (C-03).

    `message` is None for the messages of a batch that are NOT_ALLOWED by its original plans, of which a batch has at
    most one refund for each instant. Where a replanned message gets its charge back, `message` is its number.
    """

    user: str
    due: int
    amount: Decimal
    first_id: int
    title: str
    messages: int
    parts: int
    message: int | None = None


class RefundCancelled(msgspec.Struct, frozen=True, gc=False):
    """One message of a planned refund will end in another way: reduce the refund by its `amount`, and drop it when no
    message is left in it. User, `due`, `first_id` and `message` are those of the `RefundPlanned`.
    """

    user: str
    due: int
    amount: Decimal
    first_id: int
    message: int | None = None


class AccountSet(msgspec.Struct, frozen=True, gc=False):
    """Open an account at the instant `at` (ms), with its `credit` to spend, or change the terms of an open one, its
    credit left as it is.
    """

    account: Account
    at: int


class CreditSet(msgspec.Struct, frozen=True, gc=False):
    """Put an account's credit at an amount at the instant `at` (ms); refunds due by then are part of it, later ones are
    still to come.
    """

    user: str
    at: int
    amount: Decimal


class AccountClosed(msgspec.Struct, frozen=True, gc=False):
    """Close an account at the instant `at` (ms) and drop the refunds that are not due by then; its messages, reports
    and ledger lines stay.
    """

    user: str
    at: int


class Replanned(msgspec.Struct, frozen=True, gc=False):
    """Give one message (by number) another plan; its report must not be given yet. Its push starts again: due at the
    new plan's end, as a first attempt, under another number.
    """

    number: int
    plan: Plan


class Deleted(msgspec.Struct, frozen=True, gc=False):
    """Forget messages (by number): they are in no list, report or push any more, and their ids count as unused. Credit
    and ledger stay as they are, planned refunds included. Numbers of no message are ignored.
    """

    numbers: Sequence[int]


class PushPostponed(msgspec.Struct, frozen=True, gc=False):
    """A push failed and is due again (S-19). Ignored where the push is gone."""

    push: int
    due: int
    attempt: int


class PushSettled(msgspec.Struct, frozen=True, gc=False):
    """A push is over: delivered, refused or given up; its report is gone (R-03). Ignored where the push is gone."""

    push: int


Change = (
    Accepted
    | Charged
    | RefundPlanned
    | RefundCancelled
    | AccountSet
    | CreditSet
    | AccountClosed
    | Replanned
    | Deleted
    | PushPostponed
    | PushSettled
)
