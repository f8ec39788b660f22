"""The ledger of a space over the control API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kobikom_emulator.control.exports import TYPES, Rows, as_csv, download
from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.domain.account import exact
from kobikom_emulator.domain.states import LedgerKind, LedgerLine
from kobikom_emulator.domain.values import instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.space import SpaceOperations


class LedgerQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One user's lines, at most `limit` of them, from before a line's number. As a file (`format`) all of the user's
    lines come, whatever `before` and `limit` are.
    """

    user: str | None = None
    before: Annotated[int, Meta(ge=0)] | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000
    format: Literal["json", "csv"] = "json"


class HistoryQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The credit of one user, the first account's unless given, in at most so many points."""

    user: str | None = None
    points: Annotated[int, Meta(ge=2, le=5000)] = 500


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


class CreditPointView(msgspec.Struct, frozen=True):
    """The credit from an instant on, after a line of this kind. Where lines before it were left out, `low` and `high`
    are the bounds of their credit.
    """

    at: datetime
    credit: str
    kind: LedgerKind
    low: str
    high: str


class CreditHistory(msgspec.Struct, frozen=True):
    """The credit of an account after each line that the ledger keeps, oldest first. It begins at the first line that
    says what the credit was: `opened` or `set`.
    """

    user: str
    points: tuple[CreditPointView, ...]


async def show(space: SpaceOperations, call: Call) -> Answer:
    query: LedgerQuery = call.query
    if query.format == "csv":
        await space.ledger.show(query.user, limit=1)  # an unknown user is refused before the file begins
        return download(
            lambda: as_csv(_rows(space, query.user), LedgerLineView.__struct_fields__),
            file=f"kobikom-{space.name}-ledger",
            format="csv",
        )
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


async def _rows(space: SpaceOperations, user: str | None) -> Rows:
    async for lines in space.ledger.lines(user):
        yield tuple(map(_line_view, lines))


async def history(space: SpaceOperations, call: Call) -> Answer:
    query: HistoryQuery = call.query
    history = await space.ledger.history(query.user, most=query.points)
    points = tuple(
        CreditPointView(instant(point.at), exact(point.credit), point.kind, exact(point.low), exact(point.high))
        for point in history.points
    )
    return as_json(CreditHistory(history.user, points))


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
             {200: LedgerView}, query=LedgerQuery, formats=(TYPES["csv"],)),
    Endpoint("GET", "/ledger/history", history, "showCreditHistory", "The credit of an account over time.",
             {200: CreditHistory}, query=HistoryQuery),
)  # fmt: skip
