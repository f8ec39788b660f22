"""The reading short-credit, which sends that the credit pays only in part show (C-02)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.inference.part_counts import parts_of
from kobikom_contracts.learning.inference.windows import (
    Interval,
    Prices,
    certain_prices,
    changes_of,
    in_every_form,
    shown_amount,
    windows,
)
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit.meaning import Query


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What each send without enough credit excludes."""
    for send in traffic.sends:
        statuses = [result.status for result in send.results]
        if "-2" in statuses and send.accepted:
            why = f"{statuses.count('0')} recipients are accepted beside {statuses.count('-2')} with -2"
            yield from shows("short-credit", {"per-recipient"}, send.position, why)
    yield from in_every_form(traffic, _unpaid)


def _unpaid(traffic: Traffic, form: str) -> Iterator[Evidence]:
    """What each send excludes that was refused as a whole, though the credit pays its first recipient."""
    unpaid = [send for send in traffic.sends if send.refusal == "-2" and len(send.numbers) > 1]
    prices = certain_prices(windows(traffic, form)) if unpaid else Prices(())
    for send in unpaid:
        if _pays_the_first(traffic, send, prices, form=form):
            why = f"all {len(send.results)} recipients get -2, though the credit pays the first"
            yield from shows("short-credit", {"whole-request"}, send.position, why)


def _pays_the_first(traffic: Traffic, send: DecodedSend, prices: Prices, *, form: str) -> bool:
    """Whether the balance just before the send pays for its first recipient under every choice of the readings."""
    price = prices.around(send.user, send.numbers[0], send.position)
    balance = _balance_before(traffic, send, form)
    counts = parts_of(send.send.blocks[0].fields)
    if price is None or balance is None or not counts:
        return False
    return balance[0] >= max(counts.values()) * price[1] + Decimal("0.001")


def _balance_before(traffic: Traffic, send: DecodedSend, form: str) -> Interval | None:
    """The balance that the request before this send showed, if that was a balance query and had ended."""
    balance: Interval | None = None
    for exchange, in_sequence in changes_of(traffic, send.user):
        if exchange.position == send.position:
            return balance if in_sequence else None
        is_query = isinstance(exchange.request, Query)
        balance = shown_amount(exchange, form) if is_query and in_sequence else None
    return None
