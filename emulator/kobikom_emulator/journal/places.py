"""Finds the lines and columns of the places that notes name, in one pass over the document.

What it keeps are these places, not those of all elements: a document can have paths a thousand times its own size.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kobikom_emulator.journal.notes import Note
from kobikom_emulator.protocol.names import lower


class Places:
    """Line and column of each of some paths in a well-formed document (UTF-8)."""

    def __init__(self, xml: bytes, paths: Iterable[str]) -> None:
        self._wanted = _Wanted()
        for path in paths:
            self._wanted.add(path)
        if self._wanted.children:
            _find(xml, self._wanted)

    def of(self, note: Note) -> tuple[int, int]:
        """Line and column of a note, from 1, (0, 0) where it has none. A missing element has the place of its nearest
        parent.
        """
        return (note.line, note.column) if note.line else self._wanted.place_of(note.path)


class _Wanted:
    """A place that is wanted or is around one: the children that lead to others, by name and position among those of
    the name, and how many of each such name were seen so far.
    """

    def __init__(self) -> None:
        self.place = (0, 0)
        self.children: dict[tuple[str, int], _Wanted] = {}
        self.seen: dict[str, int] = {}

    def add(self, path: str) -> None:
        """Want the place of a path that begins here."""
        around = self
        for name, nth in _steps(path):
            around.seen[name] = 0
            around = around.children.setdefault((name, nth), _Wanted())

    def next(self, name: str) -> _Wanted | None:
        """What is wanted of the next child of this name; None where nothing is."""
        seen = self.seen.get(name)
        if seen is None:
            return None
        self.seen[name] = seen + 1
        return self.children.get((name, seen + 1))

    def place_of(self, path: str) -> tuple[int, int]:
        """The place of a path, or of the last step to it that was found."""
        around = self
        for step in _steps(path):
            child = around.children.get(step)
            if child is None or child.place == (0, 0):
                break
            around = child
        return around.place


def _find(xml: bytes, wanted: _Wanted) -> None:
    """Set the place of what is wanted, up to where the document is not well-formed."""
    from xml.parsers import expat  # only explanations need it

    parser = expat.ParserCreate("utf-8", None, None)  # it need not keep the names
    parser.ordered_attributes = True
    inside: list[_Wanted | None] = [wanted]
    """What is wanted in each of the elements that are open."""

    def start(tag: str, _: list[str]) -> None:
        around = inside[-1]
        here = None if around is None else around.next(lower(tag.rpartition(":")[2]))
        if here is not None:
            here.place = (parser.CurrentLineNumber, parser.CurrentColumnNumber + 1)
        inside.append(here)

    def end(_: str) -> None:
        inside.pop()

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    try:
        for at in range(0, len(xml), _STEP):
            parser.Parse(xml[at : at + _STEP], at + _STEP >= len(xml))
    except expat.ExpatError:
        return


_STEP = 1 << 18
"""Bytes that are read at a time."""

_ELEMENT = re.compile(r"/([^/@[]+)(?:\[([0-9]+)\])?")


def _steps(path: str) -> Iterator[tuple[str, int]]:
    """The elements of a path, each with its position among those of its name; an attribute is where its element is."""
    return ((lower(step[1]), int(step[2] or 1)) for step in _ELEMENT.finditer(path))
