"""Reads the results of a `<results>` document and the reports of a `<DeliveryReport>` document.

Nothing is raised here: what can't be read is marked as unreadable, and `read` chooses the error.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kobikom_client.message import Recipient
from kobikom_client.results import Report, Result, Status, as_code

from .markup import Document, Tag

_STATUS: Final = re.compile(r"<?\s*([+-]?[0-9]{1,9})")  # the page prints `<status><0</status>`
_DATE: Final = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})\s+([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_STATUSES: Final = frozenset(Status)
_TURKEY: Final = ZoneInfo("Europe/Istanbul")


@dataclass(frozen=True, slots=True)
class RawResult:
    """One result as the server wrote it; `code` is None if it can't be read."""

    code: int | None
    message_id: str | None
    destination: str


def results(document: Document) -> Iterator[RawResult]:
    """One result for each closing `</result>`; the opening tag may be missing (reading result-shape)."""
    fields: dict[str, str] = {}
    ambiguous = False
    for name, text in document.leaves():
        if name != "result":
            ambiguous = ambiguous or name in fields  # two results without a tag between them
            fields[name] = text
            continue
        status = _STATUS.fullmatch(fields.get("status", ""))
        code = as_code(int(status[1])) if status and not ambiguous else None
        yield RawResult(code, fields.get("messageid") or None, fields.get("destination", ""))
        fields, ambiguous = {}, False


def match_results(raw_results: Sequence[RawResult], recipients: Sequence[Recipient]) -> list[Result | None]:
    """The result of each recipient, found by its destination (S-01); None if there is none.

    Destinations are compared as submitted first, then as the same number in another form. If a number
    was sent to twice (S-22), its results are taken in the document's order.
    """
    results: list[Result | None] = [None] * len(recipients)
    unmatched: Sequence[RawResult] = [raw for raw in raw_results if raw.code is not None and raw.destination]
    for key in (str.strip, _canonical):
        positions: defaultdict[str, deque[int]] = defaultdict(deque)
        for position, recipient in enumerate(recipients):
            if results[position] is None:
                positions[key(recipient.number)].append(position)
        remaining: list[RawResult] = []
        for raw in unmatched:
            if raw.code is not None and (queue := positions.get(key(raw.destination))):
                position = queue.popleft()
                results[position] = Result(recipients[position], raw.code, raw.message_id)
            else:
                remaining.append(raw)
        unmatched = remaining
    return results


def _canonical(number: str) -> str:
    digits = number.strip().lstrip("+").lstrip("0")
    return "90" + digits if len(digits) == 10 and digits.startswith("5") else digits


def reports(document: Document) -> tuple[tuple[Report, ...], bool]:
    """The readable reports, and whether the document is complete.

    The page prints one example without `</DeliveryReport>` (R-02), so a document that ends directly
    after a report is complete. Unreadable content may have been a report, so with it the document is
    not complete.
    """
    readable: list[Report] = []
    unreadable_content, ended = False, document.closed
    for piece in document.inside:
        if isinstance(piece, str):
            unreadable_content = unreadable_content or bool(piece.strip())
        elif piece.name != "message":
            unreadable_content = True
        elif not piece.closing:
            report = _report(piece)
            if report:
                readable.append(report)
            unreadable_content = unreadable_content or not report
            ended = True
    return tuple(readable), ended and not unreadable_content


def _report(tag: Tag) -> Report | None:
    message_id = tag.attributes.get("id")
    values = {name: value.strip() for name, value in tag.attributes.items()}
    status = values.get("status")
    if not message_id or not status:
        return None
    try:
        return Report(
            message_id=message_id,
            status=Status(status) if status in _STATUSES else status,
            gsm_error=_gsm_error(values.get("gsmerror")),
            # The page's examples have sentdate, its table senddate (reading sent-attribute).
            sent_at=_date(values.get("sentdate") or values.get("senddate")),
            done_at=_date(values.get("donedate")),
        )
    except ValueError:
        return None


def _gsm_error(text: str | None) -> int | None:
    if not text:
        return None
    if not _NUMBER.fullmatch(text):
        raise ValueError("not an error number")
    return int(text)


def _date(text: str | None) -> datetime | None:
    """A date with or without leading zeros in any of its numbers (reading dates), in Turkey's time zone (R-08)."""
    if not text:
        return None
    date = _DATE.fullmatch(text)
    if not date:
        raise ValueError("not a date in the form of this API")
    year, month, day, hour, minute, second = map(int, date.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=_TURKEY)
