"""Several calls in a row, some of which fail: none may change the result of another."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.contracts.queries import expect_credit
from kobikom_contracts.client_suite.contracts.reports import first_pull, pull_of
from kobikom_contracts.client_suite.expected_reports import expect_reports
from kobikom_contracts.client_suite.expected_results import expect_results
from kobikom_contracts.client_suite.http_values import Ending, Reply
from kobikom_contracts.client_suite.scripts import Answer, SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.reader import Report

_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


@contract("K-38")
def calls_in_a_row(session: ClientSession) -> None:
    """In a row of calls that succeed and calls that fail, each reports its own result."""
    verbs = (Capability.SEND, Capability.REPORTS, Capability.BALANCE)
    able = [capability for capability in verbs if capability in session.capabilities]
    for verb in able:
        session.example()
        for number, good in enumerate((True, False, True)):
            _step(session, verb, number, good=good)
    step = st.tuples(st.sampled_from(able or list(verbs)), st.booleans())
    steps = st.lists(step, min_size=2, max_size=6)

    def check(drawn: list[tuple[Capability, bool]]) -> None:
        for number, (verb, good) in enumerate(drawn):
            _step(session, verb, number, good=good)

    session.for_all(steps, check, examples=40)


def _step(session: ClientSession, verb: Capability, number: int, *, good: bool) -> None:
    """One call whose correct result differs from that of every other call in the row."""
    lost: Answer | None = None if good else (lambda *_: Reply(b"HTTP/1.1 200 OK\r\n", Ending.CLOSE))
    if verb is Capability.SEND and verb in session.capabilities:
        gsm = f"9053299757{number:02d}"
        call = strategies.message(gsm, text=f"Merhaba {number}")
        send_answers = SendAnswers({} if number % 2 else {gsm: -13})
        outcome = session.call(call, lost or send_answers.plain)
        if good:
            expect_results(session, send_answers, outcome, own=True)
    elif verb is Capability.REPORTS and verb in session.capabilities:
        reports = [Report(f"row{number}", *_WHEN, "DELIVERED", "0")]
        outcome = session.call(pull_of(session, reports), lost or first_pull(answers.report_document(reports)))
        if good:
            expect_reports(session, reports, outcome)
    elif verb is Capability.BALANCE and verb in session.capabilities:
        body = answers.balance_answer(f"{number}.125")
        outcome = session.call(strategies.balance(), lost or always(body))
        if good:
            expect_credit(session, outcome, f"{number}.125", "TRY")
