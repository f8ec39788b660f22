"""Read: answer bytes to values. Pure; whatever the bytes are, each reader returns its type or
raises one error of the tree. The rule throughout: the document's own end is the proof that it is
whole, not HTTP's framing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from kobikom_client.errors import (
    KobikomError,
    LostReports,
    MalformedAnswer,
    TransportError,
    UnknownFate,
    refusal,
)
from kobikom_client.values import (
    Balance,
    Code,
    Progress,
    Recipient,
    Report,
    Result,
    Titles,
    as_code,
)

from . import documents
from .markup import Document, decode, parse

_PULL_REFUSAL: Final = re.compile(r"-?(5|10|11)")  # R-07, both readings
_AMOUNT: Final = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30})?")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a request. `status` is None when no HTTP answer began; `problem` says why the
    exchange ended early; `written` is False only when it is certain that not a byte of the request
    went out.
    """

    status: int | None
    body: bytes = field(default=b"", repr=False)
    content_type: str | None = ""
    problem: str | None = None
    written: bool = True


def read_send(answer: Answer, recipients: Sequence[Recipient]) -> tuple[Result, ...]:
    """One result a recipient, in their order. Raises Refused, TransportError or UnknownFate,
    `progress` set.
    """

    def lost(why: str, found: Sequence[Result | None] = ()) -> UnknownFate:
        found = found or [None] * len(recipients)
        answered = tuple(result for result in found if result)
        unknown = tuple(each for each, result in zip(recipients, found, strict=True) if not result)
        return UnknownFate(
            f"the send was written, but {why}; do not repeat it blindly",
            progress=Progress(answered, unknown),
            http_status=answer.status,
            body=answer.body,
        )

    try:
        document = parse(_text(answer, lost))
    except TransportError as error:
        error.progress = Progress(untried=tuple(recipients))
        raise
    if document.root != "results":
        raise lost("its answer is no <results> document")
    raw = tuple(documents.results(document))
    if document.closed and len(raw) == 1 and (code := raw[0].code) and not raw[0].destination:
        refused = tuple(Result(recipient, code) for recipient in recipients)
        raise refusal(code, progress=Progress(refused), body=answer.body)
    found = documents.matched(raw, recipients)
    results = tuple(result for result in found if result)
    if not document.closed:
        raise lost(f"its answer was cut{_because(answer)}", found)
    if len(results) < len(recipients):
        raise lost(f"its answer covers {len(results)} of {len(recipients)} recipients", found)
    codes = {result.code for result in results}
    if len(codes) == 1 and isinstance(code := codes.pop(), Code) and code.whole_request:
        raise refusal(code, progress=Progress(results), body=answer.body)
    return results


def read_reports(answer: Answer) -> tuple[Report, ...]:
    """The reports pulled, maybe none. Raises Refused, TransportError or LostReports."""

    def lost(why: str, reports: tuple[Report, ...] = ()) -> LostReports:
        why = f"the pull was written, but {why}; {len(reports)} reports could be read"
        return LostReports(why, reports=reports, http_status=answer.status, body=answer.body)

    text = _text(answer, lost).strip()
    if text == "NO_DATA":
        return ()
    if bare := _PULL_REFUSAL.fullmatch(text):
        raise refusal(as_code(-int(bare[1])), body=answer.body)
    document = parse(text)
    _raise_refusal(document, answer)
    if document.root != "deliveryreport":
        raise lost("its answer is no <DeliveryReport> document")
    reports, whole = documents.reports(document)
    if not whole or (answer.problem and not document.closed):
        raise lost(f"its answer is cut or partly unreadable{_because(answer)}", reports)
    return reports


def read_push(body: bytes, content_type: str | None = "") -> tuple[Report, ...]:
    """The reports in a pushed body. Raises MalformedAnswer, with what could be read."""
    document = parse(decode(body, content_type or ""))
    if document.root != "deliveryreport":
        raise MalformedAnswer("the pushed body is no <DeliveryReport> document", body=body)
    reports, whole = documents.reports(document)
    if not whole:
        raise MalformedAnswer("the pushed report is cut or unreadable", reports=reports, body=body)
    return reports


def read_titles(answer: Answer) -> Titles:
    """The account's titles. Raises Refused, TransportError or MalformedAnswer."""
    groups: dict[str, tuple[str, ...]] = {}
    pending: list[str] = []
    for name, text in _asked(answer, "basliklar").leaves():
        if name == "baslik" and text:
            pending.append(text)
        elif name in ("normal", "sayisal"):
            groups[name] = groups.get(name, ()) + tuple(pending)
            pending = []
    if pending:
        raise MalformedAnswer("a title stands outside its group", body=answer.body)
    return Titles(groups.get("normal", ()), groups.get("sayisal", ()))


def read_balance(answer: Answer) -> Balance:
    """The credit left. Raises Refused, TransportError or MalformedAnswer."""
    fields = dict(_asked(answer, "bakiye").leaves())
    amount = fields.get("miktar", "")
    if not _AMOUNT.fullmatch(amount):
        raise MalformedAnswer("the balance has no readable amount", body=answer.body)
    return Balance(Decimal(amount), fields.get("kur", ""))


def _text(answer: Answer, lost: Callable[[str], KobikomError]) -> str:
    """The text of an answer worth reading; `lost` makes the error for a request that may have had
    effect.
    """
    if not answer.written:
        raise TransportError(f"no connection, nothing went out{_because(answer)}")
    if answer.status is None:
        raise lost(f"no answer came{_because(answer)}")
    if 300 <= answer.status < 500:  # T-08: wrong path, method, size; redirects are not followed
        why = f"HTTP {answer.status}: the request was not processed"
        raise TransportError(why, http_status=answer.status, body=answer.body)
    if not 200 <= answer.status < 300:
        raise lost(f"the answer was HTTP {answer.status}")
    return decode(answer.body, answer.content_type or "")


def _asked(answer: Answer, root: str) -> Document:
    """The whole document a question was answered with."""

    def unanswered(why: str) -> TransportError:
        return TransportError(why, http_status=answer.status, body=answer.body)

    document = parse(_text(answer, unanswered))
    _raise_refusal(document, answer)
    if document.root != root or not document.closed:
        why = f"the answer is no whole <{root}> document{_because(answer)}"
        raise MalformedAnswer(why, body=answer.body)
    return document


def _because(answer: Answer) -> str:
    return f" ({answer.problem})" if answer.problem else ""


def _raise_refusal(document: Document, answer: Answer) -> None:
    """Refusals of anything come as a send answer (A-06)."""
    if document.root == "results" and document.closed:
        for raw in documents.results(document):
            if raw.code:
                raise refusal(raw.code, body=answer.body)
