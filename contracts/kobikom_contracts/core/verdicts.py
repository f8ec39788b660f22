"""Verdicts, the exceptions that lead to them, and the run that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from kobikom_contracts.clauses import Clause, Statement
from kobikom_contracts.transcript import Exchange


class Outcome(StrEnum):
    """What a run says of one statement, or of a clause."""

    HELD = "held"
    VIOLATED = "violated"
    NOT_CHECKABLE = "not_checkable"
    DIFFERS = "differs"
    """The target does otherwise, but the vendor's page does not say it and it does not bind this target."""
    ERROR = "error"
    """A contract of the clause crashed: a fault of the judge, which says nothing about the target."""


class Violation(AssertionError):
    """The target did something else than a statement says.

    ``expected`` and ``found`` are sentences or reprs. ``statement`` names the one violated when it is not
    the contract's own. ``insisted``: a reading was insisted on, which binds any target. ``cause`` is a short
    sentence for a fault that shows at several statements: the first is the finding, the others are its echoes.
    ``mend`` says in one line how to mend it. ``consequence``: it follows from nearly any other fault, and counts
    only where its contract found no other. ``counterexample`` and ``exchanges`` are added by the session.
    """

    def __init__(
        self,
        expected: object,
        found: object,
        *,
        statement: str | None = None,
        insisted: bool = False,
        cause: str = "",
        mend: str = "",
        consequence: bool = False,
    ) -> None:
        self.expected = printable(str(expected))
        self.found = printable(str(found))
        super().__init__(f"expected {self.expected}; found {self.found}")
        self.statement = statement
        self.insisted = insisted
        self.cause = cause
        self.mend = mend
        self.consequence = consequence
        self.echoes: list[str] = []
        """Statements at which the same cause showed again."""
        self.counterexample: str | None = None
        self.exchanges: tuple[Exchange, ...] = ()
        self.flaky = False
        """True when the same example also passed."""
        self.seen = self.tries = 1
        """How often it was seen, of how many tries."""
        self.replayed = False
        """True when the same example broke the property again: it need not be tried once more."""


class NotCheckable(Exception):
    """The target lacks what a contract needs; the text is the reason shown in the report."""


class Disturbed(NotCheckable):
    """The target does something that says nothing about the statement being judged, such as limiting the rate.

    ``kind`` is a word for it; the text is a sentence. It is named once in the report.
    """

    def __init__(self, kind: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(slots=True)
class Disturbance:
    """Something about the target that kept statements from being judged: its kind, a sentence, how often it was met."""

    kind: str
    sentence: str
    times: int = 1


class CannotRun(Exception):
    """The run cannot start: target unreachable, login refused, bad option. The text is one line."""


@dataclass(frozen=True, slots=True)
class StatementVerdict:
    """What a run says of one statement of a clause, and a line about it. ``examples``: how often it was tried."""

    statement: Statement
    outcome: Outcome
    detail: str = ""
    examples: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run says of one clause, with the evidence.

    ``statement`` is the one that the outcome, expected and found belong to, None when the clause held or
    could not be judged; ``statements`` are the verdicts on all of them. ``contracts`` names the contracts
    that ran, ``examples`` counts what they tried. ``reading`` is ``name=value`` when the clause is
    ambiguous and the target's choice was observed. ``traceback`` is that of the first contract that
    crashed, empty when none did.
    """

    clause: Clause
    outcome: Outcome
    statement: Statement | None = None
    statements: tuple[StatementVerdict, ...] = ()
    contracts: tuple[str, ...] = ()
    examples: int = 0
    reading: str | None = None
    detail: str = ""
    expected: str | None = None
    found: str | None = None
    counterexample: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    traceback: str = ""
    mend: str = ""
    """How to mend it, in one line, where that is known."""
    echoes: tuple[str, ...] = ()
    """Statements at which the same cause showed again."""
    seconds: float = 0.0
    """How long the contracts took of which this is the first clause."""


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass(frozen=True, slots=True)
class Run:
    """The result of judging one target: every verdict, in the order of the clauses.

    ``target``: the server's URL or the adapter's command. ``spent``: what the run used, by name
    (messages and parts of a server, calls and requests of a client). ``disturbances``: what kept statements from
    being judged. ``ended``: why the run ended before all contracts had run, empty when it did not. ``date``: when
    it ended, by ISO 8601. ``options``: those of the command, without secrets.
    """

    target: str
    seed: int
    profile: str
    verdicts: tuple[Verdict, ...]
    seconds: float = 0.0
    spent: Mapping[str, int] = field(default_factory=dict)
    disturbances: tuple[Disturbance, ...] = ()
    ended: str = ""
    date: str = field(default_factory=_now)
    options: Mapping[str, object] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """Number of clauses by outcome, every outcome present."""
        counts = Counter(verdict.outcome for verdict in self.verdicts)
        return {outcome.value: counts[outcome] for outcome in Outcome}

    @property
    def checked(self) -> bool:
        """True when at least one clause was judged, or the run was of no clause."""
        return not self.verdicts or any(one.outcome is not Outcome.NOT_CHECKABLE for one in self.verdicts)

    def outcomes(self) -> Iterator[tuple[str, str]]:
        """The id and outcome of each clause, and of each statement of one; `not-checkable` with a dash."""
        for verdict in self.verdicts:
            yield verdict.clause.id, verdict.outcome.value.replace("_", "-")
            for one in verdict.statements:
                yield one.statement.id, one.outcome.value.replace("_", "-")

    def failed(self, *, strict: bool = False) -> bool:
        """True when a clause is violated (with ``strict``: or differs)."""
        outcomes = {Outcome.VIOLATED, Outcome.DIFFERS} if strict else {Outcome.VIOLATED}
        return any(verdict.outcome in outcomes for verdict in self.verdicts)

    @property
    def crashed(self) -> bool:
        """True when the judge itself failed on at least one clause."""
        return any(verdict.outcome is Outcome.ERROR or verdict.traceback for verdict in self.verdicts)

    def of(self, clause: str) -> Verdict:
        """The verdict on one clause by id; KeyError when it was not part of the run."""
        for verdict in self.verdicts:
            if verdict.clause.id == clause:
                return verdict
        raise KeyError(clause)


def printable(text: str) -> str:
    """The text with control characters and lone surrogates escaped, so that any report can hold it."""
    return "".join(c if c.isprintable() or c in "\n\t" else repr(c)[1:-1] for c in text)
