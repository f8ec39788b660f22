"""The judging core with a session that talks to nothing: each way a contract can end, and its verdict."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.errors import HypothesisException

from kobikom_contracts.clauses import CLAUSES, Clause
from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.runner import ContractEnded, run_contracts, verdicts_of
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import NotCheckable, Outcome, Verdict, Violation
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import NoAnswer


class Quiet(Session):
    """A session without a target; ``shrinks`` is what `may_shrink` says."""

    def __init__(self) -> None:
        super().__init__(profile=PROFILES["tiny"], seed=0)
        self.shrinks = True

    def prepare(self, contract: Contract[Any]) -> None:
        """Nothing to prepare."""

    def forget_exchanges(self) -> None:
        """No exchanges."""

    def add_evidence(self, violation: Violation, example: str | None = None) -> Violation:
        """The drawn value only."""
        violation.counterexample = violation.counterexample or example
        return violation

    def observed_reading(self, clause: Clause) -> str | None:
        """None is observed."""
        return None

    def may_shrink(self) -> bool:
        """As the test says."""
        return self.shrinks


def raising(*errors: Exception, statements: tuple[str, ...] = ("T-01.1",), name: str = "raising") -> Contract[Quiet]:
    """A contract that raises the first error, or holds when there is none."""

    def check(_: Quiet) -> None:
        """Raises."""
        for error in errors:
            raise error

    check.__name__ = name
    return contract_of(check, statements, needs=())


def verdicts(*contracts: Contract[Quiet], binding: bool = True) -> dict[str, Verdict]:
    """The verdicts on every clause that these contracts judge."""
    session = Quiet()
    findings = run_contracts(contracts, session)
    chosen = {clause for contract in contracts for clause in contract.clauses}
    return {v.clause.id: v for v in verdicts_of(findings, CLAUSES, chosen, session, binding=binding)}


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (Violation("a", "b"), Outcome.VIOLATED),
        (NotCheckable("no clock"), Outcome.NOT_CHECKABLE),
        (NoAnswer("cut"), Outcome.VIOLATED),
        (Unreachable("refused"), Outcome.VIOLATED),
        (IndexError("list index out of range"), Outcome.ERROR),
        (HypothesisException("flaky"), Outcome.ERROR),
        (ExceptionGroup("several", [ValueError("x")]), Outcome.ERROR),
    ],
    ids=lambda value: type(value).__name__,
)
def test_one_contract_never_ends_the_run(error: Exception, outcome: Outcome) -> None:
    """However a contract ends, its clause has the verdict for that and the next contract runs."""
    by_clause = verdicts(raising(error), raising(statements=("T-02.1",)))
    assert [outcome, Outcome.HELD] == [by_clause["T-01"].outcome, by_clause["T-02"].outcome]


def test_a_crash_is_an_error_with_its_traceback() -> None:
    """The verdict names contract and exception and keeps the traceback."""
    verdict = verdicts(raising(IndexError("out of range"), name="broken"), raising(name="fine"))["T-01"]
    assert (Outcome.ERROR, "contract broken crashed: IndexError: out of range") == (verdict.outcome, verdict.detail)
    assert "Traceback (most recent call last)" in verdict.traceback
    assert "raise error" in verdict.traceback


def test_a_violation_outweighs_a_crash() -> None:
    """A clause with both is violated; its detail also names the crash."""
    verdict = verdicts(raising(KeyError("x"), name="broken"), raising(Violation("a", "b"), name="strict"))["T-01"]
    assert (Outcome.VIOLATED, "a", "b") == (verdict.outcome, verdict.expected, verdict.found)
    assert "contract broken crashed: KeyError: 'x'" in verdict.detail


def test_a_clause_says_what_stopped_its_contracts() -> None:
    """A violation of another clause leaves the contract's own clauses not checkable, and says so."""
    by_clause = verdicts(raising(Violation("a", "b", statement="S-01.1"), statements=("T-01.1", "T-02.1"), name="both"))
    assert Outcome.VIOLATED is by_clause["S-01"].outcome
    expected = (Outcome.NOT_CHECKABLE, "both was stopped by S-01.1")
    assert [expected, expected] == [(by_clause[i].outcome, by_clause[i].detail) for i in ("T-01", "T-02")]


def test_a_clause_without_a_contract_says_so() -> None:
    """The verdict distinguishes a clause that no contract judges from one whose contracts were stopped."""
    session = Quiet()
    (verdict,) = verdicts_of(run_contracts([], session), CLAUSES, ["T-01"], session, binding=True)
    assert (Outcome.NOT_CHECKABLE, "no contract judges this clause") == (verdict.outcome, verdict.detail)


def test_inference_binds_only_where_it_is_said_to() -> None:
    """A violated statement that is inferred differs at a target it does not bind."""
    broken = raising(Violation("a", "b"), statements=("T-11.1",))
    outcomes = [verdicts(broken, binding=binding)["T-11"].outcome for binding in (True, False)]
    assert [Outcome.VIOLATED, Outcome.DIFFERS] == outcomes


@pytest.mark.parametrize(
    ("statement", "outcome"),
    [
        ("S-02.1", Outcome.VIOLATED),
        ("S-02.4", Outcome.DIFFERS),
        ("S-05.1", Outcome.VIOLATED),
        ("T-02.3", Outcome.DIFFERS),
    ],
)
def test_the_verdict_follows_the_mark_of_the_statement(statement: str, outcome: Outcome) -> None:
    """Of one clause only the statements that the page says are violated at a target that nothing else binds."""
    verdict = next(iter(verdicts(raising(Violation("a", "b"), statements=(statement,)), binding=False).values()))
    assert verdict.statement is not None
    assert (outcome, statement) == (verdict.outcome, verdict.statement.id)


def test_a_clause_fares_as_its_worst_statement() -> None:
    """A difference hides no violation of the same clause, and neither hides what held."""
    inferred = raising(Violation("a", "b"), statements=("S-02.5",), name="ours")
    documented = raising(Violation("c", "d"), statements=("S-02.1",), name="page")
    verdict = verdicts(inferred, documented, raising(statements=("S-02.4",)), binding=False)["S-02"]
    outcomes = {one.statement.id: one.outcome for one in verdict.statements}
    assert (Outcome.VIOLATED, "c") == (verdict.outcome, verdict.expected)
    assert [Outcome.VIOLATED, Outcome.HELD, Outcome.DIFFERS] == [outcomes[f"S-02.{n}"] for n in (1, 4, 5)]
    assert Outcome.NOT_CHECKABLE is outcomes["S-02.2"]


def test_a_reading_insisted_on_binds_any_target() -> None:
    """Where a reading is insisted on, another one is a violation whatever the mark."""
    broken = raising(Violation("a", "b", insisted=True), statements=("S-11.1",))
    assert Outcome.VIOLATED is verdicts(broken, binding=False)["S-11"].outcome


def test_a_target_that_goes_away_is_tried_a_few_times_only() -> None:
    """The contract that lost it is violated, the next ones are not checkable, and the rest is not run."""
    ran: list[str] = []

    def check(session: Quiet) -> None:
        """Never reaches the target."""
        ran.append(session.contract_name)
        raise Unreachable("connection refused")

    clauses = list(CLAUSES)[:6]
    contracts = [contract_of(check, (f"{clause}.1",), needs=()) for clause in clauses]
    by_clause = verdicts(*contracts)
    assert [Outcome.VIOLATED, *[Outcome.NOT_CHECKABLE] * 5] == [by_clause[clause].outcome for clause in clauses]
    assert 3 == len(ran)
    assert "cannot be reached since check" in by_clause[clauses[5]].detail


def test_each_end_is_announced() -> None:
    """The display gets every contract: its place in the run, its outcome, and a line about it."""
    seen: list[ContractEnded] = []
    run_contracts([raising(), raising(ValueError("x"))], Quiet(), watch=seen.append)
    assert [(1, 2, Outcome.HELD, ""), (2, 2, Outcome.ERROR, "ValueError: x")] == [
        (end.index, end.total, end.outcome, end.detail) for end in seen
    ]


def test_a_property_reports_its_smallest_violation() -> None:
    """The violation that is raised is of the smallest value that breaks the property."""

    def check(value: int) -> None:
        if value >= 10:
            raise Violation("less than 10", value)

    session = Quiet()
    with pytest.raises(Violation) as raised:
        session.for_all(st.integers(0, 10_000), check)
    assert ("10", False) == (raised.value.counterexample, raised.value.flaky)


def test_a_property_that_may_not_shrink_stops_at_once() -> None:
    """Where failing again costs too much, the first violation is the one reported."""
    failures = []

    def check(value: int) -> None:
        failures.append(value)
        raise Violation("nothing", value)

    session = Quiet()
    session.shrinks = False
    with pytest.raises(Violation):
        session.for_all(st.integers(), check)
    assert 1 == len(failures)


def test_an_inconsistent_target_is_said_to_be_one() -> None:
    """A value that breaks the property once and then no more is a violation, marked as flaky."""
    calls = []

    def check(value: int) -> None:
        calls.append(value)
        if len(calls) == 1:
            raise Violation("always the same", value)

    with pytest.raises(Violation) as raised:
        Quiet().for_all(st.integers(), check)
    assert raised.value.flaky


@pytest.mark.parametrize("error", [NotCheckable("over budget"), IndexError("x"), Unreachable("gone")])
def test_anything_else_ends_a_property(error: Exception) -> None:
    """What is no violation is raised as it is, and not searched for smaller examples."""
    calls = []

    def check(value: int) -> None:
        calls.append(value)
        raise error

    with pytest.raises(type(error)):
        Quiet().for_all(st.integers(), check)
    assert 1 == len(calls)


def test_a_violation_stands_when_the_budget_ends_while_shrinking() -> None:
    """Not being able to look for a smaller example takes nothing away from the one found."""
    calls = []

    def check(value: int) -> None:
        calls.append(value)
        if len(calls) > 1:
            raise NotCheckable("over budget")
        raise Violation("nothing", value)

    with pytest.raises(Violation) as raised:
        Quiet().for_all(st.integers(), check)
    assert not raised.value.flaky
