"""Findings that do not end a contract: filed violations, one cause at several statements, and disturbances."""

from __future__ import annotations

from kobikom_contracts.clauses import CLAUSES
from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.core.runner import run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import Disturbance, Disturbed, Outcome, Verdict, Violation

from .test_core import Quiet


def filing(*violations: Violation, statements: tuple[str, ...] = ("T-01.1",), name: str = "filing") -> Contract[Quiet]:
    """A contract that files these violations, counts how far it came, and ends without objection."""

    def check(session: Quiet) -> None:
        """Files."""
        for violation in violations:
            session.example()
            session.file(violation)

    check.__name__ = name
    return contract_of(check, statements, needs=())


def verdicts(*contracts: Contract[Quiet]) -> dict[str, Verdict]:
    """The verdicts on these contracts' clauses, and on every other one that was violated."""
    session = Quiet()
    findings = run_contracts(contracts, session)
    chosen = {clause for contract in contracts for clause in contract.clauses}
    return {v.clause.id: v for v in verdicts_of(findings, CLAUSES, chosen, session, binding=True)}


def test_a_contract_goes_on_after_a_filed_violation() -> None:
    """The contract's own clause holds; each statement that was filed is violated."""
    by_clause = verdicts(filing(Violation("a", "b", statement="S-01.1"), Violation("c", "d", statement="C-01.1")))
    outcomes = {clause: verdict.outcome for clause, verdict in by_clause.items()}
    assert {"T-01": Outcome.HELD, "S-01": Outcome.VIOLATED, "C-01": Outcome.VIOLATED} == outcomes


def test_a_filed_violation_of_the_contracts_own_statement_counts() -> None:
    """A contract that ends without objection does not outweigh what it filed itself."""
    assert Outcome.VIOLATED is verdicts(filing(Violation("a", "b", statement="T-01.1")))["T-01"].outcome


def test_only_the_first_of_each_statement_and_cause_is_kept() -> None:
    """A contract that meets the same difference a hundred times reports it once."""
    session = Quiet()
    run_contracts([filing(*[Violation("a", str(n), statement="S-01.1") for n in range(100)])], session)
    assert ["0"] == [one.found for one in session.filed]


def test_one_cause_is_one_finding() -> None:
    """The statement where a cause shows first is violated; the others say that they only repeat it."""
    one, other = (Violation("a", "b", statement=s, cause="texts are cut") for s in ("S-21.1", "S-10.1"))
    by_clause = verdicts(filing(one), filing(other, statements=("S-10.1",), name="second"))
    assert (Outcome.VIOLATED, ("S-10.1",)) == (by_clause["S-21"].outcome, by_clause["S-21"].echoes)
    assert "seen again at S-10.1" in by_clause["S-21"].detail
    reasons = {one.statement.id: one.detail for one in by_clause["S-10"].statements}
    assert Outcome.VIOLATED is not by_clause["S-10"].outcome, reasons


def test_a_disturbance_is_named_once_and_accuses_nobody() -> None:
    """A contract that was disturbed is not checkable; the session counts how often it happened."""

    def check(session: Quiet) -> None:
        """Disturbed."""
        raise Disturbed("rate-limit", "the server limits the rate: HTTP 429")

    session = Quiet()
    contracts = [contract_of(check, (statement,), needs=()) for statement in ("T-01.1", "S-01.1")]
    findings = run_contracts(contracts, session)
    run = {v.clause.id: v for v in verdicts_of(findings, CLAUSES, ("T-01", "S-01"), session, binding=True)}
    assert [Outcome.NOT_CHECKABLE] * 2 == [run["T-01"].outcome, run["S-01"].outcome]
    assert "the server limits the rate: HTTP 429" == run["S-01"].detail
    sentence = "the server limits the rate: HTTP 429"
    assert {"rate-limit": Disturbance("rate-limit", sentence, times=2)} == session.disturbances


def stopped(violation: Violation, *filed: Violation, name: str = "stopped") -> Contract[Quiet]:
    """A contract that files some violations and is then stopped by one."""

    def check(session: Quiet) -> None:
        """Stopped."""
        for one in filed:
            session.file(one)
        raise violation

    check.__name__ = name
    return contract_of(check, (violation.statement or "T-01.1",), needs=())


def test_what_is_filed_only_where_a_contract_was_stopped_is_an_echo() -> None:
    """The statement that stopped the contract is the finding; the other names it as the cause."""
    by_clause = verdicts(stopped(Violation("a", "b", statement="T-01.4"), Violation("c", "d", statement="S-11.1")))
    assert (Outcome.VIOLATED, ("S-11.1",)) == (by_clause["T-01"].outcome, by_clause["T-01"].echoes)
    assert "S-11" not in by_clause


def test_what_the_page_says_is_no_echo_of_what_it_does_not_say() -> None:
    """A documented statement stays violated beside an inferred one that stopped the contract."""
    by_clause = verdicts(stopped(Violation("a", "b", statement="T-01.4"), Violation("c", "d", statement="R-03.1")))
    assert [Outcome.VIOLATED] * 2 == [by_clause["T-01"].outcome, by_clause["R-03"].outcome]


def test_what_another_contract_filed_too_is_no_echo() -> None:
    """A difference that was also met where no contract was stopped stands for itself."""
    first, second = (Violation("c", "d", statement="S-11.1") for _ in range(2))
    by_clause = verdicts(
        stopped(Violation("a", "b", statement="T-01.4"), first), filing(second, statements=("A-01.1",))
    )
    assert [Outcome.VIOLATED] * 2 == [by_clause["T-01"].outcome, by_clause["S-11"].outcome]


def test_a_consequence_counts_only_alone() -> None:
    """A missing report beside another difference of its contract is not reported; alone it is."""
    missing, other = Violation("a", "b", statement="R-03.1", consequence=True), Violation("c", "d", statement="S-03.1")
    assert {"T-01", "S-03"} == set(verdicts(filing(missing, other)))
    assert {"T-01", "R-03"} == set(verdicts(filing(missing)))
