"""What an exchange shows of a statement."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from kobikom_contracts.core.verdicts import Violation


@dataclass(frozen=True, slots=True)
class Observation:
    """The exchange at ``position``, from 0, shows that a statement was kept, or the violation of it."""

    statement: str
    position: int
    violation: Violation | None = None


def observed(seen: Collection[str], violations: Iterable[Violation], position: int) -> Iterator[Observation]:
    """An observation of each statement seen: its first violation, or that it was kept.

    A violation of a statement that is not among them is an observation, too.
    """
    first: dict[str, Violation] = {}
    for violation in violations:
        assert violation.statement, "a judge of recordings names the statement"
        first.setdefault(violation.statement, violation)
    for statement in dict.fromkeys((*seen, *first)):
        yield Observation(statement, position, first.get(statement))
