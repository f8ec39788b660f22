"""The bytes of the answers (T-09, T-10, H-01, B-01, R-02, R-07, R-08)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from zoneinfo import ZoneInfo

from .readings import PAPER, Readings

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
ISTANBUL = ZoneInfo("Europe/Istanbul")
CONTENT_TYPES = {"as-documented": "text/csv;charset= UTF-8", "xml": "application/xml; charset=UTF-8"}


@dataclass(frozen=True, slots=True)
class Result:
    """One `<result>`: status code, message id or nothing, the number as submitted or nothing."""

    status: int
    message_id: str = ""
    destination: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """One line of a delivery report; dates already in their printed form."""

    id: str
    sentdate: str
    donedate: str
    status: str
    gsmerror: int


_NAMED = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"}
_REFERENCES = {
    "named": str.maketrans(_NAMED | {"\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}),
    "numeric": str.maketrans({char: f"&#{ord(char)};" for char in "&<>\"'\r\n\t"}),
    "least": str.maketrans({"&": "&amp;", "<": "&lt;", "\r": "&#xD;"}),
}
_LEAST_IN_ATTRIBUTE = str.maketrans(_NAMED | {"\r": "&#xD;", "\n": "&#xA;", "\t": "&#x9;"})


def escape(text: str, readings: Readings = PAPER) -> str:
    """Safe in element content, and unharmed by a parser."""
    return text.translate(_REFERENCES[readings.choices.escaping]).replace("]]>", "]]&gt;")


def _in_attribute(text: str, readings: Readings) -> str:
    """Safe in a double-quoted attribute, and unharmed by a parser."""
    return text.translate(_LEAST_IN_ATTRIBUTE) if readings.choices.escaping == "least" else escape(text, readings)


def send_answer(results: Iterable[Result], readings: Readings = PAPER) -> bytes:
    """T-10: `compact` is 3 newlines plus 2 a result, `lines` one element a line without a last newline."""
    rows = [(r.status, escape(r.message_id, readings), escape(r.destination, readings)) for r in results]
    if readings.result_shape == "as-printed":
        return _as_printed(rows)
    lines = readings.answer_layout == "lines"
    between = "\n" if lines else ""
    body = "".join(
        f"<result>\n<status>{status}</status>{between}<messageid>{ident}</messageid>{between}"
        f"<destination>{number}</destination>{between}</result>\n"
        for status, ident, number in rows
    )
    return f"{DECLARATION}\n<results>\n{body}</results>{'' if lines else chr(10)}".encode()


def _as_printed(rows: Sequence[tuple[int, str, str]]) -> bytes:
    """The page's second example: results after the first without an opening tag, their status after a stray `<`."""
    text = f"{DECLARATION}\n<results>\n"
    for place, (status, ident, number) in enumerate(rows):
        text += "<status><" if place else "<result>\n<status>"
        text += f"{status}</status>\n<messageid>{ident}</messageid>\n<destination>{number}</destination>\n</result>\n"
    return f"{text}</results>".encode()


def titles_answer(titles: Iterable[str], readings: Readings = PAPER) -> bytes:
    """H-01: all-digit titles in `sayisal`, others in `normal`; an empty group is kept."""
    named = list(titles)
    groups = {
        "normal": [title for title in named if not re.fullmatch(r"[0-9]+", title)],
        "sayisal": [title for title in named if re.fullmatch(r"[0-9]+", title)],
    }
    lines = readings.answer_layout == "lines"
    elements = []
    for name, members in groups.items():
        inner = "".join(
            f"        <baslik>{escape(one, readings)}</baslik>\n"
            if lines
            else f"<baslik>{escape(one, readings)}</baslik>"
            for one in members
        )
        elements.append(f"<{name}>\n{inner}    </{name}>" if lines and inner else f"<{name}>{inner}</{name}>")
    return _document("basliklar", elements, lines=lines)


def balance_answer(amount: Decimal, currency: str, readings: Readings = PAPER) -> bytes:
    """B-01: the amount in one of its forms, and the currency code."""
    elements = [f"<miktar>{printed_amount(amount, readings)}</miktar>", f"<kur>{escape(currency, readings)}</kur>"]
    return _document("bakiye", elements, lines=readings.answer_layout == "lines")


def printed_amount(amount: Decimal, readings: Readings = PAPER) -> str:
    """Three places, as few as say the same, or whole units with a point between thousands."""
    if readings.amount == "grouped":
        return f"{amount.to_integral_value(ROUND_DOWN):,}".replace(",", ".")
    text = f"{amount:.3f}"
    return text.rstrip("0").rstrip(".") if readings.amount == "shortest" else text


def _document(root: str, elements: Iterable[str], *, lines: bool) -> bytes:
    if lines:
        inner = "".join(f"    {element}\n" for element in elements)
        return f"{DECLARATION}\n<{root}>\n{inner}</{root}>".encode()
    return f"{DECLARATION}<{root}>{''.join(elements)}</{root}>".encode()


def reports_answer(reports: list[Report], readings: Readings = PAPER) -> bytes:
    """R-02, or the 7 bytes of R-03 when there is none."""
    if not reports:
        return b"NO_DATA"
    sent = readings.sent_attribute
    rows = "".join(
        f'<message id="{_in_attribute(r.id, readings)}" {sent}="{r.sentdate}" donedate="{r.donedate}"'
        f' status="{r.status}" gsmerror="{r.gsmerror}"/>\n'
        for r in reports
    )
    text = f"<DeliveryReport>\n{rows}" + ("</DeliveryReport>\n" if readings.report_close == "closed" else "")
    return (text.removesuffix("\n") if readings.answer_layout == "lines" else text).encode()


def printed_date(moment: datetime, readings: Readings = PAPER) -> str:
    """R-08: Turkey local time in one of its forms."""
    t = moment.astimezone(ISTANBUL)
    match readings.dates:
        case "padded":
            return f"{t:%Y/%m/%d %H:%M:%S}"
        case "unpadded":
            return f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}"
        case _:
            return f"{t.year}/{t.month}/{t.day} {t:%H:%M:%S}"
