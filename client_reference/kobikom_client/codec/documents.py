"""Documents: what a `<results>` or `<DeliveryReport>` says, piece by piece. Pure; for `read` only.

Never raises: what can't be read is marked so, and `read` decides what that means.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

from kobikom_client.values import Recipient, Report, Result, Status, as_code

from .markup import Document, Tag

_STATUS: Final = re.compile(r"<?\s*([+-]?[0-9]{1,9})")  # the page prints `<status><0</status>`
_DATE: Final = re.compile(r"([0-9]{4})/([0-9]{1,2})/([0-9]{1,2})\s+([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})")
_NUMBER: Final = re.compile(r"-?[0-9]{1,9}")
_STATUSES: Final = frozenset(Status)
_TURKEY: Final = ZoneInfo("Europe/Istanbul")


@dataclass(frozen=True, slots=True)
class Raw:
    """One result as it stands on the wire; code None if it can't be read."""

    code: int | None
    message_id: str | None
    destination: str


def results(document: Document) -> Iterator[Raw]:
    """Each result at its closing tag, for the opening one may be missing (E, result-shape)."""
    fields: dict[str, str] = {}
    spoilt = False
    for name, text in document.leaves():
        if name != "result":
            spoilt = spoilt or name in fields  # two results run together: neither can be trusted
            fields[name] = text
            continue
        status = _STATUS.fullmatch(fields.get("status", ""))
        code = as_code(int(status[1])) if status and not spoilt else None
        yield Raw(code, fields.get("messageid") or None, fields.get("destination", ""))
        fields, spoilt = {}, False


def matched(raw: Sequence[Raw], recipients: Sequence[Recipient]) -> list[Result | None]:
    """Each recipient's result, by destination (S-01); a number sent to twice (S-22), in document
    order. First by the number as submitted, then as the same number written differently.
    """
    found: list[Result | None] = [None] * len(recipients)
    readable: Sequence[Raw] = [each for each in raw if each.code is not None and each.destination]
    for key in (str.strip, _canonical):
        waiting: defaultdict[str, deque[int]] = defaultdict(deque)
        for at, recipient in enumerate(recipients):
            if found[at] is None:
                waiting[key(recipient.number)].append(at)
        left: list[Raw] = []
        for each in readable:
            if each.code is not None and (queue := waiting.get(key(each.destination))):
                at = queue.popleft()
                found[at] = Result(recipients[at], each.code, each.message_id)
            else:
                left.append(each)
        readable = left
    return found


def _canonical(number: str) -> str:
    digits = number.strip().lstrip("+").lstrip("0")
    return "90" + digits if len(digits) == 10 and digits.startswith("5") else digits


def reports(document: Document) -> tuple[tuple[Report, ...], bool]:
    """(those readable, whether that is all there was). The page itself prints one example without
    `</DeliveryReport>` (R-02), so ending right after a report is whole too; but whatever else
    stands there may have been a report.
    """
    read: list[Report] = []
    strange, ended = False, document.closed
    for piece in document.inside:
        if isinstance(piece, str):
            strange = strange or bool(piece.strip())
        elif piece.name != "message":
            strange = True
        elif not piece.closing:
            report = _report(piece)
            if report:
                read.append(report)
            strange = strange or not report
            ended = True
    return tuple(read), ended and not strange


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
            # The page's example says sentdate, its table senddate.
            sent_at=_date(values.get("sentdate", values.get("senddate"))),
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
    """Padded or not (R-08); Turkey's time."""
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if not found:
        raise ValueError("not a date of this API")
    year, month, day, hour, minute, second = map(int, found.groups())
    return datetime(year, month, day, hour, minute, second, tzinfo=_TURKEY)
