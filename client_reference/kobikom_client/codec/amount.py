"""Reads the amount of a balance, whose form the page leaves open (B-01, reading amount).

The page's only example is `18.532`. Its point may be a decimal point or separate thousands, as in Turkish text.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

_DECIMAL: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")
_GROUPED: Final = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3}){1,10}")


def read_amount(printed: str, *, grouped: bool = False) -> tuple[Decimal, ...]:
    """The amounts that `printed` can mean: none, one, or two. Of two, `grouped` puts the one with thousands first.

    `914`, `18.5` and `0.532` are decimals in any reading, `1.234.567` has thousands in any reading, and
    `18.532` can be either.
    """
    decimal = [Decimal(printed)] if _DECIMAL.fullmatch(printed) else []
    thousands = [Decimal(printed.replace(".", ""))] if _GROUPED.fullmatch(printed) else []
    return tuple(thousands + decimal if grouped else decimal + thousands)
