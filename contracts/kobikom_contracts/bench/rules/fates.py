"""Law: what a client makes of sends whose answers are lost, cut, or none at all."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from kobikom_contracts.bench import draws, pages
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.pages import Framing
from kobikom_contracts.bench.protocol import Call, Capability, Kind, Reports, Send, Sent
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.rules.results import match
from kobikom_contracts.bench.seen import SeenSend
from kobikom_contracts.bench.server import Ending, Received, Reply, free_url
from kobikom_contracts.bench.telling import Answer, Teller, saying

_SETTLING = 0.15
_SERVER_ERRORS = ("500 Internal Server Error", "502 Bad Gateway", "504 Gateway Timeout")
_NOT_PROCESSED = ("404 Not Found", "405 Method Not Allowed", "413 Content Too Large")


@dataclass(frozen=True, slots=True)
class Lost:
    """A send whose answer never comes: what little of it does, and how the connection ends."""

    call: Send
    beginning: bytes
    ending: Ending


def _lost(desk: Desk) -> st.SearchStrategy[Lost]:
    beginnings = st.sampled_from((b"", b"H", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 177\r\n"))
    endings = st.sampled_from((Ending.CLOSE, Ending.RESET))
    return st.builds(Lost, draws.sends(desk.able), beginnings, endings)


def _once(desk: Desk, case: Lost) -> None:
    """The first send is lost; whatever follows is answered, so that a re-send would succeed."""
    teller, seen = Teller(), []

    def lose(request: Received, send: SeenSend) -> Reply:
        seen.append(send)
        if len(seen) == 1:
            return Reply(case.beginning, case.ending)
        return teller.plain(request, send)

    desk.failed(desk.call(case.call, lose), Kind.UNKNOWN_FATE, clause="K-19")


@rule("K-19", needs=(Capability.SEND,))
def no_answer(desk: Desk) -> None:
    """The connection ends after the request was read, before an answer: unknown fate."""
    desk.forall(_lost(desk), lambda case: _once(desk, case))


@rule("K-22", needs=(Capability.SEND,))
def no_blind_send(desk: Desk) -> None:
    """After a lost answer, or an error page, nothing is sent again, not even later on."""

    def check(case: Lost) -> None:
        _once(desk, case)
        desk.nothing_more(case.call, _SETTLING)

    desk.forall(_lost(desk), check, examples=3)
    for status in _SERVER_ERRORS:
        desk.example()
        call = draws.message()
        page = draws.Garbage(status, pages.HTML_ERROR.encode())
        desk.failed(desk.call(call, _with(page)), Kind.UNKNOWN_FATE, clause="K-21")


@rule("K-20", needs=(Capability.SEND,))
def cut_answers(desk: Desk) -> None:
    """An answer cut at any octet of its document, in any framing, is unknown fate."""

    def check(drawn: tuple[Send, float, Framing]) -> None:
        call, share, framing = drawn
        teller = Teller()

        def short(request: Received, seen: SeenSend) -> Reply:
            body = pages.send_answer(teller.settle(seen))
            whole = len(body) - len(b"</results>\n")
            if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                return pages.cut(request, body, int(whole * share), Framing.LENGTH, Ending.CLOSE)
            return pages.cut(request, body, int(whole * share), framing, Ending.CLOSE)

        desk.failed(desk.call(call, short), Kind.UNKNOWN_FATE)

    desk.forall(
        st.tuples(draws.sends(desk.able), st.floats(0, 1, exclude_max=True), st.sampled_from(Framing)),
        check,
    )


@rule("K-20", needs=(Capability.SEND,))
def cut_after_a_result(desk: Desk) -> None:
    """An answer cut between two results doesn't pass for the results it does have."""
    for framing in Framing:
        for count in (1, 2):
            desk.example()
            numbers = ("905329975725", "905329975726", "905329975737")[: count + 1]
            call = draws.message(*numbers)

            def short(request: Received, seen: SeenSend, *, framing: Framing = framing, count: int = count) -> Reply:
                body = pages.send_answer(Teller().settle(seen))
                end = b"</result>\n"
                at = len(end.join(body.split(end)[:count]) + end)
                if request.version == "HTTP/1.0" and framing is Framing.CHUNKED:
                    return pages.cut(request, body, at, Framing.LENGTH, Ending.CLOSE)
                return pages.cut(request, body, at, framing, Ending.CLOSE)

            desk.failed(desk.call(call, short), Kind.UNKNOWN_FATE)


@rule("K-21", needs=(Capability.SEND,))
def unreadable_answers(desk: Desk) -> None:
    """HTML, other documents, nothing or noise in place of results: unknown fate."""

    def check(drawn: tuple[Send, draws.Garbage]) -> None:
        call, page = drawn
        desk.failed(desk.call(call, _with(page)), Kind.UNKNOWN_FATE)

    pages_ = draws.garbage(statuses=("200 OK", *_SERVER_ERRORS))
    desk.forall(st.tuples(draws.sends(desk.able), pages_), check)


@rule("K-21", needs=(Capability.SEND,))
def unreadable_results(desk: Desk) -> None:
    """A result without a readable status is neither a success nor a refusal."""
    call = draws.message()
    for status in (b"<status></status>", b"<status>OK</status>", b"", b"<status>zero</status>"):
        desk.example()

        def spoil(request: Received, seen: SeenSend, *, status: bytes = status) -> Reply:
            body = pages.send_answer(Teller().settle(seen))
            return pages.carried(request, body.replace(b"<status>0</status>", status))

        desk.failed(desk.call(call, spoil), Kind.UNKNOWN_FATE)


@rule("K-21", needs=(Capability.SEND,))
def not_processed(desk: Desk) -> None:
    """A plain HTTP error (404, 405, 413) is a failure of some kind, never a success."""
    call = draws.message()
    for status in _NOT_PROCESSED:
        desk.example()
        outcome = desk.call(call, _with(draws.Garbage(status, pages.HTML_ERROR.encode())))
        desk.failed(outcome, Kind.TRANSPORT, Kind.UNKNOWN_FATE, Kind.MALFORMED)


def _with(page: draws.Garbage) -> Answer:
    carriage = pages.Carriage(content_type=page.content_type)
    return saying(page.body, carriage, status=page.status)


@rule("K-23")
def no_connection(desk: Desk) -> None:
    """Where nobody listens, every call fails as one of transport, for nothing went out."""
    for call in draws.calls(desk.able):
        desk.example()
        desk.failed(desk.call(call, url=free_url()), Kind.TRANSPORT)


@rule("K-24", needs=(Capability.TIMEOUT,))
def silence(desk: Desk) -> None:
    """A server that says nothing, or stops in its answer, is left when the time is up."""
    for beginning in (b"", b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<?xml"):
        for call in draws.calls(desk.able) if not beginning else draws.calls(desk.able)[:1]:
            desk.example()
            reply = Reply(beginning, Ending.SILENT)
            _given_up(desk, call, reply)


@rule("K-24", needs=(Capability.TIMEOUT,))
def dripping(desk: Desk) -> None:
    """A server that drips, so that every single read succeeds, is left when the time is up."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\nContent-Length: 1000000\r\n\r\n"
    desk.example()
    _given_up(desk, draws.calls(desk.able)[0], Reply(head, Ending.DRIP))


def _given_up(desk: Desk, call: Call, reply: Reply) -> None:
    """That it answers at all is K-24's matter, what it answers another's."""
    outcome = desk.call(call, lambda *_: reply, wait=desk.brief)
    match call:
        case Send():
            desk.failed(outcome, Kind.UNKNOWN_FATE, clause="K-19")
        case Reports():
            desk.failed(outcome, Kind.UNKNOWN_FATE, Kind.MALFORMED, clause="K-30")
        case _:
            desk.failed(outcome, Kind.TRANSPORT, Kind.MALFORMED, clause="K-37")


@rule("K-16", needs=(Capability.SEND, Capability.TIMEOUT))
def slow_but_in_time(desk: Desk) -> None:
    """An answer that takes its time, but not all of it, is read."""
    desk.example()
    call = draws.message()
    teller = Teller()
    carriage = pages.Carriage(pieces=(1, 2, 3, 4, 5, 6, 7))
    outcome = desk.call(call, teller.by(pages.send_answer, carriage), wait=desk.brief * 10)
    if isinstance(outcome, Sent):
        match(desk, teller, outcome)
    else:
        desk.failed(outcome)
