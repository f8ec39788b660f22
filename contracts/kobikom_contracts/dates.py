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


def printed(moment: datetime) -> dict[str, str]:
    """An instant as the wire prints it under each value of the reading ``dates`` (R-08)."""
    t = moment.astimezone(ISTANBUL)
    return {
        "unpadded": f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}",
        "as-written": f"{t.year}/{t.month}/{t.day} {t.hour:02}:{t.minute:02}:{t.second:02}",
        "padded": f"{t.year}/{t.month:02}/{t.day:02} {t.hour:02}:{t.minute:02}:{t.second:02}",
    }
