"""Law: what a client makes of what its sends are answered, when the answer is whole."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Outcome, Send, Sent
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.scripted_server import Received, Reply
from kobikom_contracts.client_suite.scripts import SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.strategies import Settled
from kobikom_contracts.client_suite.written_requests import WrittenSend
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.reader import Result

Row = tuple[int, str, str | None]


def told(session: ClientSession, teller: SendAnswers) -> list[Row]:
    """What each recipient was told, as a client has to say it: in the order of the call."""
    rows = [(int(one.status), one.destination, one.message_id or None) for one in teller.sent]
    order = [to.gsm for to in session.asked.recipients] if isinstance(session.asked, Send) else []
    # A stable sort: the results of a number given twice stay as they came.
    return sorted(rows, key=lambda row: order.index(row[1]) if row[1] in order else len(order))


def said(outcome: Outcome) -> list[Row] | None:
    """What the client says each recipient was told; None when it says the send failed."""
    if not isinstance(outcome, Sent):
        return None
    return [(one.status, one.destination, one.message_id or None) for one in outcome.results]


def match(session: ClientSession, teller: SendAnswers, outcome: Outcome, *, clause: str | None = None) -> None:
    """The client says what it was told; a lone refusal may also be a refusal of the whole.

    Wrong order and a refusal taken for a success have clauses of their own, unless one is given.
    """
    found, expected = said(outcome), told(session, teller)
    if found is None:
        codes = {status for status, _, _ in expected}
        if len(codes) == 1 and 0 not in codes:
            session.failed(outcome, Kind.REFUSED, code=codes.pop(), clause=clause)
            return
        raise Violation(f"results {expected!r}", repr(outcome), clause=clause)
    refused = {row[1] for row in expected if row[0]}
    if sorted(expected, key=str) == sorted(found, key=str):
        session.expect(expected, found, "results in order", clause=clause or "K-13")
    elif any(row[0] == 0 and row[1] in refused for row in found) and not _swapped(expected, found):
        raise Violation(f"results {expected!r}", repr(found), clause=clause or "K-14")
    session.expect(expected, found, "results", clause=clause)


def _swapped(expected: list[Row], found: list[Row]) -> bool:
    """The right codes at the wrong recipients: a matter of matching, not of codes."""
    return sorted(row[0] for row in expected) == sorted(row[0] for row in found)


@contract("K-13", needs=(Capability.SEND,))
def results_in_order(session: ClientSession) -> None:
    """Each recipient's result is its own: status, message id, destination, in the order given."""

    def check(case: Settled) -> None:
        teller = SendAnswers(case.table)
        match(session, teller, session.call(case.call, teller.plain))

    session.for_all(strategies.settled(session.capabilities, st.sampled_from((0, 0, -13, -2))), check)


@contract("K-13", needs=(Capability.SEND,))
def results_by_destination(session: ClientSession) -> None:
    """Results that come in another order than the recipients still belong to their destinations."""

    def check(drawn: tuple[Settled, bool]) -> None:
        case, halves = drawn
        teller = SendAnswers(case.table)

        def mixed(results: Sequence[Result]) -> bytes:
            found = list(results)
            middle = len(found) // 2
            return answers.send_answer(found[middle:] + found[:middle] if halves else found[::-1])

        found = said(session.call(case.call, teller.by(mixed)))
        if found is None:
            return  # it noticed, and says that it can't tell: judged by K-18
        session.expect(sorted(told(session, teller), key=str), sorted(found, key=str), "results in any order")

    several = strategies.settled(session.capabilities, st.sampled_from((0, -13, -3)), least=2)
    session.for_all(st.tuples(several, st.booleans()), check)


@contract("K-14", needs=(Capability.SEND,))
def refusals_of_some(session: ClientSession) -> None:
    """Every code that a recipient can get is reported for it, and for it alone."""

    def check(case: Settled) -> None:
        teller = SendAnswers(case.table)
        match(session, teller, session.call(case.call, teller.plain))

    codes = st.sampled_from((0, *strategies.SINGLE))
    session.for_all(strategies.settled(session.capabilities, codes, least=2), check)


@contract("K-15", needs=(Capability.SEND,))
def refusals_of_all(session: ClientSession) -> None:
    """Every code, refusing a whole send in the single shape: refused, with that code."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        outcome = session.call(call, always(answers.refusal(code)))
        session.failed(outcome, Kind.REFUSED, code=code)

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.sampled_from(strategies.CODES)), check)


@contract("K-15", needs=(Capability.SEND,))
def refusals_of_each(session: ClientSession) -> None:
    """A whole send refused in the shape of one result a recipient is no success either."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        teller = SendAnswers({to.gsm: code for to in call.recipients})
        match(session, teller, session.call(call, teller.plain))

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.sampled_from(strategies.WHOLE)), check)


@contract("K-16", needs=(Capability.SEND,))
def however_carried(session: ClientSession) -> None:
    """By length, in chunks, up to the close, in pieces, kept alive, under any content type."""

    def check(drawn: tuple[Settled, answers.Carriage]) -> None:
        case, carriage = drawn
        teller = SendAnswers(case.table)
        match(session, teller, session.call(case.call, teller.by(answers.send_answer, carriage)))

    cases = strategies.settled(session.capabilities, st.sampled_from((0, 0, -13)))
    session.for_all(st.tuples(cases, strategies.carriages()), check)


@contract("K-17", needs=(Capability.SEND,))
def many_results(session: ClientSession) -> None:
    """A send to a thousand recipients is answered with a thousand results, and all are read."""
    session.example()
    numbers = [f"90532{n:07d}" for n in range(1000)]
    call = strategies.message(*numbers)
    teller = SendAnswers(dict.fromkeys(numbers[::7], -13))
    match(session, teller, session.call(call, teller.plain))


@contract("K-18", needs=(Capability.SEND,))
def a_result_missing(session: ClientSession) -> None:
    """An answer without the result of one recipient says nothing of that one's fate."""

    def check(drawn: tuple[Send, int]) -> None:
        call, which = drawn
        teller = SendAnswers()

        def without(request: Received, seen: WrittenSend) -> Reply:
            found = teller.results(seen)
            del found[which % len(found)]
            return answers.carried(request, answers.send_answer(found))

        session.failed(session.call(call, without), Kind.UNKNOWN_FATE)

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.integers(0, 3)), check)


@contract("K-25", needs=(Capability.SEND,))
def results_as_printed(session: ClientSession) -> None:
    """The page's own second example, not well-formed: read rightly, or called unknown fate."""
    read = []

    def check(case: Settled) -> None:
        teller = SendAnswers(case.table)
        outcome = session.call(case.call, teller.by(answers.send_answer_as_printed))
        if isinstance(outcome, Failed) and outcome.error.kind is Kind.UNKNOWN_FATE:
            read.append(False)
            return
        match(session, teller, outcome, clause="K-25")
        read.append(True)

    session.for_all(strategies.settled(session.capabilities, st.sampled_from((0, 0, -13)), least=2), check)
    session.readings["K-25"] = f"result-shape=as-printed: {'read' if all(read) else 'unknown fate'}"
