"""Readings that refused or accepted fields show: long-validity, and the value refuse of long-text (S-11, S-16)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.inference.faultless import (
    LONGEST_TEXT,
    LONGEST_VALIDITY,
    has_accepted_title,
    is_faultless,
    validity_minutes,
)
from kobikom_contracts.learning.traffic import Traffic
from kobikom_contracts.server_suite.audit import echo

_ONE_PART = 160
"""Characters that one part holds at most, in any alphabet."""


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What each send with a long text or a long validity excludes."""
    for send in traffic.sends:
        if len(send.send.blocks) == 1:
            yield from _validity(traffic, send)
            yield from _text(traffic, send)


def _validity(traffic: Traffic, send: DecodedSend) -> Iterator[Evidence]:
    period = send.send.blocks[0].fields.get("ValidityPeriod", "").strip(echo.BLANK)
    minutes = validity_minutes(period)
    if minutes is None or minutes <= LONGEST_VALIDITY:
        return
    if send.accepted:
        yield from shows("long-validity", {"clamp"}, send.position, f"ValidityPeriod {period} is accepted")
    elif _is_refused(traffic, send, "ValidityPeriod"):
        yield from shows("long-validity", {"refuse"}, send.position, f"ValidityPeriod {period} gets -23")


def _text(traffic: Traffic, send: DecodedSend) -> Iterator[Evidence]:
    fields = send.send.blocks[0].fields
    text = fields.get("metin", "")
    if fields.get("type", "").strip(echo.BLANK) or fields.get("binary", "").strip(echo.BLANK):
        return
    # White space at the ends may not count, and a line end may count once or twice.
    if len(text.strip(echo.BLANK).replace("\r", "").replace("\n", "")) <= _ONE_PART:
        return
    described = f"a text of {len(text)} characters without longSMS"
    if send.accepted:
        yield from shows("long-text", {"cut", "split"}, send.position, f"{described} is accepted")
    elif len(text) <= LONGEST_TEXT and _is_refused(traffic, send, "metin"):
        yield from shows("long-text", {"refuse"}, send.position, f"{described} gets -23")


def _is_refused(traffic: Traffic, send: DecodedSend, field: str) -> bool:
    """Whether this field is the only thing that the -23 of a whole request can be about."""
    return send.refusal == "-23" and is_faultless(send, but=field) and has_accepted_title(traffic, send)
