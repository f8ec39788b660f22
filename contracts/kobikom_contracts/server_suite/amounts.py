"""Amounts as a balance answer writes them: the three forms of the reading ``amount`` (B-01)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal

GROUPED = "grouped"
READABLE = re.compile(r"-?[0-9]{1,25}(\.[0-9]{1,6})?|[0-9]{1,3}(\.[0-9]{3}){0,8}")
"""Anything that can be read as an amount, also in a form that no reading has."""
FORMS: Mapping[str, re.Pattern[str]] = {
    "three-places": re.compile(r"[0-9]{1,25}\.[0-9]{3}"),
    "shortest": re.compile(r"[0-9]{1,25}(\.[0-9]{0,2}[1-9])?"),
    GROUPED: re.compile(r"[1-9][0-9]{0,2}(\.[0-9]{3}){0,8}|0"),
}


def value(text: str, form: str | None) -> Decimal:
    """The amount that a text of :data:`READABLE` means in a form; None is any form but grouped."""
    if form == GROUPED or text.count(".") > 1:
        return Decimal(text.replace(".", ""))
    return Decimal(text)


def forms_of(text: str) -> tuple[str, ...]:
    """The forms that a text has; ``914`` has two."""
    return tuple(form for form, pattern in FORMS.items() if pattern.fullmatch(text))


def form_of(text: str, amount: Decimal) -> str | None:
    """The form in which a text comes nearest to an amount; None when it has none of the forms."""
    return min(forms_of(text), key=lambda form: abs(value(text, form) - amount), default=None)


def printed(amount: Decimal, form: str) -> tuple[str, ...]:
    """How an amount is written in a form. Nothing says whether grouped amounts are rounded or cut: both count."""
    if form == GROUPED:
        whole = (amount.to_integral_value(rounding) for rounding in (ROUND_DOWN, ROUND_HALF_UP))
        return tuple(f"{one:,}".replace(",", ".") for one in whole)
    exact = f"{amount:.3f}"
    return (exact if form == "three-places" else exact.rstrip("0").rstrip("."),)
