"""What a client must report about sends whose answers are lost, cut, late or unreadable."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite import unreadable_pages as pages
from kobikom_contracts.client_suite.adapter_protocol import Capability, Kind, Send
from kobikom_contracts.client_suite.answers import Framing
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_results import expect_arrived
from kobikom_contracts.client_suite.http_values import Ending, Received, Reply
from kobikom_contracts.client_suite.scripts import Answer, SendAnswers, always
from kobikom_contracts.client_suite.session import RESEND_WINDOW, ClientSession
from kobikom_contracts.client_suite.written_requests import WrittenSend

_FATE = "a send of unknown fate"
_SERVER_ERRORS = ("500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout")
_NOT_PROCESSED = ("404 Not Found", "405 Method Not Allowed", "413 Content Too Large")


@dataclass(frozen=True, slots=True)
class LostAnswer:
    """A send whose answer is lost: the beginning of it that arrives, and how the connection ends."""

    call: Send
    beginning: bytes
    ending: Ending


def _lost_answers(session: ClientSession) -> st.SearchStrategy[LostAnswer]:
    beginnings = st.sampled_from((b"", b"H", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 177\r\n"))
    endings = st.sampled_from((Ending.CLOSE, Ending.RESET))
    return st.builds(LostAnswer, strategies.sends(session.capabilities), beginnings, endings)


def _lose_first_answer(session: ClientSession, case: LostAnswer) -> None:
    """The answer to the first send is lost; a second send would be answered."""
    send_answers, seen = SendAnswers(), []

    def lose(request: Received, send: WrittenSend) -> Reply:
        seen.append(send)
        if len(seen) == 1:
            return Reply(case.beginning, case.ending)
        return send_answers.plain(request, send)

    outcome = session.call(case.call, lose)
    if not session.clean:
        return  # sent again, it had an answer
    if session.failed(outcome, Kind.UNKNOWN_FATE, statement="K-19", what=_FATE):
        expect_arrived(session, send_answers, outcome)


@contract("K-19", needs=(Capability.SEND,))
def no_answer(session: ClientSession) -> None:
    """When the connection ends after the request was read, the fate is unknown."""
    session.for_all(_lost_answers(session), lambda case: _lose_first_answer(session, case))


@contract("K-22", needs=(Capability.SEND,))
def no_blind_send(session: ClientSession) -> None:
    """After a lost answer, or an error page, nothing is sent again, not even later."""

    def check(case: LostAnswer) -> None:
        _lose_first_answer(session, case)
        session.nothing_more(case.call, RESEND_WINDOW)

    session.for_all(_lost_answers(session), check, examples=3)
    for status in _SERVER_ERRORS:
        session.example()
        call = strategies.message()
        page = pages.UnreadablePage(status, answers.HTML_ERROR.encode())
        session.failed(session.call(call, _answer_with(page)), Kind.UNKNOWN_FATE, statement="K-21", what=_FATE)


@contract("K-20", needs=(Capability.SEND,))
def cut_answers(session: ClientSession) -> None:
    """An answer cut at any octet of its document, in any framing, leaves the fate unknown."""

    def check(drawn: tuple[Send, float, Framing]) -> None:
        call, share, framing = drawn
        send_answers = SendAnswers()

        def short(request: Received, send: WrittenSend) -> Reply:
            body = answers.send_answer(send_answers.results(send))
            whole = len(body) - len(b"</results>\n")
            if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                return answers.cut(request, body, int(whole * share), Framing.LENGTH, Ending.CLOSE)
            return answers.cut(request, body, int(whole * share), framing, Ending.CLOSE)

        session.failed(session.call(call, short), Kind.UNKNOWN_FATE, what=_FATE)

    session.for_all(
        st.tuples(strategies.sends(session.capabilities), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing)),
        check,
    )


@contract("K-20", needs=(Capability.SEND,))
def cut_after_a_result(session: ClientSession) -> None:
    """An answer cut between two results is not reported as the results that arrived."""
    for framing in Framing:
        for count in (1, 2):
            session.example()
            numbers = ("905329975725", "905329975726", "905329975737")[: count + 1]
            call = strategies.message(*numbers)
            send_answers = SendAnswers()

            def short(
                request: Received,
                send: WrittenSend,
                *,
                framing: Framing = framing,
                count: int = count,
                send_answers: SendAnswers = send_answers,
            ) -> Reply:
                body = answers.send_answer(send_answers.results(send))
                # A client that sends one number a request gets no answer with so many results: that is cut at its end.
                at = _after_result(body, min(count, len(send.recipients)))
                how = framing
                if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                    how = Framing.LENGTH
                return answers.cut(request, body, at, how, Ending.CLOSE)

            outcome = session.call(call, short)
            if session.failed(outcome, Kind.UNKNOWN_FATE, what=_FATE):
                expect_arrived(session, send_answers, outcome)


def _after_result(body: bytes, count: int) -> int:
    """Where the result of this number ends in the document."""
    end = b"</result>\n"
    return len(end.join(body.split(end)[:count]) + end)


@contract("K-21", needs=(Capability.SEND,))
def unreadable_answers(session: ClientSession) -> None:
    """HTML, other documents, nothing or random bytes instead of results: the fate is unknown."""

    def check(drawn: tuple[Send, pages.UnreadablePage]) -> None:
        call, page = drawn
        session.failed(session.call(call, _answer_with(page)), Kind.UNKNOWN_FATE, what=_FATE)

    unreadable = pages.unreadable_pages(statuses=("200 OK", *_SERVER_ERRORS))
    session.for_all(st.tuples(strategies.sends(session.capabilities), unreadable), check)


@contract("K-21", needs=(Capability.SEND,))
def unreadable_results(session: ClientSession) -> None:
    """A result without a readable status is neither success nor refusal."""
    call = strategies.message()
    for status in (b"<status></status>", b"<status>OK</status>", b"", b"<status>zero</status>"):
        session.example()

        def with_status(request: Received, send: WrittenSend, *, status: bytes = status) -> Reply:
            body = answers.send_answer(SendAnswers().results(send))
            return answers.carried(request, body.replace(b"<status>0</status>", status))

        session.failed(session.call(call, with_status), Kind.UNKNOWN_FATE, what=_FATE)


@contract("K-21", needs=(Capability.SEND,))
def not_processed(session: ClientSession) -> None:
    """A plain HTTP error (404, 405, 413) is a failure of some kind, never a success."""
    call = strategies.message()
    for status in _NOT_PROCESSED:
        session.example()
        outcome = session.call(call, _answer_with(pages.UnreadablePage(status, answers.HTML_ERROR.encode())))
        session.failed(outcome, Kind.TRANSPORT, Kind.UNKNOWN_FATE, Kind.MALFORMED, what=_FATE)


def _answer_with(page: pages.UnreadablePage) -> Answer:
    carriage = answers.Carriage(content_type=page.content_type)
    return always(page.body, carriage, status=page.status)
