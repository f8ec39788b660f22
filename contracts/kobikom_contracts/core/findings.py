"""What a run found out about each clause, and the one place where a verdict is computed from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kobikom_contracts.clauses import Clause
from kobikom_contracts.core.verdicts import Outcome, Verdict, Violation

NOT_JUDGED = "no contract judges this clause"


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception of the judge's own code: one line of what it was, and the traceback."""

    summary: str
    traceback: str


@dataclass(slots=True)
class ClauseFindings:
    """Everything that the contracts of one clause found; ``reasons`` say why one did not judge it."""

    ran: list[str] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    violations: list[tuple[str, Violation]] = field(default_factory=list)
    crashes: list[tuple[str, Crash]] = field(default_factory=list)
    examples: int = 0


class Findings:
    """Findings by clause id, filled while contracts run."""

    def __init__(self) -> None:
        self._by_clause: dict[str, ClauseFindings] = defaultdict(ClauseFindings)

    def of(self, clause: str) -> ClauseFindings:
        """The findings on one clause by id, empty when no contract spoke of it."""
        return self._by_clause[clause]

    def held(self, clauses: Sequence[str], name: str, examples: int) -> None:
        """A contract ended without objection."""
        for clause in clauses:
            self._ran(clause, name, examples)

    def violated(self, clauses: Sequence[str], name: str, examples: int, violation: Violation) -> None:
        """A contract was stopped by a violation; its other clauses remain unjudged by it."""
        violated = violation.clause or clauses[0]
        self._ran(violated, name, examples)
        self.of(violated).violations.append((name, violation))
        self._stopped(clauses, name, violated)

    def not_checkable(self, clauses: Sequence[str], reason: str) -> None:
        """A contract could not run, or not to its end."""
        for clause in clauses:
            self.of(clause).reasons.append(reason)

    def crashed(self, clauses: Sequence[str], name: str, examples: int, crash: Crash) -> None:
        """A contract crashed: none of its clauses was judged by it."""
        for clause in clauses:
            self._ran(clause, name, examples)
            self.of(clause).crashes.append((name, crash))

    def _ran(self, clause: str, name: str, examples: int) -> None:
        findings = self.of(clause)
        findings.ran.append(name)
        findings.examples += max(examples, 1)

    def _stopped(self, clauses: Sequence[str], name: str, violated: str) -> None:
        for clause in clauses:
            if clause != violated:
                self.of(clause).reasons.append(f"{name} was stopped by {violated}")


def verdict_of(clause: Clause, findings: ClauseFindings, *, reading: str | None, binding: bool) -> Verdict:
    """The verdict on a clause.

    ``binding``: whether a clause that rests on inference alone binds the target; where it does not, a
    violation is reported as ``differs``. A violation outweighs a crash, a crash outweighs the contracts
    that held.
    """
    crashes = [f"contract {name} crashed: {crash.summary}" for name, crash in findings.crashes]
    reasons = list(dict.fromkeys(findings.reasons))
    details = [*crashes, *(f"in part: {reason}" for reason in reasons)]
    outcome, violation = Outcome.HELD, None
    if findings.violations:
        name, violation = findings.violations[0]
        outcome = Outcome.DIFFERS if clause.inferred_only and not binding else Outcome.VIOLATED
        flaky = ["not every time: the same example also passed"] if violation.flaky else []
        others = [f"also {other}: {more}" for other, more in findings.violations[1:]]
        details = [f"contract {name}", *flaky, *others, *crashes]
    elif findings.crashes:
        outcome = Outcome.ERROR
    elif not findings.ran:
        outcome, details = Outcome.NOT_CHECKABLE, reasons or [NOT_JUDGED]
    return Verdict(
        clause,
        outcome,
        tuple(findings.ran),
        findings.examples,
        reading,
        "; ".join(details),
        violation.expected if violation else None,
        violation.found if violation else None,
        violation.counterexample if violation else None,
        violation.exchanges if violation else (),
        findings.crashes[0][1].traceback if findings.crashes else "",
    )
