"""Reads answers twice: leniently, to go on judging, and strictly, to name what is wrong with them.

The lenient half is regular expressions over text, so that a fault in one clause (layout, framing) does
not hide what the answer says. The strict half is the RELAX NG schemas shipped beside this module, and
the rules about bytes that a schema cannot express.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from xml.sax.saxutils import escape

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'

_RESULT = re.compile(
    r"<status>\s*<?\s*(?P<status>[^<>\s]*)\s*</status>\s*"
    r"(?:<messageid>(?P<id>.*?)</messageid>|<messageid\s*/>)\s*"
    r"(?:<destination>(?P<to>.*?)</destination>|<destination\s*/>)",
    re.DOTALL | re.IGNORECASE,
)
_MESSAGE = re.compile(r"<message\s+(?P<attributes>[^>]*?)/?>", re.DOTALL)
_TITLE = re.compile(r"<baslik>(.*?)</baslik>", re.DOTALL)
_ATTRIBUTE = re.compile(r"([\w]+)\s*=\s*(\"[^\"]*\"|'[^']*')")
_BETWEEN = re.compile(r">[ \t\r\n]+<")
_TOKEN = re.compile(r"<\?xml.*?\?>|</\w+>|<(\w+)>[^<]*</\1>|<\w+/?>", re.DOTALL)
_REFERENCE = re.compile(r"&(?:#x([0-9A-Fa-f]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot|apos));")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"', "apos": "'"}
_CONTENT = re.compile(r"<(status|messageid|destination)>[^<]*</\1>|<(status|messageid|destination)\s*/>")
_VALUES = re.compile(r"<(messageid|destination)>[^<]*</\1>")
_REPORT_ORDER = ("id", "sentdate", "donedate", "status", "gsmerror")


@dataclass(frozen=True, slots=True)
class Result:
    """One ``<result>`` of a send answer, as text."""

    status: str
    message_id: str
    destination: str


@dataclass(frozen=True, slots=True)
class Report:
    """One ``<message>`` of a delivery report, as text."""

    id: str
    sentdate: str
    donedate: str
    status: str
    gsmerror: str


def unescape(text: str) -> str:
    """The text with XML's own references decoded; what is none stays as it is."""

    def decoded(match: re.Match[str]) -> str:
        hexadecimal, decimal, name = match.groups()
        if name:
            return _NAMED[name]
        number = int(hexadecimal, 16) if hexadecimal else int(decimal)
        return chr(number) if number < 0x110000 else match[0]

    return _REFERENCE.sub(decoded, text)


def results(text: str) -> tuple[Result, ...]:
    """The results of a send answer, however it is laid out; empty when there are none."""
    return tuple(
        Result(match["status"], unescape(match["id"] or ""), unescape(match["to"] or ""))
        for match in _RESULT.finditer(text)
    )


def reports(text: str) -> tuple[Report, ...]:
    """The reports of a pull's or a push's body; empty when there are none."""
    rows = []
    for message in _MESSAGE.finditer(text):
        values = {k.lower(): unescape(v[1:-1]) for k, v in _ATTRIBUTE.findall(message[1])}
        values.setdefault("sentdate", values.get("senddate", ""))
        rows.append(Report(**{name: values.get(name, "") for name in _REPORT_ORDER}))
    return tuple(rows)


def element(text: str, name: str) -> str | None:
    """The content of the first ``<name>``, None when absent."""
    content = re.search(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
    if content:
        return unescape(content[1])
    return "" if re.search(rf"<{name}\s*/>", text) else None


def titles(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Alphanumeric and numeric titles of a title answer."""
    groups = []
    for group in ("normal", "sayisal"):
        content = re.search(rf"<{group}>(.*?)</{group}>", text, re.DOTALL)
        inner = content[1] if content else ""
        groups.append(tuple(unescape(t).strip() for t in _TITLE.findall(inner)))
    return groups[0], groups[1]


@cache
def schema(name: str) -> Any:
    """The RELAX NG validator shipped as ``schemas/<name>.rng``."""
    from lxml import etree

    source = files(__package__).joinpath("schemas", f"{name}.rng").read_bytes()
    return etree.RelaxNG(etree.fromstring(source))


def schema_faults(name: str, body: bytes) -> tuple[str, ...]:
    """What is wrong with a document by its schema; empty when it is valid."""
    from lxml import etree

    try:
        tree = etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))
    except (etree.LxmlError, LookupError, ValueError) as error:
        return (f"not well-formed XML: {error}",)
    validator = schema(name)
    if validator.validate(tree):
        return ()
    return tuple(f"line {one.line}: {one.message}" for one in validator.error_log)


def send_layout(rows: tuple[Result, ...]) -> str:
    """The send answer for some results without white space between elements (T-10)."""
    pieces = (
        f"<result><status>{one.status}</status><messageid>{escape(one.message_id)}</messageid>"
        f"<destination>{escape(one.destination)}</destination></result>"
        for one in rows
    )
    return f"{DECLARATION}<results>{''.join(pieces)}</results>"


def printed_layout(rows: tuple[Result, ...]) -> str:
    """The send answer as the page's second example prints it (the reading of E), to the byte."""
    lines = [DECLARATION, "<results>"]
    for index, one in enumerate(rows):
        opening, number = (["<result>"], "") if index == 0 else ([], "<")
        lines += [
            *opening,
            f"<status>{number}{one.status}</status>",
            f"<messageid>{escape(one.message_id)}</messageid>",
            f"<destination>{escape(one.destination)}</destination>",
            "</result>",
        ]
    return "\n".join([*lines, "</results>"])


def is_as_printed(body: bytes) -> bool:
    """True of a send answer in the layout of the page's second example, however its values are escaped."""
    text = body.decode("utf-8", "backslashreplace")
    return _VALUES.sub(r"<\1></\1>", text) == _VALUES.sub(r"<\1></\1>", printed_layout(results(text)))


def layout_of_send(body: bytes) -> str | None:
    """The value of the reading ``answer-layout`` that a send answer follows; None when it has another layout.

    Only what stands between the values counts: how a value is escaped does not. Where the newlines of ``compact``
    are is open, but not how many there are.
    """
    text = _CONTENT.sub(
        lambda match: f"<{match[1] or match[2]}></{match[1] or match[2]}>", body.decode("utf-8", "replace")
    )
    count = text.count("<status>")
    canonical = send_layout((Result("", "", ""),) * count)
    if text == _in_lines(canonical):
        return "lines"
    if text.count("\n") == 3 + 2 * count and text.replace("\n", "") == canonical:
        return "compact"
    return None


def _in_lines(canonical: str) -> str:
    """One element a line, none after the last."""
    lines = re.sub(r"(<results>|<result>|</result>|</(?:status|messageid|destination)>)", r"\1\n", canonical)
    return lines.replace(DECLARATION, DECLARATION + "\n")


def layout_of_query(body: bytes) -> str | None:
    """The same for the answer to a title or balance query."""
    text = body.decode("utf-8", "backslashreplace")
    bare = _BETWEEN.sub("><", text)
    if text == bare:
        return "compact"
    return "lines" if text == _indented(bare) else None


def _indented(bare: str) -> str:
    """A title or balance answer as the page prints it: one element a line, four blanks a level."""
    lines, depth = [], 0
    for match in _TOKEN.finditer(bare):
        token = match[0]
        depth -= token.startswith("</")
        lines.append("    " * depth + token)
        depth += match[1] is None and not token.startswith(("</", "<?")) and not token.endswith("/>")
    return "\n".join(lines)
