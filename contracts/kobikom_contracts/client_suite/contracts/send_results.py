"""What a client must report about the complete answers to its sends."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, hard_values, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Send
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.expected_results import (
    expect_arrived,
    expect_refusal,
    expect_results,
    results_reported,
    results_sent,
)
from kobikom_contracts.client_suite.http_values import Received, Reply
from kobikom_contracts.client_suite.scripts import SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.client_suite.strategies import SendWithCodes
from kobikom_contracts.client_suite.written_requests import WrittenSend
from kobikom_contracts.reader import Result


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

        reported = results_reported(session, session.call(sending.call, send_answers.by(mixed)))
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
        expect_refusal(session, outcome, code, what="a send refused as a whole")

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
        outcome = session.call(sending.call, send_answers.by(answers.send_answer, carriage))
        expect_results(session, send_answers, outcome, own=True)

    cases = strategies.sends_with_codes(session.capabilities, st.sampled_from((0, 0, -13)))
    session.for_all(st.tuples(cases, strategies.carriages()), check)


@contract("K-17", needs=(Capability.SEND,))
def many_results(session: ClientSession) -> None:
    """A thousand results in one answer are all read, unless the client makes a request for each number."""
    session.example()
    session.call(strategies.message("905329975725", "905329975726"))
    numbers = [f"90532{n:07d}" for n in range(1000 if len(session.written_sends()) == 1 else 10)]
    call = strategies.message(*numbers)
    send_answers = SendAnswers(dict.fromkeys(numbers[::7], -13))
    expect_results(session, send_answers, session.call(call, send_answers.plain), own=True)


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

        outcome = session.call(call, without)
        if session.failed(outcome, Kind.UNKNOWN_FATE, what="a send of unknown fate"):
            expect_arrived(session, send_answers, outcome)

    session.for_all(st.tuples(strategies.sends(session.capabilities), st.integers(0, 3)), check)


@contract("K-13", needs=(Capability.SEND, Capability.MESSAGE_IDS))
def results_with_hard_ids(session: ClientSession) -> None:
    """Message ids with markup, quotes, blanks and foreign letters come back in the results as they were given."""

    def check(call: Send) -> None:
        send_answers = SendAnswers()
        expect_results(session, send_answers, session.call(call, send_answers.plain))

    session.for_all(strategies.sends(session.capabilities, ident=hard_values.idents()), check)


@contract("K-13", needs=(Capability.SEND,))
def results_of_numbers_as_people_write_them(session: ClientSession) -> None:
    """A number written with blanks, dashes, a plus or a leading 0 gets its own result, or is refused unsent."""
    for number in hard_values.WRITTEN_NUMBERS:
        session.example()
        send_answers = SendAnswers()
        outcome = session.call(strategies.message(number), send_answers.plain)
        if send_answers.sent or not isinstance(outcome, Failed):
            expect_results(session, send_answers, outcome)
        else:
            session.failed(outcome, Kind.REFUSED)


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
