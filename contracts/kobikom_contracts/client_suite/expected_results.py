"""Compares the results that a client reports with those that the server sent."""

from __future__ import annotations

from collections.abc import Sequence

from kobikom_contracts.client_suite.adapter_protocol import Capability, Failed, Kind, Outcome, Result, Send, Sent
from kobikom_contracts.client_suite.blame import BlamingSession
from kobikom_contracts.client_suite.numbers import in_full, significant
from kobikom_contracts.client_suite.rendering import as_json
from kobikom_contracts.client_suite.scripts import SendAnswers
from kobikom_contracts.core.verdicts import Violation

Row = tuple[int, str, str | None]
"""Status, number, message id."""

_IDS_LOST = "message ids of results are lost or changed"
_CODES_LOST = "codes of results are lost or changed"
_REFUSED = "a refused recipient is reported as accepted"


def results_sent(session: BlamingSession, send_answers: SendAnswers) -> list[Row]:
    """The results that the server sent, as the client must report them: in the order of the call."""
    rows = [_row(session, int(one.status), one.destination, one.message_id) for one in send_answers.sent]
    order = [significant(to.gsm) for to in session.asked.recipients] if isinstance(session.asked, Send) else []
    # A stable sort: the results of a number given twice keep the order in which they were sent.
    return sorted(rows, key=lambda row: order.index(row[1]) if row[1] in order else len(order))


def results_reported(session: BlamingSession, outcome: Outcome) -> list[Row] | None:
    """The results that the client reports; None when it reports that the send failed."""
    if not isinstance(outcome, Sent):
        return None
    return rows_of(session, outcome.results)


def rows_of(session: BlamingSession, results: Sequence[Result]) -> list[Row]:
    """Reported results as rows, without what the client does not hand out."""
    return [_row(session, -1 if one.status is None else one.status, one.destination, one.message_id) for one in results]


def _row(session: BlamingSession, status: int, destination: str, ident: str | None) -> Row:
    if Capability.NO_CODES in session.capabilities:
        status = -1 if status else 0
    if Capability.NO_IDS in session.capabilities or session.met(_IDS_LOST):
        ident = None
    return status, significant(destination), ident or None


def expect_results(
    session: BlamingSession,
    send_answers: SendAnswers,
    outcome: Outcome,
    *,
    statement: str | None = None,
    own: bool = False,
) -> None:
    """The client reports the results that were sent; where all are one refusal, also a refused send.

    Wrong order and lost ids (K-13), a refusal reported as success and lost codes (K-14) have their own clauses,
    unless ``statement`` is given, or ``own``: the contract changes something else that may be the reason.
    """
    expected, reported = results_sent(session, send_answers), results_reported(session, outcome)
    if expected == reported:
        return
    if reported is None:
        codes = {status for status, _, _ in expected}
        if len(codes) == 1 and 0 not in codes:
            what = "a send of which every recipient was refused"
            session.failed(outcome, Kind.REFUSED, code=codes.pop(), statement=statement, what=what)
            return
        kind = outcome.error.kind if isinstance(outcome, Failed) else None
        if kind is Kind.REFUSED and not own and codes != {0}:
            statement = statement or "K-14"
        session.blame(_violation(expected, as_json(outcome), statement, _not_success(outcome)))
        return
    clause, cause = _difference(expected, reported)
    clause = None if own else clause
    session.blame(_violation(expected, as_json(_shown(reported)), statement or clause, cause))


def expect_refusal(session: BlamingSession, outcome: Outcome, code: int, *, what: str) -> None:
    """The client reports a send refused as a whole: as refused, or each recipient with the code."""
    if isinstance(outcome, Sent) and isinstance(session.asked, Send):
        rows = rows_of(session, outcome.results)
        wanted = -1 if Capability.NO_CODES in session.capabilities else code
        if len(rows) == len(session.asked.recipients) and {status for status, _, _ in rows} == {wanted}:
            return
    session.failed(outcome, Kind.REFUSED, code=code, what=what)


def expect_arrived(session: BlamingSession, send_answers: SendAnswers, outcome: Outcome) -> None:
    """The results that a failed send has beside its error are among those that the server sent."""
    if not isinstance(outcome, Failed):
        return
    sent = results_sent(session, send_answers)
    for row in rows_of(session, outcome.results):
        if row not in sent:
            session.blame(
                Violation(f"results among {as_json(_shown(sent))}", as_json(_shown([row])), cause="results are made up")
            )
            return


def _violation(expected: list[Row], found: str, statement: str | None, cause: str) -> Violation:
    return Violation(f"results {as_json(_shown(expected))}", found, statement=statement, cause=cause)


def _not_success(outcome: Outcome) -> str:
    kind = outcome.error.kind.value if isinstance(outcome, Failed) else "another outcome"
    return f"a send with an accepted recipient is reported as {kind}"


def _difference(expected: list[Row], reported: list[Row]) -> tuple[str | None, str]:
    """The clause that a difference belongs to, None for the contract's own, and its cause."""

    def without(rows: list[Row], place: int) -> list[tuple[object, ...]]:
        return [row[:place] + row[place + 1 :] for row in rows]

    if sorted(expected, key=str) == sorted(reported, key=str):
        return "K-13", "results are in another order"
    if without(expected, 2) == without(reported, 2):
        return "K-13", _IDS_LOST
    if sorted(row[0] for row in expected) == sorted(row[0] for row in reported):
        return None, ""  # the codes are right but belong to other recipients
    refused = {row[1] for row in expected if row[0]}
    if any(row[0] == 0 and row[1] in refused for row in reported):
        return "K-14", _REFUSED
    if without(expected, 0) == without(reported, 0):
        return "K-14", _CODES_LOST
    return None, ""


def _shown(rows: Sequence[Row]) -> list[dict[str, object]]:
    return [
        {"status": status, "destination": in_full(gsm)} | ({"message_id": ident} if ident else {})
        for status, gsm, ident in rows
    ]
