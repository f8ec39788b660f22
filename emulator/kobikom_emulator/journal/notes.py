"""Notes say why an answer is what it is. They stand in the journal, never in the answer.

A note cites a statement and names a path. Line and column are found when a reader asks, by a second parse of the body.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from xml.parsers import expat

import msgspec


class Kind(StrEnum):
    """What a note is about: a refusal, a change to what was asked, a name that the API does not have, a remark, or the
    effect of a fault rule. `also` is what would refuse the request too, once the refusal is mended.
    """

    REFUSED = "refused"
    ALSO = "also"
    CHANGED = "changed"
    UNREAD = "unread"
    NOTED = "noted"
    FAULT = "fault"


class Note(msgspec.Struct, frozen=True, gc=False):
    """One finding: the id of a statement; `path` as in `/SMS/mesajiniz/alicilar/gsm[3]`, "" where it concerns no place;
    `code` for refusals; `hint` how to mend it.

    `line` and `column` count from 1 and are set only by the XML parser; `locate` finds them for the other notes.
    """

    kind: Kind
    statement: str
    path: str = ""
    expected: str = ""
    found: str = ""
    code: int | None = None
    line: int = 0
    column: int = 0
    hint: str = ""

    @property
    def clause(self) -> str:
        return self.statement.partition(".")[0]


def locate(xml: bytes) -> Mapping[str, tuple[int, int]]:
    """Path (lower case) to line and column, from 1, of every element of a well-formed document. Paths are
    written as the decoder writes them.
    """
    places: dict[str, tuple[int, int]] = {}
    stack: list[tuple[str, dict[str, int]]] = [("", {})]
    parser = expat.ParserCreate("utf-8")

    def start(tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2].lower()
        path, seen = stack[-1]
        nth = seen[name] = seen.get(name, 0) + 1
        here = f"{path}/{name}" if nth == 1 else f"{path}/{name}[{nth}]"
        places[here] = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        for attribute in attributes:
            places[f"{here}/@{attribute.lower()}"] = places[here]
        stack.append((here, {}))

    def end(tag: str) -> None:
        stack.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        parser.Parse(xml, True)
    except expat.ExpatError:
        return places
    return places


def place(note: Note, places: Mapping[str, tuple[int, int]]) -> tuple[int, int]:
    """Line and column of a note, (0, 0) where it has none. A missing element has the place of its nearest parent."""
    if note.line:
        return note.line, note.column
    path = note.path.lower()
    while path:
        if path in places:
            return places[path]
        path = path.rpartition("/")[0]
    return 0, 0
