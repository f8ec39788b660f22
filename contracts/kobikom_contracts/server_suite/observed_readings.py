"""The part of a server session that keeps which reading of each ambiguity the target was seen to follow."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping

from kobikom_contracts.clauses import READING_BY_NAME, Clause
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.core.session import Session
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.server_suite.target import Target


class ReadingSession(Session, ABC):
    """What the target shows of a reading rules out the values that do not fit."""

    def __init__(self, target: Target, *, profile: Profile, seed: int) -> None:
        super().__init__(profile=profile, seed=seed)
        self.target = target
        self._possible: dict[str, tuple[str, ...]] = {}

    def observed_reading(self, clause: Clause) -> str | None:
        """See the base class."""
        seen = [self._shown(one.name) for one in clause.readings if one.name in self._possible]
        return ", ".join(seen) or None

    def _shown(self, name: str) -> str:
        possible = self._possible[name]
        open_ = " (not decided today: it prints them alike)" if name == "dates" and len(possible) > 1 else ""
        return f"{name}={' or '.join(possible)}{open_}"

    def decide(self, name: str, found: object, values: Mapping[str, object], *, statement: str | None = None) -> None:
        """Narrow down the reading that the target follows by an observation; a violation when none fits.

        ``values`` maps readings to what each would show; several may fit. It is a violation, too, when
        the target followed another reading before, or does not follow the one insisted on. ``statement``:
        the one that is then broken, when it isn't the reading's own.
        """
        reading = READING_BY_NAME[name]
        broken = statement or reading.statement
        fits = tuple(value for value in values if values[value] == found)
        if not fits:
            either = " or ".join(f"{values[v]!r} ({name}={v})" for v in values)
            raise Violation(either, repr(found), statement=broken)
        insisted = self.target.readings.get(name, "any")
        if insisted != "any" and insisted not in fits:
            expected = f"{name}={insisted}: {values.get(insisted)!r}"
            raise Violation(expected, f"{name}={fits[0]}: {found!r}", statement=broken, insisted=True)
        possible = self.possible_readings(name)
        if not set(fits) & set(possible):
            before = f"{name}={' or '.join(possible)} as before"
            raise Violation(before, f"{name}={fits[0]}: {found!r}", statement=broken)
        self._possible[name] = tuple(value for value in possible if value in fits)

    def observe(self, name: str, found: object, values: Mapping[str, object], *, statement: str | None = None) -> None:
        """The same for what passes by: a violation is filed, and the contract goes on."""
        try:
            self.decide(name, found, values, statement=statement)
        except Violation as violation:
            violation.statement = violation.statement or READING_BY_NAME[name].statement
            self.file(violation)

    def possible_readings(self, name: str) -> tuple[str, ...]:
        """The values of a reading that fit everything the target has shown."""
        return self._possible.get(name, READING_BY_NAME[name].values)

    def reading(self, name: str) -> str | None:
        """The value of a reading that the target follows; None while more than one is possible."""
        possible = self.possible_readings(name)
        return possible[0] if len(possible) == 1 else None
