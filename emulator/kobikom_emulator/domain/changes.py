"""What the domain decided should become true: a closed union of frozen values that a store applies.

May be imported by the domain, ports and everything above them.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


@dataclass(frozen=True, slots=True)
class Charged:
    """Take an amount from an account's credit (C-01)."""

    user: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Refunded:
    """Give an amount back, from the instant `due` (ms) on (C-03)."""

    user: str
    due: int
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Accepted:
    """Keep a batch; its reports exist from their `done_at` on (R-06)."""

    batch: Batch


@dataclass(frozen=True, slots=True)
class AccountSet:
    """Open an account, with its `credit` to spend, or change the terms of an open one, its credit left as it is."""

    account: Account


@dataclass(frozen=True, slots=True)
class CreditSet:
    """Put an account's credit at an amount; refunds that are still to come stay to come."""

    user: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class AccountClosed:
    """Close an account; its messages and reports stay in the books, where nobody can pull them."""

    user: str


@dataclass(frozen=True, slots=True)
class Replanned:
    """Give one message (batch by number, recipient by index) another plan; its report must not be given yet."""

    batch: int
    index: int
    plan: Plan


@dataclass(frozen=True, slots=True)
class PushPostponed:
    """A push failed and is due again (S-19)."""

    push: int
    due: int
    attempt: int


@dataclass(frozen=True, slots=True)
class PushSettled:
    """A push is over: delivered, refused or given up; its report is gone (R-03)."""

    push: int


Change = (
    Charged | Refunded | Accepted | AccountSet | CreditSet | AccountClosed | Replanned | PushPostponed | PushSettled
)
