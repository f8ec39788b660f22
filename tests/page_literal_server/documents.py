"""The page's documents: requests read with an XML parser, answers filled into the page's own examples."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape, quoteattr

RESULT = """\
<result>
<status>{status}</status>
<messageid>{id}</messageid>
<destination>{destination}</destination>
</result>
"""
RESULTS = """\
<?xml version="1.0" encoding="UTF-8"?>
<results>
{}</results>"""
TITLES = """\
<?xml version="1.0" encoding="UTF-8"?>
<basliklar>
    <normal>
        <baslik>TEST</baslik>
        <baslik>DEMO</baslik>
    </normal>
    <sayisal></sayisal>
</basliklar>"""
BALANCE = """\
<?xml version="1.0" encoding="UTF-8"?>
<bakiye>
    <miktar>{}</miktar>
    <kur>TRY</kur>
</bakiye>"""
OWN_ID_REPORT = """\
<message id={id} senddate="{sent}"
donedate="{done}" status="DELIVERED" gsmerror="0"
/>
"""
GENERATED_ID_REPORT = """\
<message id={id} senddate="{sent}"
donedate="{done}" status="DELIVERED" gsmerror="0" />
"""


@dataclass(frozen=True, slots=True)
class Message:
    """An accepted message: its id, whether the client gave it, when it was sent and when it ended."""

    id: str
    own_id: bool
    sent: datetime
    done: datetime


def read(body: bytes) -> ET.Element:
    """The root of a request, with or without ``XML=`` before it; raises ``ET.ParseError``."""
    return ET.fromstring(body.strip().removeprefix(b"XML=").strip())


def results(rows: Iterable[tuple[int, str, str]]) -> str:
    """The answer to a send: status, message id and destination of each recipient, as in the page's first answer."""
    lines = [RESULT.format(status=code, id=escape(ident), destination=escape(to)) for code, ident, to in rows]
    return RESULTS.format("".join(lines))


def results_as_printed(rows: Iterable[tuple[int, str, str]]) -> str:
    """The same as in the page's second answer: from the second result on no opening tag, and a stray ``<``."""
    first, *later = results(rows).split("</result>\n")
    broken = [one.replace("<result>\n<status>", "<status><") for one in later]
    return "</result>\n".join([first, *broken])


def reports(messages: list[Message]) -> str:
    """A pull's answer: the document of the client's ids ends as the page prints it, without a closing tag."""
    if not messages:
        return "NO_DATA"
    lines = [
        (OWN_ID_REPORT if one.own_id else GENERATED_ID_REPORT).format(
            id=quoteattr(one.id), sent=date(one.sent), done=date(one.done)
        )
        for one in messages
    ]
    document = "<DeliveryReport>\n" + "".join(lines)
    return document.removesuffix("\n") if messages[-1].own_id else document + "</DeliveryReport>"


def date(moment: datetime) -> str:
    """By the page's rule ``yyyy/m/d hh:mm:ss``."""
    return f"{moment.year}/{moment.month}/{moment.day} {moment:%H:%M:%S}"
