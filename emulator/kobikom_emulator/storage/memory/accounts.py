"""The accounts of a space with their balances and planned refunds."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import assert_never

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import (
    AccountClosed,
    AccountSet,
    Charged,
    CreditSet,
    RefundCancelled,
    RefundPlanned,
)
from kobikom_emulator.domain.states import (
    AccountRecord,
    AccountTotals,
    LedgerKind,
    LedgerLine,
    LedgerRecord,
    Refund,
    RefundRecord,
)
from kobikom_emulator.storage.memory.ledger import Ledger, Lines, order

AccountChange = Charged | RefundPlanned | RefundCancelled | AccountSet | CreditSet | AccountClosed

_RefundKey = tuple[int, int, int | None]
"""What names a refund: first id of the batch, instant, number of the message or None."""

_ZERO = Decimal(0)


@dataclass(slots=True)
class _OpenAccount:
    """`refunds` are the planned ones, in the order of the ledger; they are not part of the balance."""

    account: Account
    balance: Decimal
    lines: Lines
    refunds: list[LedgerLine] = field(default_factory=list)

    def due_refunds(self, now: int) -> list[LedgerLine]:
        """Those due at `now` or before."""
        refunds = self.refunds
        if not refunds or refunds[0].at > now:
            return []
        return refunds[: bisect_left(refunds, (now + 1, 0), key=order)]


class Accounts:
    """Open accounts by user, and the ledger of all users."""

    def __init__(self) -> None:
        self._open: dict[str, _OpenAccount] = {}
        self._planned: dict[_RefundKey, LedgerLine] = {}
        self._settled: set[_RefundKey] = set()
        self._ledger = Ledger()

    # questions

    def is_open(self, user: str) -> bool:
        return user in self._open

    def account(self, user: str) -> Account | None:
        entry = self._open.get(user)
        return None if entry is None else entry.account

    def accounts(self) -> list[Account]:
        return [entry.account for entry in self._open.values()]

    def credit(self, user: str, now: int) -> Decimal:
        entry = self._open[user]
        credit = entry.balance
        for refund in entry.refunds:
            if refund.at > now:
                break
            credit += refund.amount
        return credit if credit >= 0 else _ZERO

    def refund(self, first_id: int, due: int, message: int | None) -> Refund:
        """The state of the refund that was planned like this, `Refund.NONE` if none was, or it was dropped."""
        key = (first_id, due, message)
        if key in self._planned:
            return Refund.PLANNED
        return Refund.PAID if key in self._settled else Refund.NONE

    def is_planned(self, change: RefundCancelled) -> bool:
        return (change.first_id, change.due, change.message) in self._planned

    def ledger(self, user: str | None, now: int, before: int | None, limit: int) -> list[LedgerLine]:
        return self._ledger.page(user, self._due_refunds(user, now), before=before, limit=limit)

    def ledger_size(self, user: str | None, now: int) -> int:
        return sum(map(len, self._ledger.select(user))) + len(self._due_refunds(user, now))

    def totals(self, now: int) -> list[AccountTotals]:
        totals: list[AccountTotals] = []
        for user, entry in self._open.items():
            sums = entry.lines
            returned = sum([refund.amount for refund in entry.due_refunds(now)], sums.returned)
            totals.append(AccountTotals(user, sums.spent, returned, sums.messages))
        return totals

    def _due_refunds(self, user: str | None, now: int) -> list[LedgerLine]:
        if user is not None:
            return self._open[user].due_refunds(now) if user in self._open else []
        return sorted([refund for entry in self._open.values() for refund in entry.due_refunds(now)], key=order)

    # changes

    def apply(self, change: AccountChange) -> None:
        match change:
            case Charged():
                self._charge(change)
            case RefundPlanned():
                self._plan_refund(change)
            case RefundCancelled():
                self._cancel_refund(change)
            case AccountSet():
                self._set_account(change)
            case CreditSet():
                self._set_credit(change)
            case AccountClosed():
                self._close(change)
            case _:
                assert_never(change)

    def _set_account(self, change: AccountSet) -> None:
        account = change.account
        user = account.user
        entry = self._open.get(user)
        if entry is not None:
            entry.account = account
            return
        entry = self._open[user] = _OpenAccount(account, account.credit, self._ledger.of(user))
        line = LedgerLine(self._ledger.new_number(), change.at, LedgerKind.OPENED, user, account.credit)
        self._ledger.add(line, entry.lines)

    def _set_credit(self, change: CreditSet) -> None:
        entry = self._open[change.user]
        self._settle(entry, change.at)
        entry.balance = change.amount
        line = LedgerLine(self._ledger.new_number(), change.at, LedgerKind.SET, change.user, change.amount)
        self._ledger.add(line, entry.lines)

    def _charge(self, change: Charged) -> None:
        entry = self._open[change.user]
        if entry.refunds:
            self._settle(entry, change.at)
        entry.balance -= change.amount
        line = LedgerLine(
            self._ledger.new_number(),
            change.at,
            LedgerKind.CHARGE,
            change.user,
            change.amount,
            change.first_id,
            change.title,
            change.messages,
            change.parts,
        )
        self._ledger.add(line, entry.lines)

    def _plan_refund(self, change: RefundPlanned) -> None:
        self._plan(
            LedgerLine(
                self._ledger.new_number(),
                change.due,
                LedgerKind.REFUND,
                change.user,
                change.amount,
                change.first_id,
                change.title,
                change.messages,
                change.parts,
                change.message,
            )
        )

    def _cancel_refund(self, change: RefundCancelled) -> None:
        key = (change.first_id, change.due, change.message)
        refund = self._planned[key]
        refunds = self._open[change.user].refunds
        position = bisect_left(refunds, order(refund), key=order)
        if refund.messages <= 1:
            del refunds[position], self._planned[key]
            self._ledger.release(refund)
            return
        reduced = msgspec.structs.replace(refund, amount=refund.amount - change.amount, messages=refund.messages - 1)
        refunds[position] = self._planned[key] = reduced
        self._ledger.reserve(reduced)

    def _close(self, change: AccountClosed) -> None:
        entry = self._open.pop(change.user)
        self._settle(entry, change.at)
        for refund in entry.refunds:
            del self._planned[_key(refund)]
            self._ledger.release(refund)

    def _settle(self, entry: _OpenAccount, at: int) -> None:
        """Make the refunds due at `at` or before part of the balance."""
        due = entry.due_refunds(at)
        if not due:
            return
        del entry.refunds[: len(due)]
        for refund in due:
            entry.balance += refund.amount
            key = _key(refund)
            del self._planned[key]
            self._settled.add(key)
            self._ledger.add(refund, entry.lines)

    def _plan(self, refund: LedgerLine) -> None:
        self._planned[_key(refund)] = refund
        self._ledger.reserve(refund)
        insort(self._open[refund.user].refunds, refund, key=order)

    def dismantled(self) -> Iterator[None]:
        """Forget the ledger, some lines at a time."""
        return self._ledger.dismantled()

    # export and import

    def export(self) -> Iterator[AccountRecord | RefundRecord | LedgerRecord]:
        for entry in self._open.values():
            yield AccountRecord(entry.account, entry.balance)
        for refund in self._planned.values():
            yield RefundRecord(refund)
        for line in self._ledger.by_number():
            if line.kind is not LedgerKind.REFUND or self._planned.get(_key(line)) is not line:
                yield LedgerRecord(line)

    def load_account(self, record: AccountRecord) -> None:
        user = record.account.user
        if user in self._open:
            raise ValueError(f"account {user!r} is there twice")
        self._open[user] = _OpenAccount(record.account, record.balance, self._ledger.of(user))

    def load_refund(self, record: RefundRecord) -> None:
        refund = record.line
        if refund.user not in self._open:
            raise ValueError(f"refund {refund.number} is for {refund.user!r}, which is no open account")
        if _key(refund) in self._planned:
            raise ValueError(f"refund {refund.number} is there twice, under two numbers")
        self._ledger.claim_number(refund)
        self._plan(refund)

    def load_line(self, record: LedgerRecord) -> None:
        line = record.line
        self._ledger.claim_number(line)
        self._ledger.add(line, self._ledger.of(line.user))
        if line.kind is LedgerKind.REFUND:
            self._settled.add(_key(line))


def _key(refund: LedgerLine) -> _RefundKey:
    return refund.first_id, refund.at, refund.message
