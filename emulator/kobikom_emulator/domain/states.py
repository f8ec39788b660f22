"""The books of a space as values: where each message stands, and everything at once, to be taken out and put back."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch


class MessageState(msgspec.Struct, frozen=True, gc=False):
    """One message: its batch (and the batch's number), its place in it, its plan, and whether its report is gone
    (given, pushed or lost)."""

    number: int
    batch: Batch
    index: int
    plan: Plan
    given: bool


class Wallet(msgspec.Struct, frozen=True, gc=False):
    """An account with what it can spend now and the refunds still to come, as (due in ms, amount)."""

    account: Account
    credit: Decimal
    refunds: tuple[tuple[int, Decimal], ...] = ()


class Page(msgspec.Struct, frozen=True, gc=False):
    """A batch in the books: which of its reports are gone (index by index, 1 for gone) and which plans were changed."""

    batch: Batch
    given: bytes
    replanned: Mapping[int, Plan]


class PendingPush(msgspec.Struct, frozen=True, gc=False):
    """A push that is still to be made: batch by number, recipient by index."""

    batch: int
    index: int
    due: int
    attempt: int


class Books(msgspec.Struct, frozen=True, gc=False):
    """Everything a store knows of a space."""

    wallets: tuple[Wallet, ...]
    pages: tuple[Page, ...]
    pushes: tuple[PendingPush, ...]
