"""What each answer shows by itself: its status, head, document and values, and how it repeats the request."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts import reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.server_suite import amounts
from kobikom_contracts.server_suite.audit import Audit, echo, soundness
from kobikom_contracts.server_suite.audit.meaning import PullRequest
from kobikom_contracts.server_suite.codes import PULL_REFUSALS
from kobikom_contracts.server_suite.exchanges import CONTENT_TYPES
from kobikom_contracts.trace.exchanges import JudgedExchange
from kobikom_contracts.trace.observations import Observation, observed

BYTE_LEVEL_HEAD = frozenset({"T-09.1", "T-09.4"})
"""Statements that cannot be judged without the exact bytes of an answer's head."""
BYTE_LEVEL_BODY = frozenset({"T-10.6", "R-03.3", "R-07.2"})
"""Statements that cannot be judged without the exact bytes of its body."""
GENERATED = re.compile(r"\d{15}|\d{18}|\d{10}", re.ASCII)


def observations(one: JudgedExchange) -> Iterator[Observation]:
    """What one answer shows; an HTTP error without a document of the API shows nothing."""
    http = one.http
    if http is None:
        return
    if http.status != 200 and not any(mark in http.body for mark in (b"<results", b"<basliklar", b"<bakiye")):
        return
    violations = list(_violations(one))
    seen = list(_heads(one))
    match one.operation:
        case soundness.PULL:
            seen += _pull(one)
        case soundness.BALANCE if "<bakiye" in http.text:
            seen += ["B-01.1", "B-01.2", "B-01.3", "C-04.1"]
        case soundness.TITLES if "<basliklar" in http.text:
            seen += ["H-01.1", "H-01.2", "H-01.3"]
            violations += _titles(http.text)
        case _ if "<results" in http.text:
            seen += _results(one)
    violations += [*_layout(one), *_refused_pull(one), *_ids(one)]
    unknown = BYTE_LEVEL_BODY if not one.has_exact_body else frozenset()
    unknown |= BYTE_LEVEL_HEAD if not one.has_exact_head else frozenset()
    yield from observed(
        [statement for statement in seen if statement not in unknown],
        [violation for violation in violations if violation.statement not in unknown],
        one.position,
    )


def _violations(one: JudgedExchange) -> Iterator[Violation]:
    """What the audit of the server suite says of one exchange that it sees alone."""
    http = one.http
    assert http is not None, "only answers are judged"
    match one.operation:
        case soundness.SEND:
            yield from Audit().sent(one.request if isinstance(one.request, Send) else None, http)
        case soundness.BALANCE:
            shown = (reader.element(http.text, "miktar") or "").strip()
            amount = amounts.value(shown, None) if amounts.READABLE.fullmatch(shown) else None
            yield from Audit().balance("", http, amount, None, whole_units=False)
        case _:
            yield from soundness.faults(http, one.operation)


def _heads(one: JudgedExchange) -> Iterator[str]:
    http = one.http
    assert http is not None, "only answers are judged"
    is_send = one.operation == soundness.SEND
    yield "T-08.2" if is_send and one.served else "T-08.1"
    yield "T-09.1" if is_send else "T-09.4"
    if http.status == 200 and http.headers:
        yield "T-09.2" if is_send else "T-09.3"


def _layout(one: JudgedExchange) -> Iterator[Violation]:
    http = one.http
    assert http is not None, "only answers are judged"
    if http.status == 200 and http.headers and (label := http.header("Content-Type")) not in CONTENT_TYPES.values():
        statement = "T-09.2" if one.operation == soundness.SEND else "T-09.3"
        yield Violation(" or ".join(map(repr, CONTENT_TYPES.values())), repr(label), statement=statement)
    if "<results" in http.text and reader.results(http.text) and not reader.is_as_printed(http.body):
        layout = reader.layout_of_send(http.body)
    elif "<basliklar" in http.text or "<bakiye" in http.text:
        layout = reader.layout_of_query(http.body)
    else:
        return
    if layout is None:
        shown = repr(http.text if len(http.text) <= 400 else http.text[:400] + "…")
        yield Violation("one element a line, or the ancestor's line ends", shown, statement="T-10.6")


def _results(one: JudgedExchange) -> Iterator[str]:
    http = one.http
    assert http is not None, "only answers are judged"
    results = reader.results(http.text)
    if not results:
        return
    yield from ("T-10.1", "T-10.6", "E.1")
    if len(results) > 1:
        yield "E.3"
    if one.operation in (soundness.TITLES, soundness.BALANCE):
        yield "A-06.1"
    send = one.request
    if not isinstance(send, Send):
        return
    pairs = echo.pairs(send, results)
    if pairs is None:
        if len(results) == 1 and results[0].status != "0":
            yield "A-05.1"
        return
    yield from _recipients(pairs)
    numbers = [recipient.gsm.strip(echo.BLANK) for _, recipient, result in pairs if result.status == "0"]
    if len(set(numbers)) < len(numbers):
        yield "S-22.1"


def _recipients(pairs: list[echo.Pair]) -> Iterator[str]:
    yield "S-01.1"
    ids: set[str] = set()
    for _, recipient, result in pairs:
        number, ident = recipient.gsm.strip(echo.BLANK), (recipient.message_id or "").strip()
        yield "S-01.2" if echo.is_plain(number) else "S-01.3"
        if number != recipient.gsm:
            yield "S-01.4"
        if result.status == "0":
            yield "S-02.1"
            yield "S-03.1" if ident else "S-02.4"
        else:
            yield "S-06.3"
        if ident and ident in ids:
            yield "S-04.1"
        ids.add(ident)


def generated_ids(one: JudgedExchange) -> Iterator[str]:
    """The ids that the server made for accepted recipients."""
    if one.http is None or not isinstance(one.request, Send):
        return
    for _, recipient, result in echo.pairs(one.request, reader.results(one.http.text)) or ():
        if result.status == "0" and result.message_id and not (recipient.message_id or "").strip():
            yield result.message_id


def _titles(text: str) -> Iterator[Violation]:
    normal, numeric = reader.titles(text)
    for title in normal:
        if title.isascii() and title.isdigit():
            yield Violation("all-digit titles in sayisal", f"{title!r} in normal", statement="H-01.2")
    for title in numeric:
        if not (title.isascii() and title.isdigit()):
            yield Violation("titles with other characters in normal", f"{title!r} in sayisal", statement="H-01.2")
    for group in ("normal", "sayisal"):
        if reader.element(text, group) is None:
            yield Violation(f"an element {group}, empty without titles", "none", statement="H-01.3")


def _pull(one: JudgedExchange) -> Iterator[str]:
    http = one.http
    assert http is not None, "only answers are judged"
    text = http.text
    if "NO_DATA" in text:
        yield "R-03.3"
    elif "<DeliveryReport" in text:
        yield from ("R-02.1", "R-08.2", "R-09.1", "R-10.1")
        if len(reader.reports(text)) > 1:
            yield "R-02.2"
    elif text.strip() in PULL_REFUSALS:
        yield from ("R-07.1", "R-07.2")


def _refused_pull(one: JudgedExchange) -> Iterator[Violation]:
    """What the number of a refused pull breaks."""
    http, request = one.http, one.request
    if http is None or not isinstance(request, PullRequest) or http.status != 200:
        return
    number = http.text.strip()
    if number not in PULL_REFUSALS:
        return
    if http.body.decode("latin-1") != number:
        yield Violation("the number alone", repr(http.body), statement="R-07.2")
    missing = "10" if not (request.user or "").strip() else "11" if not (request.password or "").strip() else ""
    if missing and number.removeprefix("-") != missing:
        yield Violation(f"{missing} or -{missing}", number, statement="R-07.1")
    elif not missing and number.removeprefix("-") != "5":
        yield Violation("5 or -5 for a pair that is not valid", number, statement="R-07.1")


def _ids(one: JudgedExchange) -> Iterator[Violation]:
    for ident in generated_ids(one):
        if GENERATED.fullmatch(ident) is None:
            yield Violation("an id of 15, 18 or 10 digits", repr(ident), statement="S-02.4")
