"""Readings that charges show: turkish-table, unencodable, long-text (S-10, S-11, S-12)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.inference.part_counts import CHARGED_READINGS, EVERY_CHOICE, Choice
from kobikom_contracts.learning.inference.windows import Interval, Window, certain_prices, in_every_form, windows
from kobikom_contracts.learning.traffic import Traffic


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the charge between each two balances excludes, where windows before and after it show the price."""
    yield from in_every_form(traffic, _evidence)


def _evidence(traffic: Traffic, form: str) -> Iterator[Evidence]:
    """The readings change the parts together, so windows narrow down the choices of all of them at once."""
    every = windows(traffic, form)
    prices = certain_prices(every)
    possible = set(EVERY_CHOICE)
    for window in every:
        price = prices.around(window.user, window.number, window.closing.position)
        fitting = set() if price is None else _fitting(window, price)
        if not fitting:  # something else was charged, too
            continue
        possible = (possible & fitting) or fitting
        for index, reading in enumerate(CHARGED_READINGS):
            values = {choice[index] for choice in possible}
            yield from shows(reading, values, window.closing.position, _why(window, possible))


def _fitting(window: Window, price: Interval) -> set[Choice]:
    low, high = window.charged
    return {choice for choice, parts in window.parts.items() if parts * price[0] <= high and parts * price[1] >= low}


def _why(window: Window, possible: set[Choice]) -> str:
    counts = sorted({window.parts[choice] for choice in possible if choice in window.parts})
    shown = " or ".join(map(str, counts))
    return f"what was sent to {window.number} before this balance was charged as {shown} part{'s' * (shown != '1')}"
