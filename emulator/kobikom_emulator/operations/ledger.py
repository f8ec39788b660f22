"""Read the ledger of a space: every change of its accounts' credit."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.states import AccountTotals, LedgerLine
from kobikom_emulator.operations.errors import NotFound
from kobikom_emulator.space.space import Space


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
