"""Report dates as they are printed on the wire (R-08)."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
_DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})", re.ASCII)


def read_date(text: str) -> datetime | None:
    """The instant of a printed date, which is in Turkey's local time; None when it has another form."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL)
    except ValueError:
        return None


def printed(moment: datetime, *, padded: bool) -> str:
    """An instant as the wire prints it, padded or not: the two readings of R-08."""
    t = moment.astimezone(ISTANBUL)
    if padded:
        return t.strftime("%Y/%m/%d %H:%M:%S")
    return f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}"
