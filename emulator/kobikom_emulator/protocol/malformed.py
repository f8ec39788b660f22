"""The error of a body that cannot be read, and places in a document."""

from __future__ import annotations

from typing import Self


class Malformed(Exception):
    """The body cannot be read as a request of this API: status -22 (A-04).

    `line` and `column` count from 1 in the XML as the server sees it (without prefix and form encoding); 0 where there
    is no place. Where a limit is exceeded, `limit` names it as settings do (`max-depth`), and `most` is its value.
    """

    def __init__(
        self, clause: str, *, expected: str, found: str, line: int = 0, column: int = 0, limit: str = "", most: int = 0
    ) -> None:
        super().__init__(f"{clause}: expected {expected}, found {found}")
        self.clause = clause
        self.expected = expected
        self.found = found
        self.line = line
        self.column = column
        self.limit = limit
        self.most = most

    @classmethod
    def over(cls, limit: str, most: int, *, at: tuple[int, int] = (0, 0)) -> Self:
        """The error of a document that exceeds a limit at a place (line, column)."""
        line, column = at
        expected = f"at most {most} (limits.{limit})"
        return cls("T-11", expected=expected, found="more", line=line, column=column, limit=limit, most=most)


def place_of(xml: bytes, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a byte offset; the column counts characters."""
    line = xml.count(b"\n", 0, offset) + 1
    last = xml[xml.rfind(b"\n", 0, offset) + 1 : offset]
    return line, len(last.decode("utf-8", "replace")) + 1
