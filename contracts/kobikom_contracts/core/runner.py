"""Runs contracts one after the other and collects what they found. Whatever one of them does, the run goes on."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from hypothesis.errors import Flaky

from kobikom_contracts.clauses import Clause
from kobikom_contracts.control import ControlError, ControlUnreachable
from kobikom_contracts.core.contract import Contract
from kobikom_contracts.core.ending import RunEnded
from kobikom_contracts.core.findings import Crash, Findings, verdict_of
from kobikom_contracts.core.profiles import PROFILES, Profile
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import Disturbed, NotCheckable, Outcome, Verdict, Violation, printable
from kobikom_contracts.http_client import Unreachable
from kobikom_contracts.http_connection import NoAnswer

S = TypeVar("S", bound=Session)

MOST_UNREACHABLE = 3
"""Contracts in a row that may fail to reach the target before the run is ended."""
MOST_TRIES = 3
"""How often a contract is run in all when it was violated once and held another time."""
UNPAID = 5
"""What a contract's requests that send nothing add to the parts it sends, in an estimate of how long it takes."""
BY_CHANCE = "the target answers the same requests otherwise from one time to the next"


@dataclass(frozen=True, slots=True)
class ContractEnded:
    """One contract ended; for a live display. ``index`` counts from 1 to ``total``, ``left`` are seconds to come."""

    name: str
    statement: str
    index: int
    total: int
    outcome: Outcome
    detail: str
    left: float = 0.0


Watch = Callable[[ContractEnded], None]


def profile_of(profile: Profile | str) -> Profile:
    """A profile, by name or as it is."""
    return PROFILES[profile] if isinstance(profile, str) else profile


def judging(contracts: Iterable[Contract[S]], clauses: Iterable[str]) -> list[Contract[S]]:
    """The contracts that judge at least one of these clauses, in their order."""
    chosen = set(clauses)
    return [contract for contract in contracts if chosen & set(contract.clauses)]


def run_contracts(contracts: Sequence[Contract[S]], session: S, *, watch: Watch | None = None) -> Findings:
    """Run contracts in this order; ``watch`` is called after each.

    A run that must end leaves the contracts that have not ended not checkable, and ``Findings.ended`` says why.
    """
    runner = _Runner(session)
    done, weights = 0, [UNPAID + contract.spends for contract in contracts]
    try:
        for index, contract in enumerate(contracts, 1):
            session.deadline.check()
            started = session.deadline.elapsed
            outcome, detail = runner.run(contract)
            runner.findings.seconds[contract.clauses[0]] += session.deadline.elapsed - started
            done = index
            if watch is not None:
                left = session.deadline.elapsed * sum(weights[index:]) / sum(weights[:index])
                watch(ContractEnded(contract.name, contract.statement, index, len(contracts), outcome, detail, left))
    except RunEnded as ended:
        runner.findings.ended = str(ended)
        if done < index:
            runner.keep_seen(contract)
        for contract in contracts[done:]:
            runner.findings.not_checkable(contract.statements, f"the run ended before: {ended}")
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
        self._filed: list[Violation] = []
        self._examples = 0
        """What the contract's first run filed, and the examples it tried."""

    def run(self, contract: Contract[Any]) -> tuple[Outcome, str]:
        """Run one contract; its outcome and a line about it."""
        if len(self._unreachable) >= MOST_UNREACHABLE:
            raise RunEnded(self._away())
        if away := self._session.away():
            raise RunEnded(away)
        outcome, detail = self._run(contract)
        filed = self._independent(outcome)
        for violation in filed:
            self.findings.filed(contract.name, self._examples, violation)
        if filed and outcome in {Outcome.HELD, Outcome.NOT_CHECKABLE}:
            return Outcome.VIOLATED, f"{filed[0].statement}: {filed[0]}"
        return outcome, detail

    def _independent(self, outcome: Outcome) -> list[Violation]:
        """What the contract filed, without consequences of another violation of its own."""
        causes = [one for one in self._filed if not one.consequence]
        return causes if causes or outcome is Outcome.VIOLATED else self._filed

    def keep_seen(self, contract: Contract[Any]) -> None:
        """Keep what a contract had seen that did not come to an end of its own."""
        session = self._session
        if session.contract_name != contract.name:
            return
        for violation in [*session.filed, *([session.seen] if session.seen else [])]:
            violation.statement = violation.statement or contract.statement
            self.findings.filed(contract.name, session.examples, session.add_evidence(violation))

    def _try(self, contract: Contract[Any]) -> None:
        self._session.begin(contract.name)
        self._session.prepare(contract)
        contract(self._session)
        self._session.finish()

    def _run(self, contract: Contract[Any]) -> tuple[Outcome, str]:
        self._filed, self._examples = [], 0
        try:
            self._try(contract)
        except Unreachable as error:
            self._unreachable.append(contract.name)
            if len(self._unreachable) > 1:
                return self._not_checkable(contract, self._away())
            # The target answered before: the contract that lost it is the one to look at.
            return self._violated(contract, Violation("a connection to the target", error), reached=False)
        except ControlUnreachable as error:
            self._unreachable.append(contract.name)
            return self._not_checkable(contract, printable(str(error)))
        except ControlError as error:
            return self._not_checkable(contract, printable(str(error)))
        except NotCheckable as reason:
            if isinstance(reason, Disturbed):
                self._session.disturbed(reason.kind, str(reason))
            return self._not_checkable(contract, printable(str(reason)))
        except Violation as violation:
            return self._again(contract, violation)
        except NoAnswer as error:
            return self._violated(contract, Violation("an HTTP answer", error))
        except Flaky:
            # Hypothesis met another course of events than before, and no step of it was a violation.
            self.keep_seen(contract)
            return self._not_checkable(contract, BY_CHANCE)
        except Exception as error:  # noqa: BLE001 - a crash of one contract must not end the run
            self.keep_seen(contract)
            return self._crashed(contract, error)
        return self._held(contract)

    def _held(self, contract: Contract[Any]) -> tuple[Outcome, str]:
        self._keep()
        self._unreachable.clear()
        self.findings.held(contract.statements, contract.name, self._examples)
        return Outcome.HELD, ""

    def _keep(self) -> None:
        """Keep the examples and the filed violations of the contract's first run."""
        self._filed, self._examples = list(self._session.filed), self._session.examples

    def _again(self, contract: Contract[Any], violation: Violation) -> tuple[Outcome, str]:
        """The end of a violated contract, which is run again to tell a rule from chance.

        What also held is said with the number of tries. Where the session knows a cause that says nothing about
        the contract's statements, such as a code that comes by chance, that is named instead.
        """
        self._session.add_evidence(violation)
        self._finish_stopped()
        self._keep()
        seen = tries = 1
        while not violation.replayed and tries < MOST_TRIES and self._session.may_repeat(contract):
            excuse = self._session.excuse()
            try:
                self._try(contract)
            except Violation:
                seen += 1
                self._finish_stopped()
            except (NotCheckable, NoAnswer, Unreachable, ControlError, Flaky):
                break
            except Exception as error:  # noqa: BLE001 - the violation stands, whatever the second run meets
                self.findings.crashed(contract.statements, contract.name, self._examples, _crash(error))
                break
            else:
                if excuse is not None:
                    self._session.disturbed(excuse.kind, str(excuse))
                    return self._held(contract)
            tries += 1
            if seen == tries:
                break
        violation.seen, violation.tries = seen, tries
        violation.flaky = violation.flaky or seen < tries
        return self._violated(contract, violation, examples=self._examples)

    def _finish_stopped(self) -> None:
        """Look at what a stopped contract left behind, so that no later contract finds it."""
        with suppress(Violation, NotCheckable, NoAnswer, Unreachable, ControlError):
            self._session.finish()

    def _away(self) -> str:
        return f"the target cannot be reached since {self._unreachable[0]}"

    def _not_checkable(self, contract: Contract[Any], reason: str) -> tuple[Outcome, str]:
        self._keep()
        self.findings.not_checkable(contract.statements, reason)
        return Outcome.NOT_CHECKABLE, reason

    def _violated(
        self, contract: Contract[Any], violation: Violation, *, reached: bool = True, examples: int | None = None
    ) -> tuple[Outcome, str]:
        if reached:
            self._unreachable.clear()
        if examples is None:
            self._keep()
        self._session.add_evidence(violation)
        self.findings.violated(contract.statements, contract.name, self._examples, violation)
        return Outcome.VIOLATED, f"{violation.statement or contract.statement}: {violation}"

    def _crashed(self, contract: Contract[Any], error: Exception) -> tuple[Outcome, str]:
        self._keep()
        crash = _crash(error)
        self.findings.crashed(contract.statements, contract.name, self._examples, crash)
        return Outcome.ERROR, crash.summary


def _crash(error: Exception) -> Crash:
    summary = printable(" ".join(f"{type(error).__name__}: {error}".split()))
    return Crash(summary, printable("".join(traceback.format_exception(error))))
