"""Law: what a client makes of sends whose answers are lost, cut, or none at all."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Call, Capability, Kind, Reports, Send, Sent
from kobikom_contracts.client_suite.answers import Framing
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.contracts.send_results import match
from kobikom_contracts.client_suite.scripted_server import Ending, Received, Reply, unused_url
from kobikom_contracts.client_suite.scripts import Answer, SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.written_requests import WrittenSend

_SETTLING = 0.15
_SERVER_ERRORS = ("500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout")
_NOT_PROCESSED = ("404 Not Found", "405 Method Not Allowed", "413 Content Too Large")


@dataclass(frozen=True, slots=True)
class Lost:
    """A send whose answer never comes: what little of it does, and how the connection ends."""

    call: Send
    beginning: bytes
    ending: Ending


def _lost(session: ClientSession) -> st.SearchStrategy[Lost]:
    beginnings = st.sampled_from((b"", b"H", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 177\r\n"))
    endings = st.sampled_from((Ending.CLOSE, Ending.RESET))
    return st.builds(Lost, strategies.sends(session.capabilities), beginnings, endings)


def _once(session: ClientSession, case: Lost) -> None:
    """The first send is lost; whatever follows is answered, so that a re-send would succeed."""
    teller, seen = SendAnswers(), []

    def lose(request: Received, send: WrittenSend) -> Reply:
        seen.append(send)
        if len(seen) == 1:
            return Reply(case.beginning, case.ending)
        return teller.plain(request, send)

    session.failed(session.call(case.call, lose), Kind.UNKNOWN_FATE, clause="K-19")


@contract("K-19", needs=(Capability.SEND,))
def no_answer(session: ClientSession) -> None:
    """The connection ends after the request was read, before an answer: unknown fate."""
    session.for_all(_lost(session), lambda case: _once(session, case))


@contract("K-22", needs=(Capability.SEND,))
def no_blind_send(session: ClientSession) -> None:
    """After a lost answer, or an error page, nothing is sent again, not even later on."""

    def check(case: Lost) -> None:
        _once(session, case)
        session.nothing_more(case.call, _SETTLING)

    session.for_all(_lost(session), check, examples=3)
    for status in _SERVER_ERRORS:
        session.example()
        call = strategies.message()
        page = strategies.Garbage(status, answers.HTML_ERROR.encode())
        session.failed(session.call(call, _with(page)), Kind.UNKNOWN_FATE, clause="K-21")


@contract("K-20", needs=(Capability.SEND,))
def cut_answers(session: ClientSession) -> None:
    """An answer cut at any octet of its document, in any framing, is unknown fate."""

    def check(drawn: tuple[Send, float, Framing]) -> None:
        call, share, framing = drawn
        teller = SendAnswers()

        def short(request: Received, seen: WrittenSend) -> Reply:
            body = answers.send_answer(teller.results(seen))
            whole = len(body) - len(b"</results>\n")
            if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                return answers.cut(request, body, int(whole * share), Framing.LENGTH, Ending.CLOSE)
            return answers.cut(request, body, int(whole * share), framing, Ending.CLOSE)

        session.failed(session.call(call, short), Kind.UNKNOWN_FATE)

    session.for_all(
        st.tuples(strategies.sends(session.capabilities), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing)),
        check,
    )


@contract("K-20", needs=(Capability.SEND,))
def cut_after_a_result(session: ClientSession) -> None:
    """An answer cut between two results doesn't pass for the results it does have."""
    for framing in Framing:
        for count in (1, 2):
            session.example()
            numbers = ("905329975725", "905329975726", "905329975737")[: count + 1]
            call = strategies.message(*numbers)

            def short(request: Received, seen: WrittenSend, *, framing: Framing = framing, count: int = count) -> Reply:
                body = answers.send_answer(SendAnswers().results(seen))
                end = b"</result>\n"
                at = len(end.join(body.split(end)[:count]) + end)
                if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                    return answers.cut(request, body, at, Framing.LENGTH, Ending.CLOSE)
                return answers.cut(request, body, at, framing, Ending.CLOSE)

            session.failed(session.call(call, short), Kind.UNKNOWN_FATE)


@contract("K-21", needs=(Capability.SEND,))
def unreadable_answers(session: ClientSession) -> None:
    """HTML, other documents, nothing or noise in place of results: unknown fate."""

    def check(drawn: tuple[Send, strategies.Garbage]) -> None:
        call, page = drawn
        session.failed(session.call(call, _with(page)), Kind.UNKNOWN_FATE)

    pages_ = strategies.garbage(statuses=("200 OK", *_SERVER_ERRORS))
    session.for_all(st.tuples(strategies.sends(session.capabilities), pages_), check)


@contract("K-21", needs=(Capability.SEND,))
def unreadable_results(session: ClientSession) -> None:
    """A result without a readable status is neither a success nor a refusal."""
    call = strategies.message()
    for status in (b"<status></status>", b"<status>OK</status>", b"", b"<status>zero</status>"):
        session.example()

        def spoil(request: Received, seen: WrittenSend, *, status: bytes = status) -> Reply:
            body = answers.send_answer(SendAnswers().results(seen))
            return answers.carried(request, body.replace(b"<status>0</status>", status))

        session.failed(session.call(call, spoil), Kind.UNKNOWN_FATE)


@contract("K-21", needs=(Capability.SEND,))
def not_processed(session: ClientSession) -> None:
    """A plain HTTP error (404, 405, 413) is a failure of some kind, never a success."""
    call = strategies.message()
    for status in _NOT_PROCESSED:
        session.example()
        outcome = session.call(call, _with(strategies.Garbage(status, answers.HTML_ERROR.encode())))
        session.failed(outcome, Kind.TRANSPORT, Kind.UNKNOWN_FATE, Kind.MALFORMED)


def _with(page: strategies.Garbage) -> Answer:
    carriage = answers.Carriage(content_type=page.content_type)
    return always(page.body, carriage, status=page.status)


@contract("K-23")
def no_connection(session: ClientSession) -> None:
    """Where nobody listens, every call fails as one of transport, for nothing went out."""
    for call in strategies.calls(session.capabilities):
        session.example()
        session.failed(session.call(call, url=unused_url()), Kind.TRANSPORT)


@contract("K-24", needs=(Capability.TIMEOUT,))
def silence(session: ClientSession) -> None:
    """A server that says nothing, or stops in its answer, is left when the time is up."""
    for beginning in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<?xml"):
        for call in (
            strategies.calls(session.capabilities) if not beginning else strategies.calls(session.capabilities)[:1]
        ):
            session.example()
            reply = Reply(beginning, Ending.SILENT)
            _given_up(session, call, reply)


@contract("K-24", needs=(Capability.TIMEOUT,))
def dripping(session: ClientSession) -> None:
    """A server that drips, so that every single read succeeds, is left when the time is up."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
    session.example()
    _given_up(session, strategies.calls(session.capabilities)[0], Reply(head, Ending.DRIP))


def _given_up(session: ClientSession, call: Call, reply: Reply) -> None:
    """That it answers at all is K-24's matter, what it answers another's."""
    outcome = session.call(call, lambda *_: reply, timeout=session.short_timeout)
    match call:
        case Send():
            session.failed(outcome, Kind.UNKNOWN_FATE, clause="K-19")
        case Reports():
            session.failed(outcome, Kind.UNKNOWN_FATE, Kind.MALFORMED, clause="K-30")
        case _:
            session.failed(outcome, Kind.TRANSPORT, Kind.MALFORMED, clause="K-37")


@contract("K-16", needs=(Capability.SEND, Capability.TIMEOUT))
def slow_but_in_time(session: ClientSession) -> None:
    """An answer that takes its time, but not all of it, is read."""
    session.example()
    call = strategies.message()
    teller = SendAnswers()
    carriage = answers.Carriage(pieces=(1, 2, 3, 4, 5, 6, 7))
    outcome = session.call(call, teller.by(answers.send_answer, carriage), timeout=session.short_timeout * 10)
    if isinstance(outcome, Sent):
        match(session, teller, outcome)
    else:
        session.failed(outcome)
