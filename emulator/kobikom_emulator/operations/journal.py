"""Read the journal of a space."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from kobikom_emulator.domain.folding import folded
from kobikom_emulator.domain.matching import words_of
from kobikom_emulator.journal.entries import HttpRefusal, Operation, Outcome, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry, size_of
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.journal.searching import searched_text
from kobikom_emulator.operations.errors import NotFound
from kobikom_emulator.space.space import Space

T = TypeVar("T")

LARGE_ENTRY = 256 * 1024
"""Bytes of an entry from which on it is read in the thread for large work."""


class JournalFilter(msgspec.Struct, frozen=True):
    """Conditions on entries; those that are given all hold. `code` is the first status code that is not 0, `clause` is
    cited by a refusal, `refused` tells whether anything in it was refused, `faulted` whether a
    fault rule fired. `text` is looked for in request, answer and user.
    """

    operation: Operation | None = None
    outcome: Outcome | None = None
    user: str | None = None
    code: int | None = None
    clause: str | None = None
    refused: bool | None = None
    faulted: bool | None = None
    text: str = ""

    def passes(self, numbered: NumberedEntry) -> bool:
        """Whether an entry meets all of them but `text`."""
        entry = numbered.entry
        code = entry.code if isinstance(entry, RequestEntry) else None
        faults: Collection[str] = () if isinstance(entry, HttpRefusal) else entry.faults
        return (
            (self.operation is None or entry.operation is self.operation)
            and (self.outcome is None or entry.outcome is self.outcome)
            and (self.user is None or entry.user == self.user)
            and (self.code is None or code == self.code)
            and (self.refused is None or _is_refused(numbered) is self.refused)
            and (self.faulted is None or bool(faults) is self.faulted)
            and (
                self.clause is None
                or any(note.kind is Kind.REFUSED and note.clause == self.clause for note in entry.notes)
            )
        )


class JournalSelection(msgspec.Struct, frozen=True):
    """Entries that pass a filter, newest first, and how many pass it in all of those that are kept."""

    entries: Sequence[NumberedEntry]
    matching: int


class JournalOperations:
    """The journal of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    @property
    def written(self) -> int:
        """How many entries were written, those included that are not kept any more."""
        return self._space.journal.written

    @property
    def kept(self) -> int:
        """How many entries are kept."""
        return len(self._space.journal)

    async def select(
        self, wanted: JournalFilter, *, before: int | None = None, limit: int | None = None
    ) -> JournalSelection:
        """The entries that pass a filter, newest first, with numbers below `before`, at most `limit` (None: all)."""
        passing = [numbered for numbered in reversed(self._space.journal) if wanted.passes(numbered)]
        if wanted.text.strip():
            includes = partial(_includes, text=folded(wanted.text.strip()), words=words_of(wanted.text))
            passing = [numbered for numbered in passing if await self.read(numbered, includes)]
        older = passing if before is None else [numbered for numbered in passing if numbered.number < before]
        return JournalSelection(older[:limit], len(passing))

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


def _is_refused(numbered: NumberedEntry) -> bool:
    return any(note.kind is Kind.REFUSED for note in numbered.entry.notes)


def _includes(numbered: NumberedEntry, *, text: str, words: Sequence[str]) -> bool:
    """Whether an entry has the text as it is written, or each of its words."""
    searched = folded(searched_text(numbered.entry))
    return text in searched or all(word in searched for word in words)
