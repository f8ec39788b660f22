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
from kobikom_contracts.client_suite.answers import Carriage, Framing
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

TYPES = (
    CONTENT_TYPE,
    "application/xml; charset=UTF-8",
    "text/xml",
    "text/plain",
    "text/html",
    None,
)


def sends(
    able: Able = frozenset(),
    *,
    text: SearchStrategy[str] | None = None,
    ident: SearchStrategy[str] | None = None,
    least: int = 1,
    most: int = 4,
) -> SearchStrategy[Send]:
    """A send of a text to some recipients, with message ids where the client takes them; plain ones unless given."""
    beginnings: SearchStrategy[str | None] = st.none()
    if Capability.MESSAGE_IDS in able:
        beginnings |= st.just("order-") if ident is None else ident
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
        st.lists(beginnings, min_size=least, max_size=most),
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


def reports(*, padded: bool | None = False, ident: SearchStrategy[str] | None = None) -> SearchStrategy[Report]:
    """Reports of every status with a fitting gsmerror; their ids are plain unless given."""
    fine = ("NOT_SENT", "SENT", "DELIVERED")
    bad = tuple(status for status in STATUSES if status not in fine)
    errors = st.sampled_from(("1", "27", "31", "32", "34", "256", "500", "2048", "4101"))
    pair = st.tuples(st.sampled_from(fine), st.just("0")) | st.tuples(st.sampled_from(bad), errors)
    date = moments(padded=padded)
    return st.builds(
        lambda ident, sent, done, ending: Report(ident, sent, done, *ending),
        st.just("order-") if ident is None else ident,
        date,
        date,
        pair,
    )


def batches(
    least: int = 1, most: int = 5, *, padded: bool | None = False, ident: SearchStrategy[str] | None = None
) -> SearchStrategy[tuple[Report, ...]]:
    """The reports of one pull, no id twice."""
    several = st.lists(reports(padded=padded, ident=ident), min_size=least, max_size=most)
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
