"""Contracts of T-10: of which elements an answer is, and how they are laid out."""

from __future__ import annotations

from kobikom_contracts import documents, reader, strict_reader
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.http_connection import HttpAnswer
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession


@contract("T-10.1", "T-10.6", credit=20)
def send_answer_bytes(session: ServerSession) -> None:
    """Send answers of 1 to 4 recipients have the printed elements in one of the known layouts."""
    for count in session.some((2, 1, 3, 4)):
        session.example()
        answer = session.submit(session.message(count))
        session.expect(count, len(answer.results), "results", statement="S-01.1")
        if not _as_printed(session, answer.http):
            _laid_out(session, answer.http, document="T-10.1")


def _as_printed(session: ServerSession, http: HttpAnswer) -> bool:
    """Whether an answer has the layout of the page's second example, which E judges.

    One result looks there as it does in lines: an answer of several decides.
    """
    if len(reader.results(http.text)) > 1:
        as_printed = "<status><" in http.text
        session.decide("result-shape", as_printed, {"well-formed": False, "as-printed": True})
        return as_printed
    return reader.is_as_printed(http.body) and session.reading("result-shape") != "well-formed"


def _laid_out(session: ServerSession, http: HttpAnswer, *, document: str) -> None:
    """``document``: the statement that says of which elements the answer is."""
    broken = strict_reader.shape_faults("send", http.body)
    shown = f"{'; '.join(broken)}: {http.text!r}"
    session.require(not broken, "the printed elements in well-formed XML", shown, statement=document)
    _decide_layout(session, reader.layout_of_send(http.body), http)


def _decide_layout(session: ServerSession, layout: str | None, http: HttpAnswer) -> None:
    if layout is None:
        wanted = "one element a line with LF and none at the end, or the ancestor's layout"
        raise Violation(wanted, repr(http.text), statement="T-10.6")
    session.decide("answer-layout", layout, {"lines": "lines", "compact": "compact"})


@contract("T-10.6", wrong_logins=1)
def refusal_layout(session: ServerSession) -> None:
    """A refusal is laid out like the answer to a send."""
    http = session.post(documents.query("bakiye", session.user, session.password + "x"))
    if not _as_printed(session, http):
        _laid_out(session, http, document="A-05.1")


@contract("T-10.6")
def query_layout(session: ServerSession) -> None:
    """Title and balance answers are indented as printed, or on one line, like the answers to sends."""
    for http in (session.ask_titles(), session.ask_balance()):
        session.example()
        _decide_layout(session, reader.layout_of_query(http.body), http)
