"""Which account and password stand for those of a recording, whose passwords are masked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.trace.exchanges import JudgedExchange

WRONG = "-wrong"
"""What makes a right password a wrong one."""


@dataclass(frozen=True, slots=True)
class Account:
    """A login of the target."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class Accounts:
    """``by_user``: the target's account for each recorded user. ``right``: the recorded password of each user.

    A recorded password is a number, or the text of another program's recording.
    """

    by_user: Mapping[str, Account]
    right: Mapping[str, str]

    def of(self, one: JudgedExchange) -> Account | None:
        """The login for an exchange: with a wrong password where a wrong one was recorded; None for a login without."""
        user = user_of(one)
        account = self.by_user.get(user)
        if account is None:
            return Account(user, WRONG) if user else None
        is_right = self.right.get(user) in (None, password_of(one))
        return account if is_right else Account(account.user, account.password + WRONG)

    def has_wrong_password(self, one: JudgedExchange) -> bool:
        """Whether the recorded login is that of a known user with another password."""
        user = user_of(one)
        return user in self.right and self.right[user] != password_of(one)


def user_of(one: JudgedExchange) -> str:
    """The recorded user, "" for none."""
    return "" if one.request is None else (one.request.user or "").strip(echo.BLANK)


def password_of(one: JudgedExchange) -> str:
    """What tells one recorded password from another."""
    if one.recorded.password:
        return str(one.recorded.password)
    return "" if one.request is None else (one.request.password or "").strip(echo.BLANK)


def accounts_of(exchanges: Sequence[JudgedExchange], given: Mapping[str, Account], main: Account | None) -> Accounts:
    """The accounts for a recording: those given by recorded user, and ``main`` for the user with most requests.

    Raises :class:`CannotRun` where another recorded user was served and has no account.
    """
    served = Counter(user_of(one) for one in exchanges if one.served and user_of(one))
    by_user = dict(given)
    left = [user for user, _ in served.most_common() if user not in by_user]
    if left and main is not None:
        by_user[left.pop(0)] = main
    if left:
        raise CannotRun(f"the recording has the user {left[0]!r}: give --account {left[0]}=USER:PASSWORD")
    right: dict[str, str] = {}
    for one in exchanges:
        if one.served and user_of(one):
            right.setdefault(user_of(one), password_of(one))
    return Accounts(by_user, right)
