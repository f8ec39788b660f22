"""Notes say why an answer is what it is. They are in the journal, never in the answer.

A note cites a statement and names a path. Line and column are found when a reader asks, by a second pass over the body.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
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

    `line` and `column` count from 1 and are set only by the XML parser; `Places` finds them for the other notes.
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
    places: tuple[str, ...] = ()
    """The paths of the next few of them, at most `MOST_PLACES`."""

    @property
    def clause(self) -> str:
        return self.statement.partition(".")[0]


MOST_NOTES = 100
"""Different notes of one kind and statement that an entry keeps; the rest are counted."""

MOST_PLACES = 4
"""Paths beside the first that are kept of equal findings."""

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
            kept.append(first if len(group) == 1 else replace(first, times=times, places=_places(group)))
        else:
            before = rest.get(kind)
            rest[kind] = rest_of(first, times + (before.times if before else 0))
    return (*kept, *rest.values())


def _places(group: Sequence[Note]) -> tuple[str, ...]:
    """The places of equal notes after the first."""
    paths = [*group[0].places, *(path for note in group[1 : MOST_PLACES + 1] for path in (note.path, *note.places))]
    return tuple(paths[:MOST_PLACES])


def rest_of(note: Note, times: int) -> Note:
    """What stands for so many notes of the kind and statement of one, over those that are kept."""
    found = Phrase("more than {count} different ones", count=MOST_NOTES)
    return Note(note.kind, note.statement, found=found, times=times)
