"""What the results of a send must repeat of its recipients (S-01 to S-04, S-06)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Block, Recipient, Send
from kobikom_contracts.reader import Result
from kobikom_contracts.server_suite.codes import CODES

_PLAIN = re.compile(r"[1-9]\d{10,14}", re.ASCII)
"""A number as the page prints them: international, without a sign or leading zeros."""
BLANK = " \t\r\n\u00a0"

Pair = tuple[Block, Recipient, Result]


def pairs(send: Send, results: tuple[Result, ...]) -> list[Pair] | None:
    """Each recipient with its block and its result; None for a refusal and for a wrong number of results."""
    every = [(block, one) for block in send.blocks for one in block.recipients]
    real = [(block, one) for block, one in every if one.gsm.strip(BLANK)]
    asked = real if len(results) == len(real) else every
    if len(results) != len(asked) or _is_refusal(results):
        return None
    return [(block, one, result) for (block, one), result in zip(asked, results, strict=True)]


def _is_refusal(results: tuple[Result, ...]) -> bool:
    return len(results) == 1 and results[0].status != "0" and not results[0].destination


def faults(send: Send, results: tuple[Result, ...]) -> Iterator[Violation]:
    """What the results of a send break, compared with its recipients."""
    for result in results:
        if result.status not in CODES:
            yield Violation("a code of the page's list", repr(result.status), statement="E.1")
    paired = pairs(send, results)
    if paired is None:
        if not _is_refusal(results) and results:
            yield Violation(
                "a result for each non-empty gsm", f"{len(results)} results of {send.recipients}", statement="S-01.1"
            )
        return
    used: set[str] = set()
    for _, recipient, result in paired:
        yield from _destination(recipient, result)
        yield from _message_id(recipient, result)
        ident = _own_id(recipient)
        if ident and ident in used and result.status == "0":
            yield Violation(f"-33 for {ident!r} again in one request", result.status, statement="S-04.1")
        used.add(ident)


def _destination(recipient: Recipient, result: Result) -> Iterator[Violation]:
    number = recipient.gsm.strip(BLANK)
    if result.destination == number or (not number and not result.destination):
        return
    statement = "S-01.4" if result.destination.strip(BLANK) == number else "S-01.2" if is_plain(number) else "S-01.3"
    yield Violation(f"destination {number!r}", repr(result.destination), statement=statement)


def _message_id(recipient: Recipient, result: Result) -> Iterator[Violation]:
    ident, accepted = _own_id(recipient), result.status == "0"
    if accepted and not result.message_id:
        yield Violation("a messageid for an accepted recipient", "none", statement="S-02.1")
    elif accepted and ident and result.message_id != ident:
        yield Violation(f"messageid {ident!r}", repr(result.message_id), statement="S-03.1")
    elif not accepted and result.message_id not in ("", recipient.message_id or ""):
        yield Violation("no messageid for a refused recipient, or its own", repr(result.message_id), statement="S-06.3")


def is_plain(number: str) -> bool:
    """Whether a number is written as the page prints them."""
    return _PLAIN.fullmatch(number) is not None


def _own_id(recipient: Recipient) -> str:
    """The id that the client gave, "" for none: a blank one counts as none."""
    ident = recipient.message_id or ""
    return ident if ident.strip() else ""
