"""Law: several calls in a row, some of which go wrong: none shows in another."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.client_suite import answers, strategies
from kobikom_contracts.client_suite.adapter_protocol import Capability
from kobikom_contracts.client_suite.contract import contract
from kobikom_contracts.client_suite.contracts.queries import credit
from kobikom_contracts.client_suite.contracts.reports import arrived, handing
from kobikom_contracts.client_suite.contracts.send_results import match
from kobikom_contracts.client_suite.scripted_server import Ending, Reply
from kobikom_contracts.client_suite.scripts import SendAnswers, always
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.reader import Report

_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


@contract("K-38")
def calls_in_a_row(session: ClientSession) -> None:
    """Calls that succeed stand between calls that fail, and each says what is its own."""
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
    """One call whose right answer no other call of the row has."""
    lost = None if good else (lambda *_: Reply(b"HTTP/1.1 200 OK\r\n", Ending.CLOSE))
    if verb is Capability.SEND and verb in session.capabilities:
        gsm = f"9053299757{number:02d}"
        call = strategies.message(gsm, text=f"Merhaba {number}")
        teller = SendAnswers({} if number % 2 else {gsm: -13})
        outcome = session.call(call, lost or teller.plain)
        if good:
            match(session, teller, outcome)
    elif verb is Capability.REPORTS and verb in session.capabilities:
        handed = [Report(f"row{number}", *_WHEN, "DELIVERED", "0")]
        outcome = session.call(strategies.pull(), lost or handing(answers.report_document(handed)))
        if good:
            arrived(session, handed, outcome)
    elif verb is Capability.BALANCE and verb in session.capabilities:
        body = answers.balance_answer(f"{number}.125")
        outcome = session.call(strategies.balance(), lost or always(body))
        if good:
            credit(outcome, f"{number}.125", "TRY")
