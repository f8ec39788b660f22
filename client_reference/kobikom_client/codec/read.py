"""Reads the bytes of answers. For any bytes, each function returns its type or raises a documented error.

Whether an answer is complete is decided by the document's closing tag rather than by HTTP's framing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from kobikom_client.errors import (
    KobikomError,
    LostReports,
    MalformedAnswer,
    TransportError,
    UnknownOutcome,
    refusal,
)
from kobikom_client.message import Recipient
from kobikom_client.results import Balance, Code, Progress, Report, Result, Titles, as_code

from . import documents
from .amount import read_amount
from .markup import Document, decode, parse

_PULL_REFUSAL: Final = re.compile(r"-?(5|10|11)")  # R-07, both readings


@dataclass(frozen=True, slots=True)
class Answer:
    """The result of transmitting a request.

    `status`   the HTTP status; None if no HTTP answer began
    `problem`  why the exchange ended early; None if it did not
    `written`  False only if it is certain that no byte of the request was transmitted
    """

    status: int | None
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = ""
    problem: str | None = None
    written: bool = True


def read_send(answer: Answer, recipients: Sequence[Recipient]) -> tuple[Result, ...]:
    """One result for each recipient, in their order (S-01).

    Raises Refused, TransportError or UnknownOutcome, each with its `progress`.
    """

    def unknown_outcome(reason: str, matched: Sequence[Result | None] = ()) -> UnknownOutcome:
        matched = matched or [None] * len(recipients)
        answered = tuple(result for result in matched if result)
        unknown = tuple(recipient for recipient, result in zip(recipients, matched, strict=True) if not result)
        return UnknownOutcome(
            f"the send was written, but {reason}; do not repeat it without checking",
            progress=Progress(answered, unknown),
            http_status=answer.status,
            body=answer.body,
        )

    try:
        document = parse(_text(answer, unknown_outcome))
    except TransportError as error:
        error.progress = Progress(untried=tuple(recipients))
        raise
    if document.root != "results":
        raise unknown_outcome("its answer is not a <results> document")
    raw_results = tuple(documents.results(document))
    if document.closed and len(raw_results) == 1 and (code := raw_results[0].code) and not raw_results[0].destination:
        refused = tuple(Result(recipient, code) for recipient in recipients)
        raise refusal(code, progress=Progress(refused), body=answer.body)
    matched = documents.match_results(raw_results, recipients)
    results = tuple(result for result in matched if result)
    if not document.closed:
        raise unknown_outcome(f"its answer was cut{_problem(answer)}", matched)
    if len(results) < len(recipients):
        raise unknown_outcome(f"its answer has results for {len(results)} of {len(recipients)} recipients", matched)
    codes = {result.code for result in results}
    if len(codes) == 1 and isinstance(code := codes.pop(), Code) and code.whole_request:
        raise refusal(code, progress=Progress(results), body=answer.body)
    return results


def read_reports(answer: Answer) -> tuple[Report, ...]:
    """The reports of a pull, possibly none (R-02). Raises Refused, TransportError or LostReports."""

    def lost_reports(reason: str, reports: tuple[Report, ...] = ()) -> LostReports:
        message = f"the pull was written, but {reason}; {len(reports)} reports could be read"
        return LostReports(message, reports=reports, http_status=answer.status, body=answer.body)

    text = _text(answer, lost_reports).strip()
    if text == "NO_DATA":
        return ()
    if code := _PULL_REFUSAL.fullmatch(text):
        raise refusal(as_code(-int(code[1])), body=answer.body)
    document = parse(text)
    _raise_refusal(document, answer)
    if document.root != "deliveryreport":
        raise lost_reports("its answer is not a <DeliveryReport> document")
    reports, complete = documents.reports(document)
    if not complete or (answer.problem and not document.closed):
        raise lost_reports(f"its answer is cut or partly unreadable{_problem(answer)}", reports)
    return reports


def read_push(body: bytes, content_type: str | None = "") -> tuple[Report, ...]:
    """The reports in a pushed body (S-19). Raises MalformedAnswer; its `reports` are the readable ones."""
    document = parse(decode(body, content_type or ""))
    if document.root != "deliveryreport":
        raise MalformedAnswer("the pushed body is not a <DeliveryReport> document", body=body)
    reports, complete = documents.reports(document)
    if not complete:
        raise MalformedAnswer("the pushed report is cut or unreadable", reports=reports, body=body)
    return reports


def read_titles(answer: Answer) -> Titles:
    """The account's titles (H-01). Raises Refused, TransportError or MalformedAnswer."""
    groups: dict[str, tuple[str, ...]] = {}
    pending: list[str] = []
    for name, text in _query_answer(answer, "basliklar").leaves():
        if name == "baslik" and text:
            pending.append(text)
        elif name in ("normal", "sayisal"):
            groups[name] = groups.get(name, ()) + tuple(pending)
            pending = []
    if pending:
        raise MalformedAnswer("a title is outside a group", body=answer.body)
    return Titles(groups.get("normal", ()), groups.get("sayisal", ()))


def read_balance(answer: Answer, *, grouped: bool = False) -> Balance:
    """The remaining credit (B-01). `grouped` decides an amount that can be read in two ways; see `Balance`.

    Raises Refused, TransportError or MalformedAnswer.
    """
    fields = dict(_query_answer(answer, "bakiye").leaves())
    printed = fields.get("miktar", "")
    amounts = read_amount(printed, grouped=grouped)
    if not amounts:
        raise MalformedAnswer("the balance has no readable amount", body=answer.body)
    amount, *others = amounts
    return Balance(amount, fields.get("kur", ""), printed=printed, other_amount=others[0] if others else None)


def _text(answer: Answer, error: Callable[[str], KobikomError]) -> str:
    """The text of a successful HTTP answer. `error` makes the error for a request that may have been
    processed.
    """
    if not answer.written:
        raise TransportError(f"no connection, nothing was sent{_problem(answer)}")
    if answer.status is None:
        raise error(f"no answer was received{_problem(answer)}")
    if 300 <= answer.status < 500:  # T-08: wrong path, method, size; redirects are not followed
        message = f"HTTP {answer.status}: the request was not processed"
        raise TransportError(message, http_status=answer.status, body=answer.body)
    if not 200 <= answer.status < 300:
        raise error(f"the answer was HTTP {answer.status}")
    return decode(answer.body, answer.content_type or "")


def _query_answer(answer: Answer, root: str) -> Document:
    """The complete document that answers a query for titles or balance."""

    def no_answer(reason: str) -> TransportError:
        return TransportError(reason, http_status=answer.status, body=answer.body)

    document = parse(_text(answer, no_answer))
    _raise_refusal(document, answer)
    if document.root != root or not document.closed:
        message = f"the answer is not a complete <{root}> document{_problem(answer)}"
        raise MalformedAnswer(message, body=answer.body)
    return document


def _problem(answer: Answer) -> str:
    return f" ({answer.problem})" if answer.problem else ""


def _raise_refusal(document: Document, answer: Answer) -> None:
    """Raise Refused for a `<results>` document with a code: any request may be refused with one (A-06)."""
    if document.root == "results" and document.closed:
        for raw in documents.results(document):
            if raw.code:
                raise refusal(raw.code, body=answer.body)
