"""The answers to queries about an account: its titles (H-01) and its balance (B-01)."""

from __future__ import annotations

from typing import assert_never

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.values import is_numeric
from kobikom_emulator.gateway.context import OperationResult, RequestContext
from kobikom_emulator.journal.entries import Outcome
from kobikom_emulator.protocol import encode
from kobikom_emulator.protocol.decode import BalanceQuery, TitlesQuery


async def answer(context: RequestContext, query: TitlesQuery | BalanceQuery, account: Account) -> OperationResult:
    match query:
        case TitlesQuery():
            alphanumeric = [title for title in account.titles if not is_numeric(title)]
            numeric = [title for title in account.titles if is_numeric(title)]
            body = encode.titles(alphanumeric, numeric, context.readings)
        case BalanceQuery():
            credit = await context.space.store.credit(account.user, context.now)
            body = encode.balance(credit, account.currency, context.readings)
        case _:
            assert_never(query)
    return OperationResult((body,), Outcome.ANSWERED)
