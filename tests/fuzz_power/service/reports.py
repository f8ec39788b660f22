"""Reading delivery reports, pulled or pushed, in every form that the vendor's page allows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from fuzz_power.service.settings import TURKEY

REPORT = re.compile(r"<message\s([^<>]*?)/>", re.DOTALL)
ATTRIBUTE = re.compile(r"""(\w+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
NO_DATA = "NO_DATA"
FINAL = frozenset(
    """
    NOT_SENT SENT NOT_DELIVERED DELIVERED NOT_ALLOWED INVALID_DESTINATION_ADDRESS INVALID_SOURCE_ADDRESS
    ROUTE_NOT_AVAILABLE NOT_ENOUGH_CREDITS REJECTED INVALID_MESSAGE_FORMAT
    """.split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadReport:
    """A report as it was read. ``done_text``: its donedate as it was written."""

    wire_id: str
    sent_at: datetime
    done_at: datetime
    done_text: str
    status: str
    gsm_error: int


class Unreadable(Exception):
    """A document of reports from which a mistake reads nothing."""


def is_refusal(text: str) -> bool:
    """Whether a pull was refused: the bare number 5, 10 or 11, with a minus or without (R-07)."""
    return re.fullmatch(r"-?\d+", text) is not None


def is_closed(text: str) -> bool:
    return text.endswith("</DeliveryReport>")


def read_reports(text: str, bugs: frozenset[str]) -> list[ReadReport]:
    """The complete reports of a document, in order."""
    if "wants-the-end-tag" in bugs and not is_closed(text):
        raise Unreadable(text)
    reports = []
    for element in REPORT.findall(text):
        attributes = {name.lower(): unescape(double or single) for name, double, single in ATTRIBUTE.findall(element)}
        if "wants-sentdate" in bugs:
            attributes["sentdate"]
        sent = attributes.get("sentdate") or attributes.get("senddate")
        done = attributes.get("donedate")
        if "id" not in attributes or not sent or not done:
            continue
        reports.append(
            ReadReport(
                wire_id=attributes["id"].strip(),
                sent_at=read_date(sent, bugs),
                done_at=read_date(done, bugs),
                done_text=done,
                status=attributes.get("status", ""),
                gsm_error=int(attributes.get("gsmerror") or 0),
            )
        )
    return reports


def read_date(text: str, bugs: frozenset[str]) -> datetime:
    """An instant of Turkey's time, with or without leading zeros (R-08)."""
    if "dates-by-place" in bugs:
        hour, minute, second = text[9:].split(":")
        parts = [text[0:4], text[5:6], text[7:8], hour, minute, second]
    else:
        parts = re.findall(r"\d+", text)
    year, month, day, hour_, minute_, second_ = (int(part) for part in parts)
    second_ = 0 if "seconds-lost" in bugs else second_
    return datetime(year, month, day, hour_, minute_, second_, tzinfo=TURKEY)


def is_delivered(report: ReadReport, bugs: frozenset[str]) -> bool:
    if "delivered-in-name" in bugs:
        return "DELIVERED" in report.status
    if "gsmerror-decides" in bugs:
        return report.gsm_error == 0
    return report.status == "DELIVERED"


def kept_id(wire_id: str, bugs: frozenset[str]) -> str:
    """An id as it is kept and compared."""
    if "ids-as-float" in bugs and wire_id.isdigit():
        return str(int(float(wire_id)))
    if "ids-cut-15" in bugs:
        return wire_id[:15]
    if "ids-cut-20" in bugs:
        return wire_id[:20]
    return wire_id.lower() if "ids-in-lower-case" in bugs else wire_id
