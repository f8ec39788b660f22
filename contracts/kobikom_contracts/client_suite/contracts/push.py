"""What a client's receiver of pushed reports must do. A push that is not acknowledged comes again, then is lost."""

from __future__ import annotations

import time
from dataclasses import replace

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Pulled, Push, PushedReports, Receiving
from kobikom_contracts.client_suite.adapter_protocol import Report as HandedOut
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_reports import expect_reports
from kobikom_contracts.client_suite.pushing import ACKNOWLEDGED, Unreceived, push
from kobikom_contracts.client_suite.scripts import SendAnswers
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.reader import Report

_PUSH = (Capability.PUSH,)
_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")
_ARRIVAL = 2.0
"""Seconds in which an acknowledged report must have reached the caller."""
_POLL = 0.01


@contract("K-42", needs=_PUSH)
def pushed_reports_arrive(session: ClientSession) -> None:
    """The reports of one push reach the caller, with and without the closing tag."""
    url = _receiver(session)

    def check(drawn: tuple[tuple[Report, ...], bool]) -> None:
        reports, closed = drawn
        known = [
            replace(report, id=ident) for report, ident in zip(reports, _sent(session, len(reports)), strict=False)
        ]
        _push(session, url, answers.report_document(known, closed=closed))
        expect_reports(session, known, _pushed(session, known))

    session.for_all(st.tuples(strategies.batches(most=3), st.booleans()), check, examples=20)


@contract("K-43", needs=_PUSH)
def pushes_are_acknowledged(session: ClientSession) -> None:
    """A push that comes twice, one of an unknown message, and one after garbage are acknowledged."""
    url = _receiver(session)
    session.example()
    known = [Report(ident, *_WHEN, "DELIVERED", "0") for ident in _sent(session, 1)]
    for _ in range(2):
        _push(session, url, answers.report_document(known))
    arrived = _pushed(session, known)
    if not arrived.reports:
        session.blame(Violation("the report, once or twice", "none", statement="K-42", cause="every report is dropped"))
    session.example()
    _push(session, url, answers.report_document([Report("9" * 18, *_WHEN, "DELIVERED", "0")]))
    session.example()
    _push(session, url, b"<DeliveryReport><message id=", judged=False)
    _push(session, url, answers.report_document(known))


def _receiver(session: ClientSession) -> str:
    receiving = session.ask(Push(strategies.USER, strategies.PASSWORD))
    if not isinstance(receiving, Receiving):
        raise Violation("the address of the receiver", session.lines[-1][1], statement="K-43")
    return receiving.url


def _sent(session: ClientSession, count: int) -> list[str]:
    """Ids of messages that the client knows, because it has just sent them; any ids of a client that does not send."""
    idents = [f"order-{number}" for number in range(count)]
    if Capability.SEND not in session.capabilities:
        return idents
    send_answers = SendAnswers()
    for number in range(count):
        session.call(strategies.message(f"9053299757{number:02d}"), send_answers.plain)
    # A client that gives two messages one id (K-10) can only know one report of it.
    return list(dict.fromkeys(one.message_id for one in send_answers.sent))[:count] or idents


def _push(session: ClientSession, url: str, body: bytes, *, judged: bool = True) -> None:
    try:
        status, exchange = push(url, body, session.patience)
    except Unreceived as error:
        if judged:
            session.blame(Violation("an answer to a push", error, statement="K-43", cause="a push is not answered"))
        return
    session.exchanges.append(exchange)
    if judged and status not in ACKNOWLEDGED:
        session.blame(Violation("2xx for a push", f"HTTP {status}", statement="K-43", cause="a push is refused"))


def _pushed(session: ClientSession, known: list[Report]) -> Pulled:
    """What reached the caller of these reports, each once."""
    idents = {report.id for report in known}
    arrived: dict[str, HandedOut] = {}
    deadline = time.monotonic() + _ARRIVAL
    while True:
        pulled = session.ask(PushedReports())
        if isinstance(pulled, Pulled):
            arrived |= {report.id: report for report in pulled.reports if report.id in idents}
        if len(arrived) == len(idents) or time.monotonic() > deadline:
            return Pulled(tuple(arrived.values()))
        time.sleep(_POLL)  # the receiver may be another process, so there is no event to wait for
