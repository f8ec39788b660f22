"""Law: verdicts and the run that holds them; plain values every report is made from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kobikom_contracts.clauses import Clause
from kobikom_contracts.wire import Exchange


class Outcome(StrEnum):
    """What a run says of one clause."""

    HELD = "held"
    VIOLATED = "violated"
    NOT_CHECKABLE = "not_checkable"
    DIFFERS = "differs"
    """A clause that rests on inference, at a target that isn't ours: a discovery, not a fault."""


class Violation(AssertionError):
    """A target did something else than a clause says.

    ``expected`` and ``found`` are sentences or reprs; ``clause`` overrides the contract's own when
    the contract judges several; ``reading`` insisted on is put in words by the raiser.
    """

    def __init__(self, expected: object, found: object, *, clause: str | None = None) -> None:
        super().__init__(f"expected {expected}; found {found}")
        self.expected = str(expected)
        self.found = str(found)
        self.clause = clause
        self.counterexample: str | None = None
        self.exchanges: tuple[Exchange, ...] = ()
        self.flaky = False


class NotCheckable(Exception):
    """The target lacks what a contract needs; the text is the reason shown in the report."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a run says of one clause, with the evidence.

    ``reading`` is ``name=value`` when the clause is ambiguous and the target's choice was seen;
    ``contracts`` names what was run; ``examples`` counts the examples that were tried.
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


@dataclass(frozen=True, slots=True)
class Run:
    """A whole judgement: where, with what seed and profile, every verdict in protocol order.

    ``spent`` is what it took: messages and parts of a server, calls and requests of a client.
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
        counts = Counter(v.outcome for v in self.verdicts)
        return {outcome.value: counts[outcome] for outcome in Outcome}

    def failed(self, *, strict: bool = False) -> bool:
        """True when something is violated (with ``strict``: or differs)."""
        bad = {Outcome.VIOLATED, Outcome.DIFFERS} if strict else {Outcome.VIOLATED}
        return any(v.outcome in bad for v in self.verdicts)

    def of(self, ident: str) -> Verdict:
        """The verdict on one clause; KeyError when it wasn't part of the run."""
        for verdict in self.verdicts:
            if verdict.clause.id == ident:
                return verdict
        raise KeyError(ident)
