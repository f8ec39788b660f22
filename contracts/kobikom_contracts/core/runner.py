"""Runs contracts one after the other and collects what they found. Whatever one of them does, the run goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from kobikom_contracts.clauses import Clause
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.findings import Crash, Findings, verdict_of
from kobikom_contracts.core.profiles import PROFILES, Profile
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import Disturbed, NotCheckable, Outcome, Verdict, Violation, printable
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import NoAnswer

S = TypeVar("S", bound=Session)

MOST_UNREACHABLE = 3
"""Contracts in a row that may fail to reach the target before the rest is not tried."""


@dataclass(frozen=True, slots=True)
class ContractEnded:
    """One contract ended; for a live display. ``index`` counts from 1 to ``total``."""

    name: str
    statement: str
    index: int
    total: int
    outcome: Outcome
    detail: str


Watch = Callable[[ContractEnded], None]


def profile_of(profile: Profile | str) -> Profile:
    """A profile, by name or as it is."""
    return PROFILES[profile] if isinstance(profile, str) else profile


def judging(contracts: Iterable[Contract[S]], clauses: Iterable[str]) -> list[Contract[S]]:
    """The contracts that judge at least one of these clauses, in their order."""
    chosen = set(clauses)
    return [contract for contract in contracts if chosen & set(contract.clauses)]


def run_contracts(contracts: Sequence[Contract[S]], session: S, *, watch: Watch | None = None) -> Findings:
    """Run contracts in this order; ``watch`` is called after each."""
    runner = _Runner(session)
    for index, contract in enumerate(contracts, 1):
        outcome, detail = runner.run(contract)
        if watch is not None:
            watch(ContractEnded(contract.name, contract.statement, index, len(contracts), outcome, detail))
    return runner.findings


def verdicts_of(
    findings: Findings, registry: Mapping[str, Clause], chosen: Iterable[str], session: Session, *, binding: bool
) -> tuple[Verdict, ...]:
    """The verdicts on the chosen clauses, and on any other that was violated, in the registry's order."""
    findings.resolve_echoes()
    wanted = set(chosen)
    return tuple(
        verdict_of(clause, findings, reading=session.observed_reading(clause), binding=binding)
        for ident, clause in registry.items()
        if ident in wanted or any(findings.of(one.id).violations for one in clause.statements)
    )


class _Runner:
    """Turns the end of each contract, whatever it is, into findings."""

    def __init__(self, session: Session) -> None:
        self.findings = Findings()
        self._session = session
        self._unreachable: list[str] = []
        """Names of the contracts in a row, up to the last, that could not reach the target."""

    def run(self, contract: Contract[Any]) -> tuple[Outcome, str]:
        """Run one contract; its outcome and a line about it."""
        if len(self._unreachable) >= MOST_UNREACHABLE:
            return self._not_checkable(contract, self._away())
        outcome, detail = self._run(contract)
        if outcome is Outcome.VIOLATED:
            # What the contract left behind is looked at all the same, so that no later contract finds it.
            with suppress(Violation, NotCheckable, NoAnswer, Unreachable):
                self._session.finish()
        filed = self._independent(outcome)
        for violation in filed:
            self.findings.filed(contract.name, self._session.examples, violation)
        if filed and outcome in {Outcome.HELD, Outcome.NOT_CHECKABLE}:
            first = filed[0]
            return Outcome.VIOLATED, f"{first.statement}: {first}"
        return outcome, detail

    def _independent(self, outcome: Outcome) -> list[Violation]:
        """What the contract filed, without consequences of another violation of its own."""
        filed = self._session.filed
        causes = [one for one in filed if not one.consequence]
        return causes if causes or outcome is Outcome.VIOLATED else filed

    def _run(self, contract: Contract[Any]) -> tuple[Outcome, str]:
        try:
            self._session.begin(contract.name)
            self._session.prepare(contract)
            contract(self._session)
            self._session.finish()
        except Unreachable as error:
            self._unreachable.append(contract.name)
            if len(self._unreachable) > 1:
                return self._not_checkable(contract, self._away())
            # The target answered before: the contract that lost it is the one to look at.
            return self._violated(contract, Violation("a connection to the target", error), reached=False)
        except NotCheckable as reason:
            if isinstance(reason, Disturbed):
                self._session.disturbed(reason.kind, str(reason))
            return self._not_checkable(contract, printable(str(reason)))
        except Violation as violation:
            return self._violated(contract, violation)
        except NoAnswer as error:
            return self._violated(contract, Violation("an HTTP answer", error))
        except Exception as error:  # noqa: BLE001 - a crash of one contract must not end the run
            return self._crashed(contract, error)
        self._unreachable.clear()
        self.findings.held(contract.statements, contract.name, self._session.examples)
        return Outcome.HELD, ""

    def _away(self) -> str:
        return f"the target cannot be reached since {self._unreachable[0]}"

    def _not_checkable(self, contract: Contract[Any], reason: str) -> tuple[Outcome, str]:
        self.findings.not_checkable(contract.statements, reason)
        return Outcome.NOT_CHECKABLE, reason

    def _violated(self, contract: Contract[Any], violation: Violation, *, reached: bool = True) -> tuple[Outcome, str]:
        if reached:
            self._unreachable.clear()
        self._session.add_evidence(violation)
        self.findings.violated(contract.statements, contract.name, self._session.examples, violation)
        return Outcome.VIOLATED, f"{violation.statement or contract.statement}: {violation}"

    def _crashed(self, contract: Contract[Any], error: Exception) -> tuple[Outcome, str]:
        summary = printable(" ".join(f"{type(error).__name__}: {error}".split()))
        crash = Crash(summary, printable("".join(traceback.format_exception(error))))
        self.findings.crashed(contract.statements, contract.name, self._session.examples, crash)
        return Outcome.ERROR, crash.summary
