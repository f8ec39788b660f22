"""Notes say why an answer is what it is. They are in the journal, never in the answer.

A note cites a statement and names a path. Line and column are found when a reader asks, by a second parse of the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

import msgspec
from msgspec.structs import replace

from kobikom_emulator.phrases import Phrase


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
    times: int = 1
    """How many findings like this there are; the path is that of the first."""

    @property
    def clause(self) -> str:
        return self.statement.partition(".")[0]


MOST_NOTES = 100
"""Different notes of one kind and statement that an entry keeps; the rest are counted."""

_POSITION = re.compile(r"\[[0-9]+\]")


def grouped(notes: Sequence[Note]) -> tuple[Note, ...]:
    """Notes that differ in the position only as one, and at most `MOST_NOTES` of each kind and statement (T-11)."""
    groups: dict[tuple[object, ...], list[Note]] = {}
    for note in notes:
        path = _POSITION.sub("", note.path)
        key = (note.kind, note.statement, path, note.expected, note.found, note.code, note.line, note.column)
        groups.setdefault(key, []).append(note)
    kept: list[Note] = []
    rest: dict[tuple[Kind, str], Note] = {}
    counts: Counter[tuple[Kind, str]] = Counter()
    for group in groups.values():
        first, times = group[0], sum([note.times for note in group])
        kind = (first.kind, first.statement)
        counts[kind] += 1
        if counts[kind] <= MOST_NOTES:
            kept.append(first if times == first.times else replace(first, times=times))
        else:
            before = rest.get(kind)
            found = Phrase("more than {count} different ones", count=MOST_NOTES)
            times += before.times if before else 0
            rest[kind] = Note(first.kind, first.statement, found=found, times=times)
    return (*kept, *rest.values())


def locate(xml: bytes) -> Mapping[str, tuple[int, int]]:
    """Path (lower case) to line and column, from 1, of every element of a well-formed document. Paths are
    written as the decoder writes them.
    """
    from xml.parsers import expat  # only explanations need it

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
