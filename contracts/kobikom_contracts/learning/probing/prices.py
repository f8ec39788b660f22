"""What balances of a run say: the price of a part, and how many parts the credit pays for.

Where balances may be written in several forms, everything here holds in each of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kobikom_contracts import reader
from kobikom_contracts.learning.decoded import Decoded
from kobikom_contracts.learning.inference.windows import Interval, amount_forms, shown_amount
from kobikom_contracts.learning.probing.situation import Payable
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit.meaning import Query


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


def is_priced(traffic: Traffic, opening: int | None) -> bool:
    """Whether the balances around the message of one part, the exchange at ``opening``, show its price."""
    return bool(amounts := tuple(_prices(traffic, opening))) and all(price[0] > 0 for _, price in amounts)


def most_parts_charged(traffic: Traffic, opening: int | None, send: int) -> int | None:
    """The most parts that the charge between the balances around a send can be for; None where they do not say."""
    most = 0
    for form, price in _prices(traffic, opening):
        amount = _charged(traffic, send, form)
        if amount is None or price[0] <= 0:
            return None
        most = max(most, int(amount[1] / price[0]))
    return most


def payable(traffic: Traffic, opening: int | None) -> Payable | None:
    """The parts that the last balance pays for, None where that is unknown."""
    least, most = [], []
    for form, price in _prices(traffic, opening):
        amount = shown_amount(balances(traffic)[-1], form)
        if amount is None or price[0] <= 0:
            return None
        least.append(int(amount[0] / price[1]))
        most.append(int(amount[1] / price[0]))
    return Payable(min(least), max(most)) if least else None


def spent(traffic: Traffic) -> Decimal | None:
    """The credit that the run has spent between its first and its last balance query, None where that is unknown."""
    forms, every = amount_forms(traffic), balances(traffic)
    if len(forms) != 1 or len(every) < 2:
        return None
    first, last = (shown_amount(one, forms[0]) for one in (every[0], every[-1]))
    # The ends of both intervals are equally far from what was shown.
    return None if first is None or last is None else first[1] - last[1]


def _prices(traffic: Traffic, opening: int | None) -> Iterator[tuple[str, Interval]]:
    """The price of a part in each form that balances may be written in; nothing where they do not show it."""
    if opening is None:
        return
    for form in amount_forms(traffic):
        price = _charged(traffic, opening, form)
        if price is not None:
            yield form, price


def _charged(traffic: Traffic, send: int, form: str) -> Interval | None:
    """What was charged between the balance queries just before and just after the exchange at a position."""
    around = [one for one in balances(traffic) if abs(one.position - send) == 1]
    if len(around) != 2:
        return None
    before, after = (shown_amount(one, form) for one in around)
    return None if before is None or after is None else (before[0] - after[1], before[1] - after[0])
