"""The registry of the protocol's clauses and readings.

A clause is one numbered sentence of the protocol with the marks of its sources (**D** documented, **O**
observed, **A** the ancestor's manual, **I** inferred). A reading is one way to understand an ambiguous
clause; the first value is the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kobikom_contracts.clause_table import READINGS, ROWS


class Source(StrEnum):
    """Where a clause comes from, strongest first."""

    DOCUMENTED = "D"
    OBSERVED = "O"
    ANCESTOR = "A"
    INFERRED = "I"


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguity: its name, the clause it belongs to, its values (the first is the default)."""

    name: str
    clause: str
    values: tuple[str, ...]

    @property
    def default(self) -> str:
        """The value that a server follows unless it is configured otherwise."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: id (``T-01``), a sentence, its source marks, its ambiguities."""

    id: str
    sentence: str
    sources: tuple[Source, ...]
    readings: tuple[Reading, ...] = field(default=())

    @property
    def area(self) -> str:
        """The letter before the dash: T, A, S, C, R, H, B or E."""
        return self.id.partition("-")[0]

    @property
    def source(self) -> str:
        """The marks as they are printed: ``D, A``."""
        return ", ".join(self.sources)

    @property
    def inferred_only(self) -> bool:
        """True when neither the vendor's page nor a real client shows it (marks A and I only)."""
        return not {Source.DOCUMENTED, Source.OBSERVED} & set(self.sources)


class UnknownName(ValueError):
    """A clause id, a reading or a value that does not exist; the text names those that do."""


def _build() -> Mapping[str, Clause]:
    readings = [Reading(name, clause, values) for name, clause, values in READINGS]
    return {
        ident: Clause(
            ident,
            sentence,
            tuple(Source(mark) for mark in marks),
            tuple(r for r in readings if r.clause == ident),
        )
        for ident, marks, sentence in ROWS
    }


CLAUSES: Mapping[str, Clause] = _build()
"""Every clause by id, in the order of the protocol."""

READING_BY_NAME: Mapping[str, Reading] = {r.name: r for clause in CLAUSES.values() for r in clause.readings}
"""Every reading by name."""


def select(wanted: Iterable[str]) -> tuple[str, ...]:
    """Clause ids named by ``wanted`` (ids, or areas such as ``R``), in protocol order.

    Raises :class:`UnknownName` for a name that is neither.
    """
    chosen: set[str] = set()
    for name in (w.strip().upper() for w in wanted):
        named = {c.id for c in CLAUSES.values() if name in (c.id, c.area)}
        if not named:
            raise UnknownName(f"no clause {name!r}; clauses are {', '.join(CLAUSES)}")
        chosen |= named
    return tuple(ident for ident in CLAUSES if ident in chosen)


def parse_readings(pairs: Iterable[str]) -> dict[str, str]:
    """``NAME=VALUE`` pairs as a mapping; ``any`` accepts every documented value of that name.

    Raises :class:`UnknownName` when name or value does not exist.
    """
    chosen: dict[str, str] = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals:
            raise UnknownName(f"{pair!r} is not NAME=VALUE")
        reading = READING_BY_NAME.get(name)
        if reading is None:
            raise UnknownName(f"no reading {name!r}; readings are {', '.join(READING_BY_NAME)}")
        if value not in (*reading.values, "any"):
            raise UnknownName(f"reading {name} has no value {value!r}; it has {', '.join(reading.values)}, any")
        chosen[name] = value
    return chosen
