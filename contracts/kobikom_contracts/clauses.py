"""The registry of the protocol's clauses, their statements, and the readings.

A clause is a numbered subject of the protocol; each of its statements has the marks of its own sources (**D**
documented, **O** observed, **A** the ancestor's manual, **I** inferred). A reading is one way to understand
an ambiguous statement; the first value is the default.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kobikom_contracts.clause_table import CLAUSE_TABLE, READINGS


class Source(StrEnum):
    """Where a statement comes from, strongest first."""

    DOCUMENTED = "D"
    OBSERVED = "O"
    ANCESTOR = "A"
    INFERRED = "I"


@dataclass(frozen=True, slots=True)
class Reading:
    """An ambiguity: its name, the statement that a target with none of its values breaks, the values.

    The first value is the default.
    """

    name: str
    statement: str
    values: tuple[str, ...]

    @property
    def clause(self) -> str:
        """The id of the clause it belongs to."""
        return clause_of(self.statement)

    @property
    def default(self) -> str:
        """The value that a server follows unless it is configured otherwise."""
        return self.values[0]


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a clause: id (``T-01.2``), its source marks, the sentence."""

    id: str
    sources: tuple[Source, ...]
    sentence: str

    @property
    def source(self) -> str:
        """The marks as they are printed: ``D, A``."""
        return ", ".join(self.sources)

    @property
    def documented(self) -> bool:
        """True when the vendor's page says it: only then can a foreign target violate it."""
        return Source.DOCUMENTED in self.sources


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: id (``T-01``), what it is about, its statements, its ambiguities."""

    id: str
    subject: str
    statements: tuple[Statement, ...]
    readings: tuple[Reading, ...] = field(default=())

    @property
    def area(self) -> str:
        """The letter before the dash: T, A, S, C, R, H, B or E."""
        return self.id.partition("-")[0]

    @property
    def sources(self) -> tuple[Source, ...]:
        """The marks of its statements, each once, strongest first."""
        return tuple(mark for mark in Source if any(mark in one.sources for one in self.statements))

    @property
    def source(self) -> str:
        """The marks as they are printed: ``D, A``."""
        return ", ".join(self.sources)


class UnknownName(ValueError):
    """A clause id, a reading or a value that does not exist; the text names those that do."""


def clause_of(statement: str) -> str:
    """The id of the clause that a statement belongs to: ``T-01`` for ``T-01.2``."""
    return statement.partition(".")[0]


def _build() -> Mapping[str, Clause]:
    readings = [Reading(name, statement, values) for name, statement, values in READINGS]
    clauses = {}
    for block in CLAUSE_TABLE.strip().split("\n\n"):
        head, *lines = block.split("\n")
        ident, _, subject = head.partition(" ")
        own = tuple(r for r in readings if r.clause == ident)
        clauses[ident] = Clause(ident, subject, tuple(_statements(ident, lines)), own)
    return clauses


def _statements(clause: str, lines: Iterable[str]) -> Iterable[Statement]:
    for number, line in enumerate(lines, 1):
        marks, _, sentence = line.partition(" ")
        yield Statement(f"{clause}.{number}", tuple(Source(mark) for mark in marks), sentence)


CLAUSES: Mapping[str, Clause] = _build()
"""Every clause by id, in the order of the protocol."""

STATEMENTS: Mapping[str, Statement] = {one.id: one for clause in CLAUSES.values() for one in clause.statements}
"""Every statement by id, in the order of the protocol."""

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
