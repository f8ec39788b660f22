"""Verdicts, the exceptions that lead to them, and the run that holds them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kobikom_contracts.clauses import Clause
from kobikom_contracts.transcript import Exchange


class Outcome(StrEnum):
    """What a run says of one clause."""

    HELD = "held"
    VIOLATED = "violated"
    NOT_CHECKABLE = "not_checkable"
    DIFFERS = "differs"
    """Violated, but the clause rests on inference alone and does not bind this target."""
    ERROR = "error"
    """A contract of the clause crashed: a fault of the judge, which says nothing about the target."""


class Violation(AssertionError):
    """The target did something else than a clause says.

    ``expected`` and ``found`` are sentences or reprs. ``clause`` names the violated clause when it is
    not the contract's own. ``counterexample`` and ``exchanges`` are added by the session.
    """

    def __init__(self, expected: object, found: object, *, clause: str | None = None) -> None:
        self.expected = printable(str(expected))
        self.found = printable(str(found))
        super().__init__(f"expected {self.expected}; found {self.found}")
        self.clause = clause
        self.counterexample: str | None = None
        self.exchanges: tuple[Exchange, ...] = ()
        self.flaky = False
        """True when the same example also passed."""


class NotCheckable(Exception):
    """The target lacks what a contract needs; the text is the reason shown in the report."""


class CannotRun(Exception):
    """The run cannot start: target unreachable, login refused, bad option. The text is one line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run says of one clause, with the evidence.

    ``contracts`` names the contracts that ran, ``examples`` counts what they tried. ``reading`` is
    ``name=value`` when the clause is ambiguous and the target's choice was observed. ``traceback`` is
    that of the first contract that crashed, empty when none did.
    """

    clause: Clause
    outcome: Outcome
    contracts: tuple[str, ...] = ()
    examples: int = 0
    reading: str | None = None
    detail: str = ""
    expected: str | None = None
    found: str | None = None
    counterexample: str | None = None
    exchanges: tuple[Exchange, ...] = ()
    traceback: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """The result of judging one target: every verdict, in the order of the clauses.

    ``target``: the server's URL or the adapter's command. ``spent``: what the run used, by name
    (messages and parts of a server, calls and requests of a client).
    """

    target: str
    seed: int
    profile: str
    verdicts: tuple[Verdict, ...]
    seconds: float = 0.0
    spent: Mapping[str, int] = field(default_factory=dict)

    @property
    def summary(self) -> dict[str, int]:
        """Number of clauses by outcome, every outcome present."""
        counts = Counter(verdict.outcome for verdict in self.verdicts)
        return {outcome.value: counts[outcome] for outcome in Outcome}

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
