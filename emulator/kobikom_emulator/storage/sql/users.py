"""The users of a space: their accounts, balances and sums."""

from __future__ import annotations

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
from kobikom_emulator.domain.states import LedgerKind, LedgerLine
from kobikom_emulator.storage.sql.codec import decode_account, encode_account
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.ledger_rows import LedgerRows

AccountChange = Charged | RefundPlanned | RefundCancelled | AccountSet | CreditSet | AccountClosed

_ZERO = Decimal(0)


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
    """The users of one space's contents, each read once, and the `lines` of the ledger that concern them."""

    def __init__(self, connection: Connection, contents: int) -> None:
        self._connection = connection
        self._contents = contents
        self._users: dict[str, User] = {}
        self._unwritten: list[User] = []
        self.lines = LedgerRows(connection, contents)

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
            user.first_refund = self.lines.first_refund(id_)
        return user

    def of(self, name: str) -> User:
        """The user of this name; a row is made where there is none."""
        user = self.named(name)
        if user is None:
            add = "INSERT INTO users (contents, name) VALUES (?, ?) RETURNING id"
            [(id_,)] = self._connection.execute(add, (self._contents, name)).fetchall()
            user = self._users[name] = User(id_, name)
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
            credit += self.lines.due(user.id, now)
        return credit if credit >= 0 else _ZERO

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
                self._plan_refund(change)
            case RefundCancelled():
                self.lines.cancel(change)
                user = self.of(change.user)
                user.first_refund = self.lines.first_refund(user.id)
            case AccountSet():
                self._set_account(change)
            case CreditSet():
                user = self.of(change.user)
                self._settle(user, change.at)
                user.balance = change.amount
                self._changed(user)
                self.lines.add(user.id, change.at, LedgerKind.SET, change.amount)
            case AccountClosed():
                self._close(change)
            case _:
                assert_never(change)

    def _set_account(self, change: AccountSet) -> None:
        account = change.account
        user = self.of(account.user)
        if user.account is None:
            self.lines.add(user.id, change.at, LedgerKind.OPENED, account.credit)
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
        self.lines.add(user.id, change.at, LedgerKind.CHARGE, change.amount, change)

    def _plan_refund(self, change: RefundPlanned) -> None:
        user, due = self.of(change.user), change.due
        self.lines.add(user.id, due, LedgerKind.REFUND, change.amount, change, message=change.message, planned=True)
        _expect_refund(user, due)

    def _close(self, change: AccountClosed) -> None:
        user = self.of(change.user)
        self._settle(user, change.at)
        self.lines.drop_planned(user.id)
        self._connection.execute("UPDATE users SET account = NULL WHERE id = ?", (user.id,))
        user.first_refund = user.opened = user.account = None
        self._changed(user)

    def _settle(self, user: User, at: int) -> None:
        """Make the refunds due at `at` or before part of the balance."""
        if user.first_refund is None or user.first_refund > at:
            return
        due = self.lines.due(user.id, at)
        user.balance += due
        user.returned += due
        self._changed(user)
        self.lines.settle(user.id, at)
        user.first_refund = self.lines.first_refund(user.id)

    def load(self, line: LedgerLine, *, planned: bool) -> None:
        """Write an imported line, and count it among the sums of its user if it is part of the balance, or was."""
        user = self.of(line.user)
        self.lines.load(user.id, line, planned=planned)
        if planned:
            _expect_refund(user, line.at)
            return
        if line.kind is LedgerKind.CHARGE:
            user.spent += line.amount
            user.messages += line.messages
        elif line.kind is LedgerKind.REFUND:
            user.returned += line.amount
        self._changed(user)


def _expect_refund(user: User, due: int) -> None:
    if user.first_refund is None or due < user.first_refund:
        user.first_refund = due
