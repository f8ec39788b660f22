"""Readings that delivery reports show: report-close, sent-attribute, dates (R-02, R-08)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts import reader
from kobikom_contracts.dates import printed, read_date
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic

_SENT = re.compile(r"<message\s[^>]*?\b(sentdate|senddate)\s*=")
_CLOSING = "</DeliveryReport>"


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What each pull that gave reports excludes."""
    for exchange in traffic.pulls:
        text, position = exchange.text, exchange.position
        reports = reader.reports(text)
        if not reports or "<DeliveryReport" not in text:
            continue
        if text.rstrip().endswith(_CLOSING):
            yield from shows("report-close", {"closed"}, position, f"the reports end with {_CLOSING}")
        elif exchange.recorded.exact and text.rstrip().endswith("/>"):
            yield from shows("report-close", {"as-printed"}, position, f"the reports end without {_CLOSING}")
        names = set(_SENT.findall(text))
        if len(names) == 1:
            yield from shows("sent-attribute", names, position, f"a report has the attribute {min(names)}")
        for report in reports:
            for date in (report.sentdate, report.donedate):
                if (moment := read_date(date)) is not None:
                    fitting = {value for value, form in printed(moment).items() if form == date}
                    yield from shows("dates", fitting, position, f"a date is printed as {date}")
