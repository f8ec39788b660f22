"""The vendor's documents as bytes: send results, titles, balance, reports (T-09, T-10, H-01, B-01, R-02).

Answers are joined from escaped strings rather than built as trees, because the byte layout is part of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import chain
from zoneinfo import ZoneInfo

from kobikom_emulator.protocol.readings import Readings

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
TURKEY = ZoneInfo("Europe/Istanbul")

_IN_TEXT = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTE = _IN_TEXT | str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})

_CONTENT_TYPES = {"as-documented": "text/csv;charset= UTF-8", "xml": "application/xml; charset=UTF-8"}

Row = tuple[int, str, str]
"""Status code, message id, destination."""


def content_type(readings: Readings) -> str:
    """The Content-Type of every application answer, with the space that the page prints (T-09)."""
    return _CONTENT_TYPES[readings.content_type]


def escape(text: str) -> str:
    return text.translate(_IN_TEXT)


def results(rows: Sequence[Row], readings: Readings) -> bytes:
    """The answer to a send: one `<result>` a row (S-01), in the layout of T-10."""
    if readings.result_shape == "as-printed":
        return _results_as_printed(rows)
    body = "".join(
        [
            f"<result>\n<status>{status}</status><messageid>{message_id}</messageid>"
            f"<destination>{destination}</destination></result>\n"
            for status, message_id, destination in _escaped(rows)
        ]
    )
    return f"{DECLARATION}\n<results>\n{body}</results>\n".encode()


_ACCEPTED = "<result>\n<status>0</status><messageid>%s</messageid><destination>%s</destination></result>\n"


def accepted_results(ids: Iterable[object], destinations: Sequence[str]) -> bytes:
    """`results` for the common case, every recipient accepted and nothing to escape."""
    rows = _ACCEPTED * len(destinations) % tuple(chain.from_iterable(zip(ids, destinations, strict=True)))
    return f"{DECLARATION}\n<results>\n{rows}</results>\n".encode()


def _results_as_printed(rows: Sequence[Row]) -> bytes:
    """The page's second example: no `<result>` from the second result on, and a stray `<` before the status."""
    lines = [DECLARATION, "<results>"]
    for index, (status, message_id, destination) in enumerate(_escaped(rows)):
        lines += ["<result>", f"<status>{status}</status>"] if index == 0 else [f"<status><{status}</status>"]
        lines += [f"<messageid>{message_id}</messageid>", f"<destination>{destination}</destination>", "</result>"]
    return "\n".join([*lines, "</results>"]).encode()


def _escaped(rows: Sequence[Row]) -> Iterable[Row]:
    return ((status, message_id.translate(_IN_TEXT), number.translate(_IN_TEXT)) for status, message_id, number in rows)


def titles(alphanumeric: Iterable[str], numeric: Iterable[str]) -> bytes:
    """The answer to a title query; an empty group stays an element (H-01)."""
    return (
        f"{DECLARATION}<basliklar><normal>{_titles(alphanumeric)}</normal>"
        f"<sayisal>{_titles(numeric)}</sayisal></basliklar>"
    ).encode()


def _titles(group: Iterable[str]) -> str:
    return "".join(f"<baslik>{escape(title)}</baslik>" for title in group)


def balance(amount: str, currency: str) -> bytes:
    """The answer to a balance query; `amount` is already a point decimal with three places (B-01)."""
    return f"{DECLARATION}<bakiye><miktar>{amount}</miktar><kur>{escape(currency)}</kur></bakiye>".encode()


def date(at_ms: int, readings: Readings) -> str:
    """Milliseconds since the epoch as Turkey's local time, in one of the two forms of R-08."""
    at = datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(TURKEY)
    if readings.dates == "padded":
        return f"{at:%Y/%m/%d %H:%M:%S}"
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute}:{at.second}"


REPORTS_OPEN = "<DeliveryReport>\n"
_REPORTS_CLOSE = {"closed": "</DeliveryReport>\n", "as-printed": ""}


def reports_close(readings: Readings) -> str:
    """The end of a report document, which one printed example lacks (R-02)."""
    return _REPORTS_CLOSE[readings.report_close]


def report_lines(
    ids: Iterable[str], *, sent_at: int, done_at: int, status: str, gsm_error: int, readings: Readings
) -> str:
    """The `<message …/>` lines of reports that differ only in their id."""
    tail = (
        f'" sentdate="{date(sent_at, readings)}" donedate="{date(done_at, readings)}"'
        f' status="{status}" gsmerror="{gsm_error}"/>\n'
    )
    return "".join([f'<message id="{message_id.translate(_IN_ATTRIBUTE)}{tail}' for message_id in ids])
