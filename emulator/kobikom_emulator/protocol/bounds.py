"""Refuses a document that is too large in some way before it is parsed, in one pass over its bytes (T-11).

The limits keep time and memory of what comes after in proportion to the body's size: a tree has 40 times the size of
the shortest elements, and a namespace is part of the name of each element that is in it.
"""

from __future__ import annotations

from typing import Any

import msgspec

from kobikom_emulator.protocol.malformed import Malformed, place_of


class Bounds(msgspec.Struct, frozen=True, gc=False):
    """The limits of one document: elements within elements, elements and attributes, bytes of one text or tag."""

    max_depth: int = 64
    max_elements: int = 1_048_576
    max_text: int = 262_144


MAX_NAMESPACE = 1000
"""Characters of the name of a namespace."""

_SHORTEST = 4
"""Bytes of the shortest element, `<a/>`."""
_STEP = 1 << 18


def may_be_oversized(xml: bytes, bounds: Bounds) -> bool:
    """Whether a document has to be looked at by `refuse_oversized`: most are too short to exceed anything."""
    length = len(xml)
    return length > bounds.max_text or length > _SHORTEST * bounds.max_elements or b"xmlns" in xml


def refuse_oversized(xml: bytes, bounds: Bounds) -> None:
    """`Malformed` with the limit that a document (UTF-8) exceeds, and where. The depth is left to the parser."""
    if len(xml) > bounds.max_text:
        _refuse_long_pieces(xml, bounds.max_text)
    may_exceed = False
    if len(xml) > _SHORTEST * bounds.max_elements:
        # In a text there is no <, but in a comment or CDATA section; there may be a = anywhere.
        elements = _count(xml, b"<") - _count(xml, b"</") - _count(xml, b"<?")
        if elements > bounds.max_elements and b"<!" not in xml:
            raise Malformed.over("max-elements", bounds.max_elements)
        may_exceed = elements + _count(xml, b"=") > bounds.max_elements
    if may_exceed or _may_have_long_namespace(xml):
        _Counting(bounds.max_elements).read(xml)


def _count(xml: bytes, sought: bytes) -> int:
    """How often something stands in a document. Counted in pieces: other threads wait while a piece is searched."""
    beyond = len(sought) - 1
    return sum([xml.count(sought, at, at + _STEP + beyond) for at in range(0, len(xml), _STEP)])


def _refuse_long_pieces(xml: bytes, max_text: int) -> None:
    """Look at what follows each `<` up to the next: a tag with the text behind it, or a CDATA section."""
    at = xml.find(b"<")
    while at >= 0 and len(xml) - at > max_text:
        following = xml.rfind(b"<", at + 1, at + 1 + max_text)
        if following < 0:
            end = end_of_unread(xml, at)
            if end < 0:
                raise Malformed.over("max-text", max_text, at=place_of(xml, at))
            following = xml.find(b"<", end)
        at = following


def end_of_unread(xml: bytes, at: int) -> int:
    """The end of a comment or processing instruction that begins at a place; -1 where none does."""
    for opening, closing in ((b"<!--", b"-->"), (b"<?", b"?>")):
        if xml.startswith(opening, at):
            end = xml.find(closing, at + len(opening))
            return len(xml) if end < 0 else end + len(closing)
    return -1


def _may_have_long_namespace(xml: bytes) -> bool:
    """Whether a `xmlns` stands so far from the end of a tag that a long name can be between them."""
    at = xml.find(b"xmlns")
    while at >= 0:
        if xml.find(b">", at, at + MAX_NAMESPACE) < 0:
            return True
        at = xml.find(b"xmlns", at + 5)
    return False


class _Counting:
    """Counts elements, attributes, CDATA sections and comments with a parser that keeps no tree; ends with the first
    that is over the limit.
    """

    def __init__(self, most: int) -> None:
        from xml.parsers import expat  # few documents are so large that they are counted

        self._expat = expat
        self._parser: Any = expat.ParserCreate("utf-8", "}", None)  # it need not keep the names
        self._parser.ordered_attributes = True
        self._parser.StartElementHandler = self._start
        self._parser.StartNamespaceDeclHandler = self._namespace
        self._parser.StartCdataSectionHandler = self._count
        self._parser.CommentHandler = self._count
        self._most = self._left = most

    def read(self, xml: bytes) -> None:
        try:
            for at in range(0, len(xml), _STEP):
                self._parser.Parse(xml[at : at + _STEP], at + _STEP >= len(xml))
        except self._expat.ExpatError as error:
            expected = "well-formed XML, where a text writes & as &amp; and < as &lt;"
            found = self._expat.ErrorString(error.code) or "no XML"
            line, column = error.lineno, error.offset + 1
            raise Malformed("A-04", expected=expected, found=found, line=line, column=column) from None

    def _start(self, _: str, attributes: list[str]) -> None:
        self._count(more=len(attributes) // 2)

    def _count(self, *_: str, more: int = 0) -> None:
        self._left -= 1 + more
        if self._left < 0:
            raise Malformed.over("max-elements", self._most, at=self._place())

    def _namespace(self, _: str, name: str | None) -> None:
        if name and len(name) > MAX_NAMESPACE:
            raise Malformed(
                "T-11",
                expected=f"names of namespaces of at most {MAX_NAMESPACE} characters",
                found="a longer one",
                line=self._place()[0],
                column=self._place()[1],
            )

    def _place(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1
