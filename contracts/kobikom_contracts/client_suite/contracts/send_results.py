"""What a client must report about the complete answers to its sends."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Outcome, Send, Sent
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.http_values import Received, Reply
from kobikom_contracts.client_suite.scripts import SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.strategies import SendWithCodes
from kobikom_contracts.client_suite.written_requests import WrittenSend
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.reader import Result

Row = tuple[int, str, str | None]


def results_sent(session: ClientSession, send_answers: SendAnswers) -> list[Row]:
    """The results that the server sent, as the client must report them: in the order of the call."""
    rows = [(int(one.status), one.destination, one.message_id or None) for one in send_answers.sent]
    order = [to.gsm for to in session.asked.recipients] if isinstance(session.asked, Send) else []
    # A stable sort: the results of a number given twice keep the order in which they were sent.
    return sorted(rows, key=lambda row: order.index(row[1]) if row[1] in order else len(order))


def results_reported(outcome: Outcome) -> list[Row] | None:
    """The results that the client reports; None when it reports that the send failed."""
    if not isinstance(outcome, Sent):
        return None
    return [(one.status, one.destination, one.message_id or None) for one in outcome.results]


def expect_results(
    session: ClientSession, send_answers: SendAnswers, outcome: Outcome, *, statement: str | None = None
) -> None:
    """The client reports the results that were sent; where all are one refusal, also a refused send.

    Wrong order (K-13) and a refusal reported as success (K-14) have their own clauses, unless ``clause``
    is given.
    """
    reported, expected = results_reported(outcome), results_sent(session, send_answers)
    if reported is None:
        codes = {status for status, _, _ in expected}
        if len(codes) == 1 and 0 not in codes:
            session.failed(outcome, Kind.REFUSED, code=codes.pop(), statement=statement)
            return
        raise Violation(f"results {expected!r}", repr(outcome), statement=statement)
    refused = {row[1] for row in expected if row[0]}
    if sorted(expected, key=str) == sorted(reported, key=str):
        session.expect(expected, reported, "results in order", statement=statement or "K-13")
    elif any(row[0] == 0 and row[1] in refused for row in reported) and not _swapped(expected, reported):
        raise Violation(f"results {expected!r}", repr(reported), statement=statement or "K-14")
    session.expect(expected, reported, "results", statement=statement)


def _swapped(expected: list[Row], reported: list[Row]) -> bool:
    """True when the codes are right but belong to other recipients."""
    return sorted(row[0] for row in expected) == sorted(row[0] for row in reported)


@contract("K-13", needs=(Capability.SEND,))
def results_in_order(session: ClientSession) -> None:
    """Each recipient's result is its own: status, message id, destination, in the order given."""

    def check(sending: SendWithCodes) -> None:
        send_answers = SendAnswers(sending.table)
        expect_results(session, send_answers, session.call(sending.call, send_answers.plain))

    session.for_all(strategies.sends_with_codes(session.capabilities, st.sampled_from((0, 0, -13, -2))), check)


@contract("K-13", needs=(Capability.SEND,))
def results_by_destination(session: ClientSession) -> None:
    """Results in another order than the recipients still belong to their destinations."""

    def check(drawn: tuple[SendWithCodes, bool]) -> None:
        sending, halves = drawn
        send_answers = SendAnswers(sending.table)

        def mixed(results: Sequence[Result]) -> bytes:
            rows = list(results)
            middle = len(rows) // 2
            return answers.send_answer(rows[middle:] + rows[:middle] if halves else rows[::-1])

        reported = results_reported(session.call(sending.call, send_answers.by(mixed)))
        if reported is None:
            return  # it reports an unknown fate: judged by K-18
        session.expect(
            sorted(results_sent(session, send_answers), key=str), sorted(reported, key=str), "results in any order"
        )

    several = strategies.sends_with_codes(session.capabilities, st.sampled_from((0, -13, -3)), least=2)
    session.for_all(st.tuples(several, st.booleans()), check)


@contract("K-14", needs=(Capability.SEND,))
def refusals_of_some(session: ClientSession) -> None:
    """Every code that a recipient can get is reported for that recipient only."""

    def check(sending: SendWithCodes) -> None:
        send_answers = SendAnswers(sending.table)
        expect_results(session, send_answers, session.call(sending.call, send_answers.plain))

    codes = st.sampled_from((0, *strategies.SINGLE))
    session.for_all(strategies.sends_with_codes(session.capabilities, codes, least=2), check)


@contract("K-15", needs=(Capability.SEND,))
def refusals_of_all(session: ClientSession) -> None:
    """A whole send refused by one result: reported as refused, with each code."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        outcome = session.call(call, always(answers.refusal(code)))
        session.failed(outcome, Kind.REFUSED, code=code)

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.sampled_from(strategies.CODES)), check)


@contract("K-15", needs=(Capability.SEND,))
def refusals_of_each(session: ClientSession) -> None:
    """A whole send refused by one result a recipient is not a success either."""

    def check(drawn: tuple[Send, int]) -> None:
        call, code = drawn
        send_answers = SendAnswers({to.gsm: code for to in call.recipients})
        expect_results(session, send_answers, session.call(call, send_answers.plain))

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.sampled_from(strategies.WHOLE)), check)


@contract("K-16", needs=(Capability.SEND,))
def any_framing(session: ClientSession) -> None:
    """By length, in chunks, up to the close, in pieces, on a kept connection, under any content type."""

    def check(drawn: tuple[SendWithCodes, answers.Carriage]) -> None:
        sending, carriage = drawn
        send_answers = SendAnswers(sending.table)
        expect_results(
            session, send_answers, session.call(sending.call, send_answers.by(answers.send_answer, carriage))
        )

    cases = strategies.sends_with_codes(session.capabilities, st.sampled_from((0, 0, -13)))
    session.for_all(st.tuples(cases, strategies.carriages()), check)


@contract("K-17", needs=(Capability.SEND,))
def many_results(session: ClientSession) -> None:
    """A thousand results in one answer are all read."""
    session.example()
    numbers = [f"90532{n:07d}" for n in range(1000)]
    call = strategies.message(*numbers)
    send_answers = SendAnswers(dict.fromkeys(numbers[::7], -13))
    expect_results(session, send_answers, session.call(call, send_answers.plain))


@contract("K-18", needs=(Capability.SEND,))
def a_result_missing(session: ClientSession) -> None:
    """After an answer without the result of one recipient the fate of the send is unknown."""

    def check(drawn: tuple[Send, int]) -> None:
        call, which = drawn
        send_answers = SendAnswers()

        def without(request: Received, send: WrittenSend) -> Reply:
            results = send_answers.results(send)
            kept = [one for place, one in enumerate(results) if place != which % len(results)]
            return answers.carried(request, answers.send_answer(kept))

        session.failed(session.call(call, without), Kind.UNKNOWN_FATE)

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.integers(0, 3)), check)


@contract("K-25", needs=(Capability.SEND,))
def results_as_printed(session: ClientSession) -> None:
    """The page's own second example, not well-formed: read correctly, or reported as unknown fate."""
    read = []

    def check(sending: SendWithCodes) -> None:
        send_answers = SendAnswers(sending.table)
        outcome = session.call(sending.call, send_answers.by(answers.send_answer_as_printed))
        if isinstance(outcome, Failed) and outcome.error.kind is Kind.UNKNOWN_FATE:
            read.append(False)
            return
        expect_results(session, send_answers, outcome, statement="K-25")
        read.append(True)

    session.for_all(strategies.sends_with_codes(session.capabilities, st.sampled_from((0, 0, -13)), least=2), check)
    session.readings["K-25"] = f"result-shape=as-printed: {'read' if all(read) else 'unknown fate'}"
