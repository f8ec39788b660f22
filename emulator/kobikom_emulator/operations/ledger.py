"""Read the ledger of a space: every change of its accounts' credit."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.states import AccountTotals, LedgerLine
from kobikom_emulator.operations.credit_history import CreditPoint, credit_points, thinned
from kobikom_emulator.operations.errors import NotFound
from kobikom_emulator.space.space import Space

SLICE = 2000
"""Lines that are read at a time where all are."""


class LedgerAccount(msgspec.Struct, frozen=True):
    """An open account, what it can spend now, and its totals."""

    account: Account
    credit: Decimal
    totals: AccountTotals


class LedgerPage(msgspec.Struct, frozen=True):
    """Lines, newest first, the number to ask for the next page with (None: this is the last), and how many lines
    there are in all.
    """

    accounts: Sequence[LedgerAccount]
    lines: Sequence[LedgerLine]
    next: int | None
    total: int


class AccountHistory(msgspec.Struct, frozen=True):
    """The credit of an account over time, oldest first."""

    user: str
    points: Sequence[CreditPoint]


class LedgerOperations:
    """The ledger of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    async def show(self, user: str | None = None, *, before: int | None = None, limit: int = 1000) -> LedgerPage:
        """A page of the lines of one account, or of all; `NotFound` for a user without account and lines."""
        store, now = self._space.store, self._space.clock.now()
        lines = await store.ledger(user, now=now, before=before, limit=limit + 1)
        if user is not None and not lines and await store.account(user) is None:
            raise NotFound(f"space {self._space.name!r} has no account {user!r}", field="user")
        totals = {each.user: each for each in await store.totals(now)}
        accounts = [
            LedgerAccount(account, await store.credit(account.user, now), totals[account.user])
            for account in await store.accounts()
        ]
        page = lines[:limit]
        next_page = page[-1].number if len(lines) > limit else None
        return LedgerPage(accounts, page, next_page, await store.ledger_size(user, now=now))

    async def lines(self, user: str | None = None) -> AsyncGenerator[Sequence[LedgerLine]]:
        """All lines of one account, or of all, newest first, some at a time; `NotFound` as in `show`."""
        before: int | None = None
        while True:
            page = await self.show(user, before=before, limit=SLICE)
            yield page.lines
            if page.next is None:
                return
            before = page.next

    async def history(self, user: str | None = None, *, most: int) -> AccountHistory:
        """The credit of an open account after each of its lines, at most `most` points; None stands for the first
        account. `NotFound` if the space has no account of this name, or none at all.
        """
        store, now = self._space.store, self._space.clock.now()
        users = [account.user for account in await store.accounts()]
        chosen = users[0] if user is None and users else user
        if chosen not in users:
            raise NotFound(f"space {self._space.name!r} has no account {chosen or ''!r}", field="user")
        newest_first = [line async for page in self.lines(chosen) for line in page]
        points = credit_points(reversed(newest_first), credit_now=await store.credit(chosen, now))
        return AccountHistory(chosen, thinned(points, most))
