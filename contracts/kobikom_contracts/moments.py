"""Law: dates as the wire prints them (R-08). Imports nothing of ours."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

ISTANBUL = ZoneInfo("Europe/Istanbul")
_DATE = re.compile(r"(\d{4})/(\d{1,2})/(\d{1,2}) (\d{1,2}):(\d{1,2}):(\d{1,2})")


def read_date(text: str) -> datetime | None:
    """The moment a printed date means, in Turkey's local time; None when it is no such date."""
    found = _DATE.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = map(int, found.groups())
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=ISTANBUL)
    except ValueError:
        return None


def printed(moment: datetime, *, padded: bool) -> str:
    """A moment as the wire prints it, under either reading of R-08."""
    t = moment.astimezone(ISTANBUL)
    if padded:
        return t.strftime("%Y/%m/%d %H:%M:%S")
    return f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}"
