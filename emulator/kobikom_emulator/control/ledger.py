"""The ledger of a space over the control API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.domain.account import exact
from kobikom_emulator.domain.states import LedgerKind, LedgerLine
from kobikom_emulator.domain.values import instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations


class LedgerQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One user's lines, at most `limit` of them, from before a line's number."""

    user: str | None = None
    before: Annotated[int, Meta(ge=0)] | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class LedgerLineView(msgspec.Struct, frozen=True):
    """What moved an account's credit: a `charge` took `amount`, a `refund` gave it (C-03), `opened` and `set` put the
    credit at it. `first_id`, `title`, `messages` and `parts` (of one message) name the messages of a charge or refund.
    """

    number: int
    at: datetime
    kind: LedgerKind
    user: str
    amount: str
    first_id: str | None
    title: str
    messages: int
    parts: int


class LedgerAccountView(msgspec.Struct, frozen=True):
    """`credit` is what can be spent now; `spent` is what messages took, `returned` what came back of it."""

    user: str
    currency: str
    credit: str
    spent: str
    returned: str
    messages: int


class LedgerView(msgspec.Struct, frozen=True):
    """Lines, newest first, `total` of them in all; `next` is the number to ask the next page with, null at the end."""

    accounts: tuple[LedgerAccountView, ...]
    lines: tuple[LedgerLineView, ...]
    next: int | None
    total: int


async def show(space: SpaceOperations, call: Call) -> Answer:
    query: LedgerQuery = call.query
    page = await space.ledger.show(query.user, before=query.before, limit=query.limit)
    accounts = tuple(
        LedgerAccountView(
            line.account.user,
            line.account.currency,
            exact(line.credit),
            exact(line.totals.spent),
            exact(line.totals.returned),
            line.totals.messages,
        )
        for line in page.accounts
    )
    return as_json(LedgerView(accounts, tuple(map(_line_view, page.lines)), page.next, page.total))


def _line_view(line: LedgerLine) -> LedgerLineView:
    return LedgerLineView(
        number=line.number,
        at=instant(line.at),
        kind=line.kind,
        user=line.user,
        amount=exact(line.amount),
        first_id=str(line.first_id) if line.first_id else None,
        title=line.title,
        messages=line.messages,
        parts=line.parts,
    )


ENDPOINTS = (
    Endpoint("GET", "/ledger", show, "showLedger", "What moved the credit of the accounts, newest first.",
             {200: LedgerView}, query=LedgerQuery),
)  # fmt: skip
