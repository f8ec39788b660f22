"""Law: several calls in a row, some of which go wrong: none shows in another."""

from __future__ import annotations

from hypothesis import strategies as st

from kobikom_contracts.bench import draws, pages
from kobikom_contracts.bench.desk import Desk
from kobikom_contracts.bench.protocol import Capability
from kobikom_contracts.bench.rule import rule
from kobikom_contracts.bench.rules.asking import credit
from kobikom_contracts.bench.rules.pulling import arrived, handing
from kobikom_contracts.bench.rules.results import match
from kobikom_contracts.bench.server import Ending, Reply
from kobikom_contracts.bench.telling import Teller, saying
from kobikom_contracts.reader import Report

_WHEN = ("2010/8/2 14:55:10", "2010/8/2 14:55:16")


@rule("K-38")
def calls_in_a_row(desk: Desk) -> None:
    """Calls that succeed stand between calls that fail, and each says what is its own."""
    verbs = (Capability.SEND, Capability.REPORTS, Capability.BALANCE)
    able = [capability for capability in verbs if capability in desk.able]
    for verb in able:
        desk.example()
        for number, good in enumerate((True, False, True)):
            _step(desk, verb, number, good=good)
    step = st.tuples(st.sampled_from(able or list(verbs)), st.booleans())
    steps = st.lists(step, min_size=2, max_size=6)

    def check(drawn: list[tuple[Capability, bool]]) -> None:
        for number, (verb, good) in enumerate(drawn):
            _step(desk, verb, number, good=good)

    desk.forall(steps, check, examples=40)


def _step(desk: Desk, verb: Capability, number: int, *, good: bool) -> None:
    """One call whose right answer no other call of the row has."""
    lost = None if good else (lambda *_: Reply(b"HTTP/1.1 200 OK\r\n", Ending.CLOSE))
    if verb is Capability.SEND and verb in desk.able:
        gsm = f"9053299757{number:02d}"
        call = draws.message(gsm, text=f"Merhaba {number}")
        teller = Teller({} if number % 2 else {gsm: -13})
        outcome = desk.call(call, lost or teller.plain)
        if good:
            match(desk, teller, outcome)
    elif verb is Capability.REPORTS and verb in desk.able:
        handed = [Report(f"row{number}", *_WHEN, "DELIVERED", "0")]
        outcome = desk.call(draws.pull(), lost or handing(pages.report_document(handed)))
        if good:
            arrived(desk, handed, outcome)
    elif verb is Capability.BALANCE and verb in desk.able:
        body = pages.balance_answer(f"{number}.125")
        outcome = desk.call(draws.balance(), lost or saying(body))
        if good:
            credit(outcome, f"{number}.125", "TRY")
