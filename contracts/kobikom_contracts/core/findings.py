"""What a run found out about each statement, and the one place where a verdict is computed from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from kobikom_contracts.clauses import STATEMENTS, Clause, Statement
from kobikom_contracts.core.verdicts import Outcome, StatementVerdict, Verdict, Violation

NOT_JUDGED = "no contract judges this clause"

"""Reason of a clause of which no statement is judged."""
STATEMENT_NOT_JUDGED = "no contract judges this statement"

MOST_OTHERS = 3
"""Further violations of a clause that its detail shows."""

_SEVERITY = (Outcome.VIOLATED, Outcome.ERROR, Outcome.DIFFERS, Outcome.HELD, Outcome.NOT_CHECKABLE)
"""A clause has the first of these that one of its statements has."""


@dataclass(frozen=True, slots=True)
class Crash:
    """An exception of the judge's own code: one line of what it was, and the traceback."""

    summary: str
    traceback: str


@dataclass(slots=True)
class StatementFindings:
    """Everything that the contracts of one statement found.

    ``ran``: the examples tried by each contract, by its name. ``reasons`` say why one did not judge it.
    """

    ran: dict[str, int] = field(default_factory=dict)
    reasons: list[str] = field(default_factory=list)
    violations: list[tuple[str, Violation]] = field(default_factory=list)
    crashes: list[tuple[str, Crash]] = field(default_factory=list)
    shown_by: str = ""
    """The exchange that showed it first, where a recording is judged."""

    @property
    def examples(self) -> int:
        """How often it was tried, or seen in a recording."""
        return sum(self.ran.values())


class Findings:
    """Findings by statement id, filled while contracts run."""

    def __init__(self) -> None:
        self._by_statement: dict[str, StatementFindings] = defaultdict(StatementFindings)
        self._causes: dict[str, tuple[str, Violation]] = {}
        """The statement and the first violation of each named cause."""
        self._stopped: dict[str, tuple[str, Violation]] = {}
        """The statement and the violation that stopped each contract, by the contract's name."""
        self._filed: dict[str, list[str]] = defaultdict(list)
        """Names of the contracts that filed a violation of a statement, once for each."""
        self.seconds: dict[str, float] = defaultdict(float)
        """How long the contracts of a clause took, each counted at its first clause."""
        self.ended = ""
        """Why the run ended before all contracts had run; empty when it did not."""

    def of(self, statement: str) -> StatementFindings:
        """The findings on one statement by id, empty when no contract spoke of it."""
        return self._by_statement[statement]

    def held(self, statements: Sequence[str], name: str, examples: int) -> None:
        """A contract ended without objection."""
        for statement in statements:
            self._ran(statement, name, examples)

    def violated(self, statements: Sequence[str], name: str, examples: int, violation: Violation) -> None:
        """A contract was stopped by a violation; its other statements remain unjudged by it."""
        violated = violation.statement or statements[0]
        self._stopped[name] = (violated, violation)
        self._add(violated, name, examples, violation)
        for statement in statements:
            if statement != violated:
                self.of(statement).reasons.append(f"{name} was stopped by {violated}")

    def filed(self, name: str, examples: int, violation: Violation) -> None:
        """A contract that went on found a violation of a statement that may not be its own."""
        assert violation.statement, "a filed violation names its statement"
        self._filed[violation.statement].append(name)
        self._add(violation.statement, name, examples, violation)

    def resolve_echoes(self) -> None:
        """Where a statement's violations were filed only by contracts that were stopped, they are echoes.

        What stopped the contract is then the finding, unless the vendor's page says the filed statement only.
        """
        for statement, names in self._filed.items():
            violations = self.of(statement).violations
            if len(violations) != len(names) or any(name not in self._stopped for name in names):
                continue
            causes = [self._stopped[name] for name in names]
            if _weight(statement) > min(_weight(first) for first, _ in causes):
                continue
            if any(first == statement for first, _ in causes):
                continue
            for first, violation in causes:
                if statement not in violation.echoes:
                    violation.echoes.append(statement)
                self.of(statement).reasons.append(f"its difference came with that of {first}")
            for name in names:
                self.of(statement).ran.pop(name, None)
            violations.clear()

    def not_checkable(self, statements: Sequence[str], reason: str) -> None:
        """A contract could not run, or not to its end."""
        for statement in statements:
            self.of(statement).reasons.append(reason)

    def crashed(self, statements: Sequence[str], name: str, examples: int, crash: Crash) -> None:
        """A contract crashed: none of its statements was judged by it."""
        for statement in statements:
            self._ran(statement, name, examples)
            self.of(statement).crashes.append((name, crash))

    def _add(self, statement: str, name: str, examples: int, violation: Violation) -> None:
        """Keep a violation; one of a cause that is known from another statement becomes its echo."""
        if violation.cause:
            first, known = self._causes.setdefault(violation.cause, (statement, violation))
            if first != statement:
                if statement not in known.echoes:
                    known.echoes.append(statement)
                self.of(statement).reasons.append(f"the same cause as {first}: {violation.cause}")
                return
        self._ran(statement, name, examples)
        self.of(statement).violations.append((name, violation))

    def _ran(self, statement: str, name: str, examples: int) -> None:
        self.of(statement).ran[name] = max(examples, 1)


def verdict_of(clause: Clause, findings: Findings, *, reading: str | None, binding: bool) -> Verdict:
    """The verdict on a clause: that of its statement that fares worst, with the verdicts on all of them.

    A statement that the vendor's page says is ``violated`` by any target that does otherwise. Any other is
    violated where it binds (``binding``) or where a reading was insisted on, and ``differs`` elsewhere. A
    violation outweighs a crash, a crash outweighs a difference and the contracts that held.
    """
    judged = [(one, findings.of(one.id)) for one in clause.statements]
    statements = tuple(_statement_verdict(one, found, binding=binding) for one, found in judged)
    outcome = min((one.outcome for one in statements), key=_SEVERITY.index)
    decisive = next(pair for pair, verdict in zip(judged, statements, strict=True) if verdict.outcome is outcome)
    violation = decisive[1].violations[0][1] if decisive[1].violations else None
    ran = {name: examples for _, found in judged for name, examples in found.ran.items()}
    crashes = [crash for _, found in judged for _, crash in found.crashes]
    return Verdict(
        clause,
        outcome,
        decisive[0] if violation else None,
        statements,
        tuple(ran),
        sum(ran.values()),
        reading,
        _detail(outcome, [found for _, found in judged], decisive),
        violation.expected if violation else None,
        violation.found if violation else None,
        violation.counterexample if violation else None,
        violation.exchanges if violation else (),
        crashes[0].traceback if crashes else "",
        violation.mend if violation else "",
        tuple(violation.echoes) if violation else (),
        findings.seconds[clause.id],
    )


def _weight(statement: str) -> int:
    """1 for a statement that the vendor's page says, else 0."""
    return int(statement in STATEMENTS and STATEMENTS[statement].documented)


def _statement_verdict(statement: Statement, findings: StatementFindings, *, binding: bool) -> StatementVerdict:
    if findings.violations:
        binds = binding or statement.documented or any(one.insisted for _, one in findings.violations)
        outcome = Outcome.VIOLATED if binds else Outcome.DIFFERS
        return StatementVerdict(statement, outcome, str(findings.violations[0][1]), findings.examples)
    if findings.crashes:
        return StatementVerdict(statement, Outcome.ERROR, findings.crashes[0][1].summary)
    if not findings.ran:
        reasons = list(dict.fromkeys(findings.reasons))
        return StatementVerdict(statement, Outcome.NOT_CHECKABLE, "; ".join(reasons) or STATEMENT_NOT_JUDGED)
    return StatementVerdict(statement, Outcome.HELD, findings.shown_by, findings.examples)


def _by_chance(violation: Violation) -> str:
    if violation.seen < violation.tries:
        return f"not every time: in {violation.seen} of {violation.tries} tries"
    return "not every time: the same example also passed"


def _detail(outcome: Outcome, every: list[StatementFindings], decisive: tuple[Statement, StatementFindings]) -> str:
    """What is to be said of a clause beside its outcome: other violations, crashes, what was not judged."""
    crashes = list(
        dict.fromkeys(f"contract {name} crashed: {crash.summary}" for one in every for name, crash in one.crashes)
    )
    reasons = list(dict.fromkeys(reason for one in every for reason in one.reasons))
    violations = [pair for one in every for pair in one.violations]
    if not violations:
        if outcome is Outcome.NOT_CHECKABLE:
            return "; ".join(reasons or [NOT_JUDGED])
        return "; ".join([*crashes, *(f"in part: {reason}" for reason in reasons)])
    first = decisive[1].violations[0] if decisive[1].violations else violations[0]
    flaky = [_by_chance(first[1])] if first[1].flaky else []
    others = [f"also {name}: {more}" for name, more in violations if more is not first[1]]
    if len(others) > MOST_OTHERS:
        others[MOST_OTHERS:] = [f"and {len(others) - MOST_OTHERS} more"]
    echoes = [f"seen again at {', '.join(first[1].echoes)}"] if first[1].echoes else []
    return "; ".join([f"contract {first[0]}", *flaky, *echoes, *others, *crashes])
