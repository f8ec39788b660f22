"""Readings about recipients: empty-gsm, short-number, number-form (S-05, S-08)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts.learning.decoded import DecodedSend
from kobikom_contracts.learning.evidence import Evidence, shows
from kobikom_contracts.learning.traffic import Traffic, is_plain
from kobikom_contracts.server_suite.audit import echo

_SHORT = re.compile(r"905[345]\d{2,7}", re.ASCII)
_OTHER_FORM = re.compile(r"(?:\+90|0090|0|)(5[345]\d{8})", re.ASCII)


def evidence(traffic: Traffic) -> Iterator[Evidence]:
    """What the results of single recipients exclude."""
    for send in traffic.sends:
        if send.accepted:
            yield from _empty(send)
        for _, recipient, result in send.pairs or ():
            number = recipient.gsm.strip(echo.BLANK)
            if _SHORT.fullmatch(number):
                value = {"-13": "unknown", "-6": "incomplete"}.get(result.status, "")
                why = f"{number}, which lacks digits, gets {result.status}"
                yield from shows("short-number", {value}, send.position, why)
            elif form := _OTHER_FORM.fullmatch(number):
                yield from _form(traffic, send, number, plain=f"90{form[1]}", status=result.status)


def _empty(send: DecodedSend) -> Iterator[Evidence]:
    """A send that was not refused as a whole, with empty ``<gsm>`` beside numbers."""
    every = [recipient.gsm.strip(echo.BLANK) for block in send.send.blocks for recipient in block.recipients]
    empty = every.count("")
    if not empty or len(every) == empty:
        return
    answered = [result.destination.strip(echo.BLANK) for result in send.results]
    if answered == [number for number in every if number]:
        yield from shows("empty-gsm", {"skip"}, send.position, f"{empty} empty gsm beside a number have no result")
    elif answered == every:
        statuses = {result.status for result in send.results if not result.destination.strip(echo.BLANK)}
        if statuses == {"-6"}:
            yield from shows("empty-gsm", {"refuse"}, send.position, "an empty gsm beside a number gets -6")


def _form(traffic: Traffic, send: DecodedSend, number: str, *, plain: str, status: str) -> Iterator[Evidence]:
    if not is_plain(plain):
        return
    if status == "0":
        yield from shows("number-form", {"lenient"}, send.position, f"{number} is accepted")
    elif status == "-13" and (send.user, plain) in traffic.accepted_numbers:
        why = f"{number} gets -13, but {plain} is accepted in another request"
        yield from shows("number-form", {"strict"}, send.position, why)
