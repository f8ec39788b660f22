"""How long a client waits: for a connection, for an answer, for the rest of it."""

from __future__ import annotations

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Call, Capability, Kind, Reports, Send, Sent
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_results import expect_results
from kobikom_contracts.client_suite.http_values import Ending, Reply
from kobikom_contracts.client_suite.scripted_server import unused_url
from kobikom_contracts.client_suite.scripts import SendAnswers
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.core.verdicts import NotCheckable, Violation


@contract("K-23")
def no_connection(session: ClientSession) -> None:
    """Where nothing listens, every call fails with `transport`, because nothing was sent."""
    for call in strategies.calls(session.capabilities):
        session.example()
        session.failed(session.call(call, url=unused_url()), Kind.TRANSPORT)


@contract("K-24", "K-39", needs=(Capability.TIMEOUT,))
def silence(session: ClientSession) -> None:
    """A server that sends nothing, or stops in its answer, is given up when the timeout is over."""
    for beginning in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<?xml"):
        for call in (
            strategies.calls(session.capabilities) if not beginning else strategies.calls(session.capabilities)[:1]
        ):
            session.example()
            reply = Reply(beginning, Ending.SILENT)
            _expect_timeout(session, call, reply)


@contract("K-24", needs=(Capability.TIMEOUT,))
def dripping(session: ClientSession) -> None:
    """A server that sends a byte at a time, so that every read succeeds, is given up when the timeout is over."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
    session.example()
    _expect_timeout(session, strategies.calls(session.capabilities)[0], Reply(head, Ending.DRIP))


def _expect_timeout(session: ClientSession, call: Call, reply: Reply) -> None:
    """That the call ends is K-24; what it reports belongs to the clauses named here."""
    outcome = session.call(call, lambda *_: reply, timeout=session.short_timeout)
    match call:
        case Send():
            session.failed(outcome, Kind.UNKNOWN_FATE, statement="K-19", what="a send of unknown fate")
        case Reports():
            what = "a pull whose answer is lost"
            session.failed(outcome, Kind.UNKNOWN_FATE, Kind.MALFORMED, statement="K-30", what=what)
        case _:
            what = "a query without a readable answer"
            session.failed(outcome, Kind.TRANSPORT, Kind.MALFORMED, statement="K-37", what=what)


@contract("K-16", needs=(Capability.SEND, Capability.TIMEOUT))
def slow_but_in_time(session: ClientSession) -> None:
    """A slow answer that ends before the timeout is read."""
    session.example()
    call = strategies.message()
    send_answers = SendAnswers()
    carriage = answers.Carriage(pieces=(1, 2, 3, 4, 5, 6, 7))
    outcome = session.call(call, send_answers.by(answers.send_answer, carriage), timeout=session.short_timeout * 10)
    if isinstance(outcome, Sent):
        expect_results(session, send_answers, outcome, own=True)
    else:
        session.failed(outcome)


@contract("K-39")
def silence_without_a_timeout(session: ClientSession) -> None:
    """Where nothing is answered at all, a call ends although the caller gave it no timeout."""
    if Capability.TIMEOUT in session.capabilities:
        return  # judged with the timeout that it is given
    if not session.silent_calls:
        raise NotCheckable("there is only one of the adapter, which cannot wait while the others are judged")
    for silent in session.silent_calls:
        session.example()
        silent.wait()
        session.exchanges += silent.wire
        session.lines.append(silent.lines)
        if silent.gave_up_after is None:
            operation = type(silent.call).__name__.lower()
            session.blame(
                Violation(
                    "the end of a call that is not answered",
                    f"{operation}: did not give up in {silent.seconds:g} s",
                    statement="K-39",
                    cause="a call does not end: open and silent",
                )
            )
