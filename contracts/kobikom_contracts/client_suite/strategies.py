"""Hypothesis strategies for the calls made to a client and for the answers it gets."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from kobikom_contracts.client_suite.adapter_protocol import (
    Balance,
    Call,
    Capability,
    Options,
    Reports,
    Send,
    Titles,
    To,
)
from kobikom_contracts.client_suite.answers import HTML_ERROR, Carriage, Framing
from kobikom_contracts.client_suite.http_values import CONTENT_TYPE
from kobikom_contracts.reader import Report
from kobikom_contracts.strategies import STATUSES

USER, PASSWORD = "test", "parola"

CODES = (-1, -2, -3, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99)
"""Every code but 0 of the page's table."""
WHOLE = (-5, -6, -10, -11, -22, -23, -27, -34)
"""Those that refuse a whole request (A-05)."""
SINGLE = (-1, -2, -3, -13, -33, -99)
"""Those that refuse one recipient, or can be provoked for it."""

Able = frozenset[Capability]

_PIECES = (
    *("Merhaba", " ", "&", "<", ">", '"', "'", "&amp;", "&lt;b&gt;", "<b>", "]]>", "+", "%41", "%"),
    *("şğıİĞÇ", "\n", "#", "=", "?", "{€}", "é", "Ж", "中", "😀", "<!--", "XML=", "a" * 40),
)
TYPES = (
    CONTENT_TYPE,
    "application/xml; charset=UTF-8",
    "text/xml",
    "text/plain",
    "text/html",
    None,
)


_IDENTS = (
    "",
    "order-",
    "a b",
    "&",
    "<x>",
    '"',
    "'",
    "ş",
    "%41",
    "+",
    "#",
    "=",
    "/",
    "Ж" * 20,
    "x" * 60,
)


def idents() -> SearchStrategy[str]:
    """Beginnings of message ids with every kind of character but a comma; an index is appended."""
    return st.sampled_from(_IDENTS)


def texts() -> SearchStrategy[str]:
    """Texts made of pieces that are easily damaged, without carriage returns."""
    some = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=6).map("".join)
    # In brackets, because the page does not say whether white space at the ends is kept.
    return some.map(lambda text: f"[{text}]")


def sends(
    able: Able = frozenset(),
    *,
    text: SearchStrategy[str] | None = None,
    least: int = 1,
    most: int = 4,
) -> SearchStrategy[Send]:
    """A send of a text to some recipients, with message ids where the client takes them."""
    ident = st.none() | idents() if Capability.MESSAGE_IDS in able else st.none()
    return st.builds(
        lambda first, idents, words: Send(
            url="",
            user=USER,
            password=PASSWORD,
            title="Kobikom",
            text=words,
            recipients=tuple(
                To(f"90532{first + n * 7919:07d}", None if one is None else f"{one}{n}") for n, one in enumerate(idents)
            ),
        ),
        st.integers(0, 9_000_000),
        st.lists(ident, min_size=least, max_size=most),
        st.just("Merhaba") if text is None else text,
    )


@dataclass(frozen=True, slots=True)
class SendWithCodes:
    """A send, and the code with which the server answers each of its recipients."""

    call: Send
    codes: tuple[int, ...]

    @property
    def table(self) -> dict[str, int]:
        """Codes by number."""
        return {to.gsm: c for to, c in zip(self.call.recipients, self.codes, strict=True)}


def sends_with_codes(able: Able, code: SearchStrategy[int], *, least: int = 1) -> SearchStrategy[SendWithCodes]:
    """A send with a code drawn for each recipient."""
    codes = st.tuples(code, code, code, code)
    return st.builds(
        lambda call, drawn: SendWithCodes(call, drawn[: len(call.recipients)]),
        sends(able, least=least),
        codes,
    )


def credentials() -> SearchStrategy[str]:
    """User names and passwords that show whether they are escaped in XML and in an address."""
    piece = st.sampled_from(
        ("a", "Z", "9", "&", "<", ">", "+", "%", "%2B", "#", "=", "?", "/", ";", "ş", "İ", '"', " ")
    )
    return st.lists(piece, min_size=1, max_size=5).map(lambda pieces: f"u{''.join(pieces)}x")


def options(able: Able) -> SearchStrategy[Options]:
    """Options among those that the adapter claims."""
    days = st.sampled_from((2, 59, 60, 3_600, 86_400, 90_061, 3 * 86_400 + 2))
    return st.builds(
        Options,
        flash=_if(Capability.FLASH in able, st.booleans()),
        delay=_if(Capability.DELAY in able, days),
        validity=_if(Capability.VALIDITY in able, st.sampled_from((1, 59, 60, 150, 2_880))),
    )


def _if(able: bool, values: SearchStrategy[int]) -> SearchStrategy[int | None]:
    return st.none() | values if able else st.none()


def carriages() -> SearchStrategy[Carriage]:
    """Every framing of a body: length, chunks or close, content type, arrival in pieces, kept connection."""
    return st.builds(
        Carriage,
        framing=st.sampled_from(Framing),
        content_type=st.sampled_from(TYPES),
        pieces=st.lists(st.integers(0, 8), max_size=3).map(tuple),
        keep=st.booleans(),
    )


# -- reports ---------------------------------------------------------------------------------------


def moments(*, padded: bool | None = None) -> SearchStrategy[str]:
    """Printed dates (R-08), unpadded or padded or, when None, either."""
    instants = st.datetimes(datetime(2005, 1, 1), datetime(2037, 12, 31))  # noqa: DTZ001 - local

    def write(pair: tuple[datetime, bool]) -> str:
        t, pad = pair
        if pad:
            return t.strftime("%Y/%m/%d %H:%M:%S")
        return f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute}:{t.second}"

    return st.tuples(instants, st.booleans() if padded is None else st.just(padded)).map(write)


def reports(*, padded: bool | None = False) -> SearchStrategy[Report]:
    """Reports of every status with a fitting gsmerror."""
    fine = ("NOT_SENT", "SENT", "DELIVERED")
    bad = tuple(status for status in STATUSES if status not in fine)
    errors = st.sampled_from(("1", "27", "31", "32", "34", "256", "500", "2048", "4101"))
    pair = st.tuples(st.sampled_from(fine), st.just("0")) | st.tuples(st.sampled_from(bad), errors)
    date = moments(padded=padded)
    return st.builds(
        lambda ident, sent, done, ending: Report(ident, sent, done, *ending),
        idents(),
        date,
        date,
        pair,
    )


def batches(least: int = 1, most: int = 5, *, padded: bool | None = False) -> SearchStrategy[tuple[Report, ...]]:
    """The reports of one pull, no id twice."""
    several = st.lists(reports(padded=padded), min_size=least, max_size=most)
    return several.map(lambda drawn: tuple(replace(r, id=f"{r.id}{n}") for n, r in enumerate(drawn)))


def message(*gsms: str, text: str = "Merhaba") -> Send:
    """A plain send, to one number unless others are given."""
    to = tuple(To(gsm) for gsm in gsms or ("905329975725",))
    return Send(url="", user=USER, password=PASSWORD, title="Kobikom", text=text, recipients=to)


def calls(able: Able) -> list[Call]:
    """A plain call of each kind that the client can make."""
    offered: tuple[tuple[Capability, Call], ...] = (
        (Capability.SEND, message()),
        (Capability.REPORTS, pull()),
        (Capability.TITLES, titles()),
        (Capability.BALANCE, balance()),
    )
    return [call for capability, call in offered if capability in able]


def pull(ids: tuple[str, ...] | None = None) -> Reports:
    """A pull of all, or of some ids."""
    return Reports(url="", user=USER, password=PASSWORD, ids=ids)


def titles() -> Titles:
    """A title query."""
    return Titles(url="", user=USER, password=PASSWORD)


def balance() -> Balance:
    """A balance query."""
    return Balance(url="", user=USER, password=PASSWORD)


# -- unreadable answers -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class UnreadablePage:
    """A body that is not an answer of this API, with its HTTP status."""

    status: str
    body: bytes
    content_type: str = "text/html"


def unreadable_pages(*, statuses: tuple[str, ...]) -> SearchStrategy[UnreadablePage]:
    """HTML pages, XML of another API, JSON, an empty body, random bytes."""
    bodies = st.sampled_from(
        (
            HTML_ERROR.encode(),
            b"<html><body>0</body></html>",
            b'<?xml version="1.0"?><error><code>0</code></error>',
            b'{"status": 0}',
            b"",
            b"OK",
            b"\x00\xff\xfe\x00" * 8,
            b'<?xml version="1.0" encoding="UTF-8"?>\n',
            "<h1>Sunucu hatası: şu an çalışmıyor</h1>".encode("iso-8859-9"),
        )
    )
    return st.builds(UnreadablePage, st.sampled_from(statuses), bodies, st.just("text/html"))
