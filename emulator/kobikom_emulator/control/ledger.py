"""Who paid what: charges and refunds read off the books."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from kobikom_emulator.control import views
from kobikom_emulator.control.models import Ledger, LedgerAccount, LedgerLine
from kobikom_emulator.control.routing import Call, as_json
from kobikom_emulator.domain.account import printed
from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.domain.states import Page
from kobikom_emulator.exchange import Answer
from kobikom_emulator.space.space import Space


async def show(space: Space, call: Call) -> Answer:
    """Charges and refunds, newest first, one line a message request; totals of every account."""
    query = call.query
    now = space.clock.now()
    async with space.lock:
        books = await space.store.open_books()
    lines: list[tuple[int, LedgerLine]] = []
    spent: dict[str, Decimal] = defaultdict(Decimal)
    returned: dict[str, Decimal] = defaultdict(Decimal)
    messages: dict[str, int] = defaultdict(int)
    for page in books.pages:
        batch = page.batch
        at = batch.groups[0].plan.submitted_at
        amount = _amount(page)
        spent[batch.user] += amount
        messages[batch.user] += len(batch)
        lines.append((at, _line(page, "charge", at, amount, len(batch))))
        for due, back, count in _refunds(page):
            if due <= now:
                returned[batch.user] += back
                lines.append((due, _line(page, "refund", due, back, count)))
    wanted = [each for each in lines if query.user is None or each[1].user == query.user]
    wanted.sort(key=lambda each: each[0])  # stable: of one instant, in the order of acceptance
    accounts = tuple(
        [
            LedgerAccount(
                wallet.account.user,
                wallet.account.currency,
                printed(await space.store.credit(wallet.account.user, now)),
                printed(spent[wallet.account.user]),
                printed(returned[wallet.account.user]),
                messages[wallet.account.user],
            )
            for wallet in books.wallets
        ]
    )
    newest = tuple(line for _, line in wanted[: -query.limit - 1 : -1])
    return as_json(Ledger(accounts, newest, len(wanted)))


def _amount(page: Page) -> Decimal:
    costs = page.batch.costs
    return sum(costs, Decimal()) if isinstance(costs, tuple) else costs * len(page.batch)


def _refunds(page: Page) -> list[tuple[int, Decimal, int]]:
    """What NOT_ALLOWED gives back (C-03), as (due in ms, amount, messages)."""
    batch, found = page.batch, defaultdict[int, list[int]](list)
    for lot in batch.groups:
        if lot.plan.status is Status.NOT_ALLOWED:
            found[lot.plan.done_at] += [index for index in lot.indices if index not in page.replanned]
    for index, plan in page.replanned.items():
        if plan.status is Status.NOT_ALLOWED:
            found[plan.done_at].append(index)
    return [
        (due, sum((batch.cost_of(index) for index in indices), Decimal()), len(indices))
        for due, indices in found.items()
        if indices
    ]


def _line(page: Page, kind: str, at: int, amount: Decimal, count: int) -> LedgerLine:
    batch = page.batch
    return LedgerLine(
        at=views.instant(at),
        kind="refund" if kind == "refund" else "charge",
        user=batch.user,
        title=batch.title,
        first_id=str(batch.first_id),
        messages=count,
        parts=len(batch.segmentation.parts),
        amount=printed(amount),
    )
