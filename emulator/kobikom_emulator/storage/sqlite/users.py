"""The users of a space: their accounts, balances and sums, and the ledger as it is written."""

from __future__ import annotations

import sqlite3
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
from kobikom_emulator.domain.states import LedgerKind, LedgerLine, Refund
from kobikom_emulator.storage.sqlite.codec import KIND_NUMBERS, decode_account, encode_account
from kobikom_emulator.storage.sqlite.schema import MOST, SHIFT

AccountChange = Charged | RefundPlanned | RefundCancelled | AccountSet | CreditSet | AccountClosed

_ZERO = Decimal(0)

_INSERT_LINE = "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class User(msgspec.Struct, gc=False, eq=False):
    """A row of `users`. `account` is None while no account is open; `first_refund` is the instant of the first planned
    refund. `unwritten` says that the row has not got these values yet.
    """

    id: int
    name: str
    spent: Decimal = _ZERO
    returned: Decimal = _ZERO
    messages: int = 0
    opened: int | None = None
    balance: Decimal = _ZERO
    account: Account | None = None
    first_refund: int | None = None
    unwritten: bool = False


class Users:
    """The users of one space's contents, each read once."""

    def __init__(self, connection: sqlite3.Connection, contents: int) -> None:
        self._connection = connection
        self._contents = contents
        self._users: dict[str, User] = {}
        self._unwritten: list[User] = []
        self._next_line: int | None = None

    # questions

    def named(self, name: str) -> User | None:
        user = self._users.get(name)
        if user is not None:
            return user
        row = self._connection.execute(
            "SELECT id, spent, returned, messages, opened, balance, account FROM users WHERE contents = ? AND name = ?",
            (self._contents, name),
        ).fetchone()
        if row is None:
            return None
        id_, spent, returned, messages, opened, balance, account = row
        user = self._users[name] = User(id_, name, Decimal(spent), Decimal(returned), messages, opened)
        if opened is not None:
            user.balance, user.account = Decimal(balance), decode_account(account)
            user.first_refund = self._first_refund(user)
        return user

    def of(self, name: str) -> User:
        """The user of this name; a row is made where there is none."""
        user = self.named(name)
        if user is None:
            added = self._connection.execute("INSERT INTO users (contents, name) VALUES (?, ?)", (self._contents, name))
            assert added.lastrowid is not None
            user = self._users[name] = User(added.lastrowid, name)
        return user

    def is_open(self, name: str) -> bool:
        user = self.named(name)
        return user is not None and user.account is not None

    def account(self, name: str) -> Account | None:
        user = self.named(name)
        return None if user is None else user.account

    def open_accounts(self) -> list[Account]:
        self.write()
        rows = self._connection.execute(
            "SELECT name FROM users WHERE contents = ? AND opened IS NOT NULL ORDER BY opened", (self._contents,)
        ).fetchall()
        accounts = [self.account(name) for (name,) in rows]
        return [account for account in accounts if account is not None]

    def credit(self, name: str, now: int) -> Decimal:
        user = self.named(name)
        if user is None or user.account is None:
            raise KeyError(name)
        credit = user.balance
        if user.first_refund is not None and user.first_refund <= now:
            credit += sum([Decimal(amount) for (amount,) in self._due(user, now)], _ZERO)
        return credit if credit >= 0 else _ZERO

    def refund(self, first_id: int, due: int, message: int | None) -> Refund:
        """The state of the refund that was planned like this, `Refund.NONE` if none was, or it was dropped."""
        rows = self._find_refunds("planned", first_id, due, message)
        if not rows:
            return Refund.NONE
        return Refund.PLANNED if (1,) in rows else Refund.PAID

    def is_planned(self, change: RefundCancelled) -> bool:
        return self.refund(change.first_id, change.due, change.message) is Refund.PLANNED

    def is_planned_line(self, line: LedgerLine) -> bool:
        """Whether a refund is planned that is named like this one."""
        return self.refund(line.first_id, line.at, line.message) is Refund.PLANNED

    def _find_refunds(self, columns: str, first_id: int, due: int, message: int | None) -> list[tuple[int, ...]]:
        return self._connection.execute(
            f"SELECT {columns} FROM ledger WHERE key >> 40 = ? AND kind = 2"
            " AND first_id = ? AND at = ? AND message IS ?",
            (self._contents, first_id, due, message),
        ).fetchall()

    def _due(self, user: User, at: int) -> list[tuple[str]]:
        return self._connection.execute(
            "SELECT amount FROM ledger WHERE user = ? AND planned = 1 AND at <= ?", (user.id, at)
        ).fetchall()

    def _first_refund(self, user: User) -> int | None:
        instant: int | None = self._connection.execute(
            "SELECT min(at) FROM ledger WHERE user = ? AND planned = 1", (user.id,)
        ).fetchone()[0]
        return instant

    # changes

    def write(self) -> None:
        """Write the values of users that are not in their rows yet."""
        if not self._unwritten:
            return
        users, self._unwritten = self._unwritten, []
        self._connection.executemany(
            "UPDATE users SET spent = ?, returned = ?, messages = ?, opened = ?, balance = ? WHERE id = ?",
            [
                (
                    str(user.spent),
                    str(user.returned),
                    user.messages,
                    user.opened,
                    None if user.account is None else str(user.balance),
                    user.id,
                )
                for user in users
            ],
        )
        for user in users:
            user.unwritten = False

    def _changed(self, user: User) -> None:
        if not user.unwritten:
            user.unwritten = True
            self._unwritten.append(user)

    def apply(self, change: AccountChange) -> None:
        match change:
            case Charged():
                self._charge(change)
            case RefundPlanned():
                user = self.of(change.user)
                self._add(user, change.due, LedgerKind.REFUND, change.amount, change, change.message, planned=1)
                self.expect_refund(user, change.due)
            case RefundCancelled():
                self._cancel_refund(change)
            case AccountSet():
                self._set_account(change)
            case CreditSet():
                user = self.of(change.user)
                self._settle(user, change.at)
                user.balance = change.amount
                self._changed(user)
                self._add(user, change.at, LedgerKind.SET, change.amount)
            case AccountClosed():
                self._close(change)
            case _:
                assert_never(change)

    def _set_account(self, change: AccountSet) -> None:
        account = change.account
        user = self.of(account.user)
        if user.account is None:
            self._add(user, change.at, LedgerKind.OPENED, account.credit)
        self.open(user, account, account.credit)

    def open(self, user: User, account: Account, balance: Decimal) -> None:
        """Open an account, or change the terms of an open one."""
        if user.account is None:
            self.write()
            newest = "SELECT coalesce(max(opened), 0) FROM users WHERE contents = ?"
            user.opened = self._connection.execute(newest, (self._contents,)).fetchone()[0] + 1
            user.balance = balance
        user.account = account
        self._changed(user)
        self._connection.execute("UPDATE users SET account = ? WHERE id = ?", (encode_account(account), user.id))
        self.write()

    def _charge(self, change: Charged) -> None:
        user = self.of(change.user)
        if user.first_refund is not None:
            self._settle(user, change.at)
        user.balance -= change.amount
        user.spent += change.amount
        user.messages += change.messages
        self._changed(user)
        self._add(user, change.at, LedgerKind.CHARGE, change.amount, change)

    def expect_refund(self, user: User, due: int) -> None:
        """A refund was planned."""
        if user.first_refund is None or due < user.first_refund:
            user.first_refund = due

    def count_line(self, user: User, line: LedgerLine) -> None:
        """Add a line that is part of the balance, or was, to the sums of its user."""
        if line.kind is LedgerKind.CHARGE:
            user.spent += line.amount
            user.messages += line.messages
        elif line.kind is LedgerKind.REFUND:
            user.returned += line.amount
        self._changed(user)

    def _cancel_refund(self, change: RefundCancelled) -> None:
        rows = self._find_refunds("planned, key, messages, amount", change.first_id, change.due, change.message)
        [(_, key, messages, amount)] = [row for row in rows if row[0] == 1]
        if messages > 1:
            left = str(Decimal(amount) - change.amount)
            self._connection.execute("UPDATE ledger SET amount = ?, messages = messages - 1 WHERE key = ?", (left, key))
            return
        self._connection.execute("DELETE FROM ledger WHERE key = ?", (key,))
        self._next_line = None
        user = self.of(change.user)
        user.first_refund = self._first_refund(user)

    def _close(self, change: AccountClosed) -> None:
        user = self.of(change.user)
        self._settle(user, change.at)
        self._connection.execute("DELETE FROM ledger WHERE user = ? AND planned = 1", (user.id,))
        self._connection.execute("UPDATE users SET account = NULL WHERE id = ?", (user.id,))
        self._next_line = user.first_refund = user.opened = user.account = None
        self._changed(user)

    def _settle(self, user: User, at: int) -> None:
        """Make the refunds due at `at` or before part of the balance."""
        if user.first_refund is None or user.first_refund > at:
            return
        due = sum([Decimal(amount) for (amount,) in self._due(user, at)], _ZERO)
        user.balance += due
        user.returned += due
        self._changed(user)
        self._connection.execute(
            "UPDATE ledger SET planned = 0 WHERE user = ? AND planned = 1 AND at <= ?", (user.id, at)
        )
        user.first_refund = self._first_refund(user)

    def _add(
        self,
        user: User,
        at: int,
        kind: LedgerKind,
        amount: Decimal,
        batch: Charged | RefundPlanned | None = None,
        message: int | None = None,
        planned: int = 0,
    ) -> None:
        """Write a line; the next number is above those in use, as it is after an import."""
        number = self._next_line
        if number is None:
            first = self._contents << SHIFT
            newest = "SELECT max(key) FROM ledger WHERE key BETWEEN ? AND ?"
            key = self._connection.execute(newest, (first, first | MOST)).fetchone()[0]
            number = 0 if key is None else (key & MOST) + 1
        self._next_line = number + 1
        what = (0, "", 0, 0) if batch is None else (batch.first_id, batch.title, batch.messages, batch.parts)
        key = self._contents << SHIFT | number
        self._connection.execute(
            _INSERT_LINE, (key, user.id, at, KIND_NUMBERS[kind], str(amount), *what, message, planned)
        )

    def load_line(self, line: LedgerLine, *, planned: bool) -> None:
        """Write an imported line under the number it has; `ValueError` if another one has it."""
        user = self.of(line.user)
        key = self._contents << SHIFT | line.number
        if self._connection.execute("SELECT 1 FROM ledger WHERE key = ?", (key,)).fetchone():
            raise ValueError(f"two lines of the ledger have the number {line.number}")
        self._connection.execute(
            _INSERT_LINE,
            (
                key, user.id, line.at, KIND_NUMBERS[line.kind], str(line.amount), line.first_id, line.title,
                line.messages, line.parts, line.message, int(planned),
            ),
        )  # fmt: skip
        self._next_line = None
        if planned:
            self.expect_refund(user, line.at)
        else:
            self.count_line(user, line)
