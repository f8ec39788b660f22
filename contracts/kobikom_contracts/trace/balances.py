"""Balances against charges, where only the recorded requests changed them (C)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.learning.inference.windows import (
    Window,
    amount_forms,
    certain_prices,
    changes_of,
    shown_amount,
    windows,
)
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit.meaning import Query
from kobikom_contracts.trace.observations import Observation


def observations(traffic: Traffic) -> Iterator[Observation]:
    """What the balances of each account show in whichever of the possible forms they are written (B-01); nothing unless
    the traffic is exclusive.
    """
    first, *others = [tuple(_in_form(traffic, form)) for form in amount_forms(traffic)] or [()]
    shown_by_others = [{_key(observation) for observation in other} for other in others]
    yield from (one for one in first if all(_key(one) in shown for shown in shown_by_others))


def _key(observation: Observation) -> tuple[str, int, bool]:
    return observation.statement, observation.position, observation.violation is None


def _in_form(traffic: Traffic, form: str) -> Iterator[Observation]:
    every = windows(traffic, form)
    prices = certain_prices(every)
    for window in every:
        price = prices.around(window.user, window.number, window.closing.position)
        if price is not None:
            yield from _charged(window, price)
    if traffic.exclusive:
        for user in sorted({one.user for one in traffic.exchanges if one.user}):
            yield from _unchanged(traffic, user, form)


def _charged(window: Window, price: tuple[Decimal, Decimal]) -> Iterator[Observation]:
    low, high = window.charged
    counts = sorted(set(window.parts.values()))
    if any(count * price[0] <= high and count * price[1] >= low for count in counts):
        yield from (Observation(statement, window.closing.position) for statement in ("C-01.1", "C-05.1"))
        return
    expected = " or ".join(f"{count} times {price[0]:.3f} to {price[1]:.3f}" for count in counts[:3])
    statement = "C-05.1" if high <= 0 else "C-01.1"
    violation = Violation(
        f"a charge of {expected} for {window.number}", f"{low:.3f} to {high:.3f}", statement=statement
    )
    yield Observation(statement, window.closing.position, violation)


def _unchanged(traffic: Traffic, user: str, form: str) -> Iterator[Observation]:
    """Between two balances nothing was accepted: then the second is not smaller (a refund may have made it larger)."""
    sends = {send.position: send for send in traffic.sends}
    before, refused, certain = None, False, False
    for exchange, in_sequence in changes_of(traffic, user):
        certain = certain and in_sequence
        if isinstance(exchange.request, Query):
            shown = shown_amount(exchange, form)
            if before is not None and shown is not None and certain:
                statement = "C-03.1" if refused else "C-04.1"
                violation = None
                if shown[1] < before[0]:
                    expected = f"a balance of about {before[1]:.3f}: nothing was accepted since"
                    violation = Violation(expected, f"about {shown[1]:.3f}", statement=statement)
                yield Observation(statement, exchange.position, violation)
            before, refused, certain = shown, False, in_sequence
            continue
        send = sends.get(exchange.position)
        if not isinstance(exchange.request, Send) or send is None or send.accepted:
            certain = False
        else:
            refused = True
