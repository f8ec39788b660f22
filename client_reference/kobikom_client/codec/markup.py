"""A tolerant parser for the API's small documents.

A strict XML parser would reject the vendor's own examples (`<status><0</status>`, a missing
`<result>`, no `</DeliveryReport>`), and the results of messages already sent would be lost. This
parser reads tags one by one, treats a `<` that does not begin a tag as text, expands only the five
entities of XML, and reports whether the root element was closed. It takes linear time and never
raises.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass

# A tag contains no `<`, so a match never runs past the next one and parsing takes linear time.
_TAG = re.compile(
    r"<(?P<closing>/?)(?P<name>[A-Za-z_][\w.:-]*)"
    r"""(?P<attributes>(?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(?P<empty>/?)>"""
)
_ATTRIBUTE = re.compile(r"""([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
_REFERENCE = re.compile(r"&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_SECTIONS = (("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"))
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([\w.:-]{1,40})[\"']")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ENCODINGS = frozenset({"utf-8", "ascii", "cp1254", "cp1252", "iso8859-9", "iso8859-1"})


@dataclass(frozen=True, slots=True)
class Tag:
    """One tag. Names are converted to lower case: the API's use of case varies (T-07)."""

    name: str
    closing: bool
    empty: bool
    attributes: dict[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """The name of the root element ("" if there is none), its content, and whether it was closed."""

    root: str
    inside: tuple[Tag | str, ...]
    closed: bool

    def leaves(self) -> Iterator[tuple[str, str]]:
        """(name, text) of each element as it closes; the text of an element with child elements is ""."""
        opened, text = "", ""
        for piece in self.inside:
            if isinstance(piece, str):
                text += piece
            elif piece.closing or piece.empty:
                yield piece.name, text.strip() if piece.name == opened else ""
                opened, text = "", ""
            else:
                opened, text = piece.name, ""


def parse(text: str) -> Document:
    """Parse `text` up to the closing tag of the root element; the rest is ignored."""
    pieces = _pieces(text)
    root = next((piece for piece in pieces if not isinstance(piece, str) or piece.strip()), "")
    if isinstance(root, str) or root.closing:
        return Document("", (), closed=False)
    if root.empty:
        return Document(root.name, (), closed=True)
    inside: list[Tag | str] = []
    for piece in pieces:
        if isinstance(piece, Tag) and piece.closing and piece.name == root.name:
            return Document(root.name, tuple(inside), closed=True)
        inside.append(piece)
    return Document(root.name, tuple(inside), closed=False)


def decode(body: bytes, content_type: str = "") -> str:
    """The text of an answer. The encoding is taken from the byte order mark, the XML declaration or
    the `charset` of `content_type`; otherwise UTF-8 is tried, then windows-1254. A wrong encoding does
    not damage codes, ids and numbers, which are ASCII.
    """
    for bom, encoding in _BOMS:
        if body.startswith(bom):
            return body[len(bom) :].decode(encoding, "replace")
    if body[:2] in (b"<\0", b"\0<"):
        return body.decode("utf-16-le" if body[0] else "utf-16-be", "replace")
    declared, charset = _DECLARED.search(body), _CHARSET.search(content_type)
    names = (declared and declared[1].decode("ascii", "replace"), charset and charset[1], "utf-8")
    for name in names:
        try:
            if name and codecs.lookup(name).name in _ENCODINGS:
                # An answer that was cut inside a character loses only that character.
                return codecs.getincrementaldecoder(name)().decode(body)
        except (LookupError, UnicodeError):
            continue
    return body.decode("cp1254", "replace")


def _pieces(text: str) -> Iterator[Tag | str]:
    at = 0
    while (start := text.find("<", at)) >= 0:
        if start > at:
            yield _unescape(text[at:start])
        if section := next((pair for pair in _SECTIONS if text.startswith(pair[0], start)), None):
            opening, closing = section
            inner = start + len(opening)
            end = text.find(closing, inner)
            if end < 0:
                yield text[start:]  # the document ends inside the section
                return
            if opening == "<![CDATA[":
                yield text[inner:end]
            at = end + len(closing)
        elif match := _TAG.match(text, start):
            yield _tag(match)
            at = match.end()
        else:
            yield "<"
            at = start + 1
    if at < len(text):
        yield _unescape(text[at:])


def _tag(match: re.Match[str]) -> Tag:
    attributes = {
        name.lower(): _unescape(double or single) for name, double, single in _ATTRIBUTE.findall(match["attributes"])
    }
    name = match["name"].rpartition(":")[2].lower()
    return Tag(name, bool(match["closing"]), bool(match["empty"]), attributes)


def _unescape(text: str) -> str:
    return _REFERENCE.sub(_character, text) if "&" in text else text


def _character(reference: re.Match[str]) -> str:
    decimal, hexadecimal, name = reference.groups()
    if name:
        return _NAMED[name]
    point = int(decimal) if decimal else int(hexadecimal, 16)
    valid = point <= 0x10FFFF and not 0xD800 <= point <= 0xDFFF
    return chr(point) if valid else "\ufffd"
