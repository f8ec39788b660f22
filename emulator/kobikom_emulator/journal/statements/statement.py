"""What a statement of the protocol is, and how the tables are written."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec


class Statement(msgspec.Struct, frozen=True, gc=False):
    """One thing that the protocol promises, and who says so.

    `mark`: D the vendor's page prints it, O a real client does it, A the ancestor manual says it, I our inference;
    two letters where two of them say the same.
    """

    id: str
    mark: str
    sentence: str
    turkish: str

    @property
    def clause(self) -> str:
        return self.id.partition(".")[0]


def parsed(table: str) -> Iterator[Statement]:
    """The statements of a table: blocks of three lines (id and mark, English, Turkish) with blank lines between."""
    for block in table.strip().split("\n\n"):
        head, sentence, turkish = block.split("\n")
        statement_id, _, mark = head.partition(" ")
        yield Statement(statement_id, mark, sentence, turkish)
