"""Read the journal of a space."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import islice
from typing import TypeVar

from kobikom_emulator.journal.entries import Operation, Outcome
from kobikom_emulator.journal.journal import NumberedEntry, size_of
from kobikom_emulator.operations.errors import NotFound
from kobikom_emulator.space.space import Space

T = TypeVar("T")

LARGE_ENTRY = 256 * 1024
"""Bytes of an entry from which on it is read in the thread for large work."""


class JournalOperations:
    """The journal of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    @property
    def written(self) -> int:
        """How many entries were written, those included that are not kept any more."""
        return self._space.journal.written

    def list(
        self,
        *,
        operation: Operation | None = None,
        outcome: Outcome | None = None,
        user: str | None = None,
        before: int | None = None,
        limit: int | None = 100,
    ) -> list[NumberedEntry]:
        """The entries that pass the filters, newest first, with numbers below `before`; None: without a limit."""

        def passes(numbered: NumberedEntry) -> bool:
            number, entry = numbered
            return (
                (before is None or number < before)
                and (operation is None or entry.operation is operation)
                and (outcome is None or entry.outcome is outcome)
                and (user is None or entry.user == user)
            )

        return list(islice(filter(passes, reversed(self._space.journal)), limit))

    async def read(self, numbered: NumberedEntry, work: Callable[[NumberedEntry], T]) -> T:
        """What a function makes of an entry: of a large one in the thread for large work, and others get their turn
        after each.
        """
        space = self._space
        if size_of(numbered.entry) > LARGE_ENTRY:
            return await space.large_work.run(partial(work, numbered))
        await asyncio.sleep(0)
        return work(numbered)

    def show(self, number: int) -> NumberedEntry:
        """`NotFound` where there is no entry of this number, or not any more."""
        for numbered in self._space.journal:
            if numbered.number == number:
                return numbered
        raise NotFound(f"space {self._space.name!r} has no journal entry {number}, or not any more")
