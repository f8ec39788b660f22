"""What the domain decided should become true: a closed union of frozen values that a store applies."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


class Charged(msgspec.Struct, frozen=True, gc=False):
    """Take an amount from an account's credit (C-01)."""

    user: str
    amount: Decimal


class Refunded(msgspec.Struct, frozen=True, gc=False):
    """Give an amount back, from the instant `due` (ms) on (C-03)."""

    user: str
    due: int
    amount: Decimal


class Accepted(msgspec.Struct, frozen=True, gc=False):
    """Keep a batch; its reports exist from their `done_at` on (R-06)."""

    batch: Batch


class AccountSet(msgspec.Struct, frozen=True, gc=False):
    """Open an account, with its `credit` to spend, or change the terms of an open one, its credit left as it is."""

    account: Account


class CreditSet(msgspec.Struct, frozen=True, gc=False):
    """Put an account's credit at an amount; refunds that are still to come stay to come."""

    user: str
    amount: Decimal


class AccountClosed(msgspec.Struct, frozen=True, gc=False):
    """Close an account; its messages and reports stay in the books, where nobody can pull them."""

    user: str


class Replanned(msgspec.Struct, frozen=True, gc=False):
    """Give one message (batch by number, recipient by index) another plan; its report must not be given yet."""

    batch: int
    index: int
    plan: Plan


class PushPostponed(msgspec.Struct, frozen=True, gc=False):
    """A push failed and is due again (S-19)."""

    push: int
    due: int
    attempt: int


class PushSettled(msgspec.Struct, frozen=True, gc=False):
    """A push is over: delivered, refused or given up; its report is gone (R-03)."""

    push: int


Change = (
    Charged | Refunded | Accepted | AccountSet | CreditSet | AccountClosed | Replanned | PushPostponed | PushSettled
)
