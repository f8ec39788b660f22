"""When two ways to write a phone number mean the same number (S-08)."""

from __future__ import annotations

import re

_COUNTRY = "90"
_NATIONAL = 10


def significant(number: str) -> str:
    """A number without what may be written in several ways.

    Separators, ``+``, ``00``, Turkey's code and the trunk ``0`` are left out; a number of another form keeps its
    digits, and a text that holds anything else is kept as it is.
    """
    digits = re.sub(r"[\s\u00a0().+/-]", "", number)
    if not digits.isdecimal():
        return number.strip()
    for prefix in ("00" + _COUNTRY, _COUNTRY, "0"):
        if digits.startswith(prefix) and len(digits) == len(prefix) + _NATIONAL:
            return digits[len(prefix) :]
    return digits


def in_full(number: str) -> str:
    """The significant digits of a Turkish number with its country, as the page writes it; any other as it is."""
    return _COUNTRY + number if number.isdecimal() and len(number) == _NATIONAL else number
