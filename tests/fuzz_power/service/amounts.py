"""Reading the balance and the titles."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

AMOUNT = re.compile(r"<miktar>\s*(-?[\d.,]+)\s*</miktar>\s*<kur>\s*(\w+)\s*</kur>")
TITLE = re.compile(r"<baslik>(.*?)</baslik>", re.DOTALL)
STATUS = re.compile(r"<status>\s*(-?\d+)\s*</status>")


def read_balance(text: str, bugs: frozenset[str]) -> tuple[tuple[Decimal | float, ...], str] | None:
    """Every amount that the answer can mean, the currency; None if it is no balance.

    The page's 18.532 may be eighteen and a half or eighteen thousand (B-01): both are kept.
    """
    match = AMOUNT.search(text)
    if match is None:
        if "balance-error-is-zero" in bugs and STATUS.search(text):
            return (Decimal(0),), "TRY"
        return None
    written, currency = match.groups()
    if "money-three-places" in bugs and not re.fullmatch(r"\d+\.\d{3}", written):
        raise ValueError(written)
    if "money-float" in bugs:
        return (float(written),), currency
    if "money-whole" in bugs:
        return (Decimal(int(float(written))),), currency
    amounts = [Decimal(written)] if written.count(".") <= 1 else []
    if re.fullmatch(r"\d{1,3}(\.\d{3})+", written) and "money-never-grouped" not in bugs:
        amounts.append(Decimal(written.replace(".", "")))
    return tuple(amounts), currency


def read_titles(text: str, bugs: frozenset[str]) -> list[str] | None:
    """The account's titles; None if the answer names none."""
    if "<basliklar>" not in text:
        return None
    if "titles-by-line" in bugs:
        lines = [line.strip() for line in text.split("\n")]
        return [line[8:-9] for line in lines if line.startswith("<baslik>") and line.endswith("</baslik>")]
    return [unescape(title).strip() for title in TITLE.findall(text)]
