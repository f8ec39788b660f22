"""What balances of a run say: the price of a part, and how many parts the credit pays for."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.learning.decoded import Decoded
from kobikom_contracts.learning.inference.windows import Interval, amount_form, shown_amount
from kobikom_contracts.learning.probing.situation import Payable
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit.meaning import Query

_NEVER = 10**9
"""Parts that no credit pays for."""


def balances(traffic: Traffic) -> tuple[Decoded, ...]:
    """The answered balance queries, in their order."""
    return tuple(
        one
        for one in traffic.exchanges
        if one.complete and isinstance(one.request, Query) and one.request.root == "bakiye" and "<bakiye" in one.text
    )


def shown(exchange: Decoded) -> str:
    """A balance as it is written."""
    return (reader.element(exchange.text, "miktar") or "").strip()


def charged(traffic: Traffic, send: int) -> Interval | None:
    """What was charged between the balance queries just before and just after the exchange at a position.

    None where there are none, or where balances can be read in several ways.
    """
    form = amount_form(traffic)
    around = [one for one in balances(traffic) if abs(one.position - send) == 1]
    if form is None or len(around) != 2:
        return None
    before, after = (shown_amount(one, form) for one in around)
    if before is None or after is None:
        return None
    return before[0] - after[1], before[1] - after[0]


def most_charged(amount: Interval, price: Interval) -> int:
    """The most parts that an amount can be the charge of."""
    return int(amount[1] / price[0]) if price[0] > 0 else _NEVER


def payable(traffic: Traffic, price: Interval | None) -> Payable | None:
    """The parts that the last balance pays for, None where that is unknown."""
    form, last = amount_form(traffic), balances(traffic)[-1:]
    if price is None or price[0] <= 0 or form is None or not last:
        return None
    amount = shown_amount(last[0], form)
    return None if amount is None else Payable(int(amount[0] / price[1]), int(amount[1] / price[0]))


def spent(traffic: Traffic) -> Decimal | None:
    """The credit that the run has spent between its first and its last balance query, None where that is unknown."""
    form, every = amount_form(traffic), balances(traffic)
    if form is None or len(every) < 2:
        return None
    first, last = (shown_amount(one, form) for one in (every[0], every[-1]))
    # The ends of both intervals are equally far from what was shown.
    return None if first is None or last is None else first[1] - last[1]


def prices(amounts: Sequence[Interval | None]) -> Interval | None:
    """The first amount that is certainly more than nothing."""
    return next((one for one in amounts if one is not None and one[0] > Decimal(0)), None)
