"""Moments at which the values of the reading ``dates`` print a date differently (R-08)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kobikom_contracts.dates import printed

_LOOKED_AHEAD = 60


def seconds_until_dates_differ(values: Sequence[str], now: datetime) -> float | None:
    """Seconds until a moment that some of the values print differently; None if there is none within a minute.

    A message takes up to a second to be sent: the values differ during all of it.
    """
    for seconds in range(_LOOKED_AHEAD):
        moment = now + timedelta(seconds=seconds)
        if _differ(values, moment) and _differ(values, moment + timedelta(seconds=1)):
            return float(seconds)
    return None


def _differ(values: Sequence[str], moment: datetime) -> bool:
    forms = printed(moment)
    return len({forms[value] for value in values}) > 1
