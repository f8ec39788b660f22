"""The index of texts that a database may have: it narrows a search, and never decides it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.connection import Connection


class TextIndex(Protocol):
    """Which messages can have some words. A search looks at every message that is not in it."""

    together: int
    """Messages that are one document at most."""

    def expression(self, words: Iterable[str]) -> str:
        """What is looked for to find all of these words; "" where the index says nothing of them."""

    def candidates(
        self, connection: Connection, contents: int, expression: str, first: int, last: int
    ) -> Iterator[int]:
        """The numbers, newest first, at which documents begin that have what is looked for. What no document from
        `first` on to `last` has, no message between them has.
        """

    def delete(self, connection: Connection, contents: int, rows: Iterable[Row], searchable: int) -> None:
        """Take batches out of the index, as far as they are in it: messages with numbers below `searchable` are."""


class NoTextIndex:
    """For a database without one."""

    together = 1

    def expression(self, words: Iterable[str]) -> str:  # as in TextIndex
        return ""

    def candidates(self, *_: object) -> Iterator[int]:
        return iter(())

    def delete(self, *_: object) -> None:
        return None
