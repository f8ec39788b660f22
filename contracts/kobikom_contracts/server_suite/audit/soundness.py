"""What is wrong with any answer by itself: HTTP status, framing, and the document by a parser and by its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kobikom_contracts import reader, strict_reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.http_connection import HttpAnswer

SEND, TITLES, BALANCE, PULL = "send", "titles", "balance", "pull"

_DOCUMENTS = {SEND: "T-10.1", TITLES: "H-01.1", BALANCE: "B-01.1", PULL: "R-02.1"}
"""The statement that says what the document of an operation is."""
_SHOWN = 400


def faults(http: HttpAnswer, operation: str) -> Iterator[Violation]:
    """What an answer to one operation breaks, whatever was asked."""
    refusal = operation in (TITLES, BALANCE) and "<results>" in http.text
    document = SEND if refusal else operation
    yield from _http(http, operation, document)
    if http.status == 200:
        yield from _document(http, document, "A-06.1" if refusal else _DOCUMENTS[operation])


def _http(http: HttpAnswer, operation: str, document: str) -> Iterator[Violation]:
    length = "T-09.1" if operation == SEND else "T-09.4"
    results = reader.results(http.text) if document == SEND else ()
    if http.status != 200 and (results or _is_document(http)):
        accepted = any(one.status == "0" for one in results)
        yield Violation("HTTP 200", f"HTTP {http.status}", statement="T-08.2" if accepted else "T-08.1")
    if http.status == 200 and http.framing != "length":
        yield Violation("a body framed by Content-Length", http.framing, statement=length)
    if http.faults:
        yield Violation("a sound head and a body of its Content-Length", "; ".join(http.faults), statement=length)


def _is_document(http: HttpAnswer) -> bool:
    return any(mark in http.body for mark in (b"<results", b"<basliklar", b"<bakiye", b"<DeliveryReport", b"NO_DATA"))


def _document(http: HttpAnswer, document: str, statement: str) -> Iterator[Violation]:
    if document == PULL:
        yield from _pulled(http)
        return
    if document == SEND and reader.is_as_printed(http.body):
        return
    if document == SEND and not reader.results(http.text):
        return  # no answer of a send at all: the contract that asked says what it expected
    broken = strict_reader.shape_faults(document, http.body)
    if document == SEND and "<status><" in http.text:
        yield Violation("results well-formed, or as the page prints them", _short(http.text), statement="E.3")
    elif broken:
        shown = f"{'; '.join(broken)}: {_short(http.text)}"
        yield Violation("the documented elements in well-formed XML, and nothing else", shown, statement=statement)
    elif document == SEND and strict_reader.parsed_results(http.body) != reader.results(http.text):
        shown = f"{strict_reader.parsed_results(http.body)} in {_short(http.text)}"
        yield Violation("values without markup of their own", shown, statement=statement)


def _pulled(http: HttpAnswer) -> Iterator[Violation]:
    text = http.text
    if "<" not in text:
        if "NO_DATA" in text and http.body != b"NO_DATA":
            yield Violation("the 7 octets NO_DATA", repr(http.body[:_SHOWN]), statement="R-03.3")
        elif "NO_DATA" not in text and re.fullmatch(r"-?(5|10|11)", text.strip()) is None:
            yield Violation("a DeliveryReport, NO_DATA or a code", repr(text[:_SHOWN]), statement="R-02.1")
        return
    broken = strict_reader.report_faults(http.body, as_printed="</DeliveryReport>" not in text)
    if broken:
        shown = f"{'; '.join(broken)}: {_short(text)}"
        yield Violation("a DeliveryReport of message elements in well-formed XML", shown, statement="R-02.1")


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else text[:_SHOWN] + "…")
