"""The vendor's documents as bytes: send results, titles, balance, reports (T-09, T-10, H-01, B-01, R-02).

Answers are joined from escaped strings rather than built as trees, because the byte layout is part of the contract.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from functools import lru_cache
from itertools import islice
from typing import NamedTuple
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


def results(rows: Iterable[Row], readings: Readings) -> tuple[bytes, ...]:
    """The answer to a send: one `<result>` for each row, of which there is at least one (S-01), in the layout of T-10.
    A large answer comes in chunks: while one string is made, other threads wait.
    """
    if readings.result_shape == "as-printed":
        return (_results_as_printed(rows),)
    layout = _RESULT_LAYOUTS[readings.answer_layout]
    escaped = iter(_escaped(rows))
    chunks: list[str] = []
    while chunk := "".join([layout.result % row for row in islice(escaped, _IN_A_CHUNK)]):
        chunks.append(chunk)
    return _whole(chunks, layout)


def _whole(chunks: list[str], layout: _ResultLayout) -> tuple[bytes, ...]:
    """The chunks of a document from those of its results."""
    chunks[0] = _RESULTS_OPEN + chunks[0]
    chunks[-1] += layout.close
    return tuple([chunk.encode() for chunk in chunks])


class _ResultLayout(NamedTuple):
    """One result with places for status, id and destination; what stands before, between and after id and destination
    of an accepted one; the end of the document.
    """

    result: str
    accepted: tuple[str, str, str]
    close: str


def _around(result: str) -> tuple[str, str, str]:
    """What stands around id and destination of a result whose status is 0."""
    opening, between, end = result.replace("%s", "0", 1).split("%s")
    return opening, between, end


_IN_A_CHUNK = 20_000
"""Results, of about 140 bytes each."""

_LAST_DIGITS = [f"{number:03}" for number in range(1000)]
_RESULTS_OPEN = f"{DECLARATION}\n<results>\n"
_LINES = "<result>\n<status>%s</status>\n<messageid>%s</messageid>\n<destination>%s</destination>\n</result>\n"
_COMPACT = "<result>\n<status>%s</status><messageid>%s</messageid><destination>%s</destination></result>\n"
_RESULT_LAYOUTS: Mapping[str, _ResultLayout] = {
    "lines": _ResultLayout(_LINES, _around(_LINES), "</results>"),
    "compact": _ResultLayout(_COMPACT, _around(_COMPACT), "</results>\n"),
}


def accepted_results(first_id: int, destinations: Sequence[str], readings: Readings) -> tuple[bytes, ...]:
    """`results` for the common case: every recipient accepted, ids of four digits or more that follow each other, and
    nothing to escape.
    """
    layout = _RESULT_LAYOUTS[readings.answer_layout]
    opening, between, end = layout.accepted
    chunks: list[str] = []
    pieces: list[str] = []
    done = 0
    while done < len(destinations):  # a thousand ids share all but the last three digits
        thousands, digits = divmod(first_id + done, 1000)
        some = destinations[done : done + 1000 - digits]
        count = len(some)
        results = [f"{end}{opening}{thousands}", "", between, ""] * count
        results[1::4] = _LAST_DIGITS[digits : digits + count]
        results[3::4] = some
        pieces += results
        done += count
        if len(pieces) > _IN_A_CHUNK * 4:
            chunks.append("".join(pieces))
            pieces = []
    chunks.append(f"{''.join(pieces)}{end}")
    chunks[0] = chunks[0].removeprefix(end)
    return _whole(chunks, layout)


def _results_as_printed(rows: Iterable[Row]) -> bytes:
    """The page's second example: no `<result>` from the second result on, and a stray `<` before the status."""
    lines = [DECLARATION, "<results>"]
    for index, (status, message_id, destination) in enumerate(_escaped(rows)):
        lines += ["<result>", f"<status>{status}</status>"] if index == 0 else [f"<status><{status}</status>"]
        lines += [f"<messageid>{message_id}</messageid>", f"<destination>{destination}</destination>", "</result>"]
    return "\n".join([*lines, "</results>"]).encode()


def _escaped(rows: Iterable[Row]) -> Iterable[Row]:
    return ((status, message_id.translate(_IN_TEXT), number.translate(_IN_TEXT)) for status, message_id, number in rows)


def titles(alphanumeric: Iterable[str], numeric: Iterable[str], readings: Readings) -> bytes:
    """The answer to a title query; an empty group stays an element (H-01)."""
    groups = [_title_group("normal", alphanumeric, readings), _title_group("sayisal", numeric, readings)]
    return _document("basliklar", groups, readings)


def _title_group(name: str, titles: Iterable[str], readings: Readings) -> str:
    elements = [f"<baslik>{escape(title)}</baslik>" for title in titles]
    if not elements or readings.answer_layout == "compact":
        return f"<{name}>{''.join(elements)}</{name}>"
    lines = "".join([f"        {element}\n" for element in elements])
    return f"<{name}>\n{lines}    </{name}>"


def balance(credit: Decimal, currency: str, readings: Readings) -> bytes:
    """The answer to a balance query (B-01)."""
    elements = [f"<miktar>{amount(credit, readings)}</miktar>", f"<kur>{escape(currency)}</kur>"]
    return _document("bakiye", elements, readings)


def amount(value: Decimal, readings: Readings) -> str:
    """An amount in one of the three forms of B-01. Amounts are never rounded up: nothing is shown that is not there."""
    if readings.amount == "grouped":
        return f"{value.to_integral_value(ROUND_DOWN):,}".replace(",", ".")
    thousandths = value.quantize(_THOUSANDTH, ROUND_DOWN)
    if readings.amount == "shortest":
        return f"{thousandths:f}".rstrip("0").rstrip(".")
    return f"{thousandths:f}"


_THOUSANDTH = Decimal("0.001")


def _document(root: str, elements: Sequence[str], readings: Readings) -> bytes:
    """A document of a root and its elements: on one line, or indented by four blanks as the page prints it (T-10)."""
    if readings.answer_layout == "compact":
        return f"{DECLARATION}<{root}>{''.join(elements)}</{root}>".encode()
    lines = "".join([f"    {element}\n" for element in elements])
    return f"{DECLARATION}\n<{root}>\n{lines}</{root}>".encode()


def date(at_ms: int, readings: Readings) -> str:
    """Milliseconds since the epoch as Turkey's local time, in one of the three forms of R-08."""
    return _date(at_ms // 1000, readings.dates)


@lru_cache(maxsize=1024)
def _date(second: int, form: str) -> str:
    at = datetime.fromtimestamp(second, UTC).astimezone(TURKEY)
    if form == "padded":
        return f"{at:%Y/%m/%d %H:%M:%S}"
    if form == "as-written":
        return f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}"
    return f"{at.year}/{at.month}/{at.day} {at.hour}:{at.minute}:{at.second}"


REPORTS_OPEN = "<DeliveryReport>\n"


def close_reports(lines: bytes, readings: Readings) -> bytes:
    """The last report lines with the end of the document, which one printed example lacks (R-02), in the layout of
    T-10.
    """
    if readings.report_close == "closed":
        lines += b"</DeliveryReport>\n"
    return lines.removesuffix(b"\n") if readings.answer_layout == "lines" else lines


def report_lines(
    ids: Iterable[str], *, sent_at: int, done_at: int, status: str, gsm_error: int, readings: Readings
) -> str:
    """The `<message …/>` lines of reports that differ only in their id."""
    tail = (
        f'" {readings.sent_attribute}="{date(sent_at, readings)}" donedate="{date(done_at, readings)}"'
        f' status="{status}" gsmerror="{gsm_error}"/>\n'
    )
    return "".join([f'<message id="{message_id.translate(_IN_ATTRIBUTE)}{tail}' for message_id in ids])
