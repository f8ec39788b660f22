"""Read the journal of a space."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_emulator.journal.entries import NumberedEntry
from kobikom_emulator.operations.errors import NotFound
from kobikom_emulator.space.space import Space


class JournalOperations:
    """The journal of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    @property
    def written(self) -> int:
        """How many entries there ever were."""
        return self._space.journal.written

    def list(
        self,
        *,
        operation: str | None = None,
        outcome: str | None = None,
        user: str | None = None,
        before: int | None = None,
        limit: int = 100,
    ) -> list[NumberedEntry]:
        """The entries that pass the filters, newest first, with numbers below `before`."""

        def wanted(entry: NumberedEntry) -> bool:
            return (
                (before is None or entry.number < before)
                and (operation is None or entry.operation == operation)
                and (outcome is None or entry.outcome == outcome)
                and (user is None or entry.user == user)
            )

        return list(_first(filter(wanted, reversed(self._space.journal)), limit))

    def show(self, number: int) -> NumberedEntry:
        """`NotFound` where there is no entry of this number, or not any more."""
        for entry in self._space.journal:
            if entry.number == number:
                return entry
        raise NotFound(f"space {self._space.name!r} has no journal entry {number}, or not any more")


def _first(entries: Iterator[NumberedEntry], limit: int) -> Iterator[NumberedEntry]:
    for _, entry in zip(range(limit), entries, strict=False):
        yield entry
