"""Readings about titles that the account does not have: unknown-title, title-code (S-09)."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.inference.faultless import is_faultless, title_of
from kobikom_contracts.learning.traffic import Traffic, comparable

_ALPHANUMERIC, _NUMERIC = 11, 14


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What each send with a title that is too long or certainly unknown excludes."""
    codes = READING_BY_NAME["title-code"].values
    for send in traffic.sends:
        if not is_faultless(send, but="baslik"):
            continue
        title = title_of(send)
        too_long, unknown = _is_too_long(title), _is_unknown(traffic, send, title)
        if send.refusal in codes and (too_long or unknown):
            kind = "too long" if too_long else "not listed"
            why = f"the title {title!r}, which is {kind}, gets {send.refusal}"
            if unknown or (send.user, title) not in traffic.accepted_titles:
                yield from shows("title-code", {send.refusal}, send.position, why)
            if not too_long:
                yield from shows("unknown-title", {"refuse"}, send.position, why)
        elif send.accepted and unknown and not too_long:
            why = f"the title {title!r} is accepted, and no title query lists it"
            yield from shows("unknown-title", {"accept"}, send.position, why)


def _is_too_long(title: str) -> bool:
    numeric = title.isascii() and title.isdigit()
    return len(title) > (_NUMERIC if numeric else _ALPHANUMERIC)


def _is_unknown(traffic: Traffic, send: DecodedSend, title: str) -> bool:
    """Whether the last title query before the send and the first after it list other titles only."""
    listed = [(position, titles) for position, user, titles in traffic.listed_titles if user == send.user]
    before = [titles for position, titles in listed if position < send.position]
    after = [titles for position, titles in listed if position > send.position]
    if not title or not before or not after:
        return False
    return comparable(title) not in before[-1] | after[0]
