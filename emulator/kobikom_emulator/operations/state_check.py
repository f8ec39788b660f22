"""Whether a state that is put into a space makes sense: no operation may fail on it later.

A state that was taken out always does; one that somebody edited may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.states import Books, Page, PendingPush, Wallet
from kobikom_emulator.operations.state import FaultState, State
from kobikom_emulator.protocol.readings import Readings, UnknownReading

YEAR_2, YEAR_9999 = -62_104_060_800_000, 253_402_300_799_999
"""The instants (ms) that dates can be printed of."""
_TOO_MUCH = Decimal(10) ** 15
_IDS = range(10**17, 10**18)
"""Generated ids have 18 digits (S-02)."""


class Contradiction(ValueError):
    """A state that cannot be; `field` is the dotted name of what is wrong."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field


def audit(state: State) -> None:
    """Raise `Contradiction` for the first thing that cannot be."""
    for field, right, detail in _claims(state):
        if not right:
            raise Contradiction(field, detail)
    try:
        Readings().with_choices(state.readings)
    except UnknownReading as error:
        raise Contradiction("readings", str(error)) from None


_Claims = Iterator[tuple[str, bool, str]]


def _claims(state: State) -> _Claims:
    yield "next_id", state.next_id in _IDS, "is a number of 18 digits"
    yield "clock.now", _printable(state.clock.now), "is no instant that dates can be printed of"
    yield "clock.rate", 0 < state.clock.rate <= 1e6, "is more than 0 and at most 1000000"
    for nth, fault in enumerate(state.faults):
        yield from _fault(fault, f"faults[{nth}]")
    yield from _books(state.books)


def _fault(fault: FaultState, at: str) -> _Claims:
    problem = fault.rule.lasting_problem()
    yield f"{at}.rule.{problem.partition(':')[0]}", not problem, problem.partition(": ")[2]
    yield at, 0 <= fault.fired <= fault.matched, "a rule fired at most as often as it matched"


def _books(books: Books) -> _Claims:
    users = [wallet.account.user for wallet in books.wallets]
    yield "books.wallets", len(users) == len(set(users)), "two accounts have the same user"
    for nth, wallet in enumerate(books.wallets):
        yield from _wallet(wallet, f"books.wallets[{nth}]")
    for nth, page in enumerate(books.pages):
        yield from _page(page, f"books.pages[{nth}]")
    for nth, push in enumerate(books.pushes):
        yield from _push(push, books, f"books.pushes[{nth}]")


def _wallet(wallet: Wallet, at: str) -> _Claims:
    account, profile = wallet.account, wallet.account.profile
    yield f"{at}.account.user", bool(account.user and account.password), "user and password are not empty"
    amounts = [wallet.credit, account.credit, account.price, *account.prices.values()]
    amounts += [amount for _, amount in wallet.refunds]
    yield at, all(map(_payable, amounts)), "its amounts are from 0 to below 10^15"
    yield f"{at}.refunds", all(_printable(due) for due, _ in wallet.refunds), "are due at instants that can be printed"
    lines = profile.outcomes
    yield f"{at}.account.profile.outcomes", bool(lines), "are not empty"
    yield f"{at}.account.profile.outcomes", all(line.weight >= 1 for line in lines), "have weights of 1 or more"
    ends = [profile.jitter, *(line.outcome.after or 0 for line in lines)]
    yield (
        f"{at}.account.profile",
        all(0 <= end <= YEAR_9999 // 100 for end in ends),
        "takes 0 ms or more, some years at most",
    )


def _page(page: Page, at: str) -> _Claims:
    batch, size = page.batch, len(page.batch)
    yield f"{at}.batch.first_id", batch.first_id in _IDS, "is a number of 18 digits"
    yield f"{at}.batch.msisdns", len(batch.msisdns) == size, "are as many as destinations"
    yield f"{at}.batch.client_ids", batch.client_ids is None or len(batch.client_ids) == size, "as many as destinations"
    costs = batch.costs if isinstance(batch.costs, tuple) else (batch.costs,) * size
    yield f"{at}.batch.costs", len(costs) == size and all(map(_payable, costs)), "are an amount for each destination"
    placed = [index for lot in batch.groups for index in lot.indices]
    yield f"{at}.batch.groups", sorted(placed) == list(range(size)), "hold each destination once"
    yield f"{at}.batch.groups", all(list(lot.indices) == sorted(lot.indices) for lot in batch.groups), "are in order"
    yield f"{at}.batch.groups", all(_possible(lot.plan) for lot in batch.groups), "have instants that can be printed"
    yield (
        f"{at}.given",
        len(page.given) == size and set(page.given) <= {0, 1},
        "has an octet 0 or 1 for each destination",
    )
    yield from _replanned(page.replanned, size, f"{at}.replanned")


def _replanned(plans: Mapping[int, Plan], size: int, at: str) -> _Claims:
    yield at, all(0 <= index < size for index in plans), "names destinations that are there"
    yield at, all(map(_possible, plans.values())), "has instants that can be printed"


def _push(push: PendingPush, books: Books, at: str) -> _Claims:
    known = 0 <= push.batch < len(books.pages)
    yield f"{at}.batch", known, "is no batch that is there"
    yield f"{at}.index", 0 <= push.index < len(books.pages[push.batch].batch), "is no destination that is there"
    yield f"{at}.due", _printable(push.due), "is no instant that dates can be printed of"
    yield f"{at}.attempt", push.attempt >= 1, "is 1 or more"


def _printable(instant: int) -> bool:
    return YEAR_2 <= instant <= YEAR_9999


def _payable(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < _TOO_MUCH


def _possible(plan: Plan) -> bool:
    return all(map(_printable, (plan.submitted_at, plan.sent_at, plan.done_at)))
