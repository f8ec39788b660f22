"""The document of a request: from bytes to a tree of nodes (T-02, T-05 to T-07).

`UnreadableError` is the only error; whatever catches it answers -22.
"""

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote_to_bytes
from xml.parsers import expat

from .readings import PAPER, Readings

MAX_DEPTH = 100
_WHITE = b" \t\r\n"
_DECLARED = re.compile(rb"""<\?xml\s[^>]*?\bencoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_CHARSETS = re.compile(
    r"utf-?8|utf-?16(le|be)?|(us-)?ascii|iso-?8859-\d+|latin-?[15]|(windows-|cp)125\d",
    re.IGNORECASE,
)


class UnreadableError(Exception):
    """The body is not a document of this dialect (-22)."""


@dataclass(slots=True)
class Node:
    """One element; names in lower case (T-07), `text` without what stands in child elements."""

    name: str
    attributes: dict[str, str]
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def all(self, name: str) -> Iterator["Node"]:
        """Direct children of that name, in document order."""
        return (child for child in self.children if child.name == name)

    def raw(self, name: str) -> str:
        """Text of the first such child, exactly as written; absent equals empty."""
        return next((child.text for child in self.all(name)), "")

    def value(self, name: str) -> str:
        """The same without surrounding white space."""
        return self.raw(name).strip()


def read(body: bytes, content_type: str = "", readings: Readings = PAPER) -> Node:
    """The root node of a request body, whatever it is wrapped in; raises UnreadableError."""
    fallback = "" if readings.undeclared_bytes == "refuse" else "windows-1254"
    return _parse(_decode(_unwrap(body), content_type, fallback))


def _lead(data: bytes) -> bytes:
    """Without leading white space and UTF-8 BOMs (T-06); one BOM directly before `<` stays."""
    stripped = data.lstrip(_WHITE)
    while stripped.startswith(codecs.BOM_UTF8):
        rest = stripped[3:].lstrip(_WHITE)
        if rest.startswith(b"<"):
            return codecs.BOM_UTF8 + rest
        stripped = rest
    return stripped


def _unwrap(body: bytes) -> bytes:
    """The document inside a body: bare, XML=literal, XML=encoded, form or multipart field."""
    declared = _DECLARED.match(body.removeprefix(codecs.BOM_UTF8))
    if declared and body.startswith(codecs.BOM_UTF8) and declared[1].lower() not in (b"utf-8", b"utf8"):
        raise UnreadableError("a BOM against the declaration")
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            body = codecs.BOM_UTF8 + body.decode("utf-16").encode()
        except UnicodeError as error:
            raise UnreadableError(str(error)) from None
    marked = body.lstrip(_WHITE).startswith(codecs.BOM_UTF8)
    start = _lead(body)
    if start.startswith(b"--"):
        start = _lead(_multipart_field(start))
    elif not start.removeprefix(codecs.BOM_UTF8).startswith((b"<", b"\0<")):
        found = re.search(rb"(?:\A|&)xml=", start, re.IGNORECASE)
        if found is None:
            raise UnreadableError("neither XML nor a field named XML")
        start = _lead(start[found.end() :])
        if not start.removeprefix(codecs.BOM_UTF8).startswith(b"<"):
            value = start.split(b"&", 1)[0].replace(b"+", b" ")
            start = _lead(unquote_to_bytes(value))
    if marked and not start.startswith(codecs.BOM_UTF8):
        return codecs.BOM_UTF8 + start
    return start


def _multipart_field(body: bytes) -> bytes:
    """The part named XML; multipart is known by its own first line, not by a header (T-03)."""
    boundary = re.split(rb"\r?\n", body, maxsplit=1)[0].rstrip()
    for part in re.split(rb"(?:\A|\r?\n)" + re.escape(boundary), body):
        head, blank, content = part.replace(b"\r\n\r\n", b"\n\n", 1).partition(b"\n\n")
        if blank and re.search(rb"""[;\s]name\s*=\s*["']?xml["']?\s*(?:[;\r\n]|$)""", head, re.IGNORECASE):
            return content
    raise UnreadableError("no multipart field named XML")


def _decode(document: bytes, content_type: str, fallback: str) -> str:
    """BOM, else declaration, else charset parameter, else UTF-8, else the fallback if there is one (T-05)."""
    charset = "utf-8"
    declared = _DECLARED.match(document)
    if document.startswith(codecs.BOM_UTF8):
        document = document[3:]
    elif document.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        charset = "utf-16"
    elif document.startswith((b"<\0", b"\0<")):
        charset = "utf-16-le" if document[0] else "utf-16-be"
    elif declared:
        charset = declared[1].decode("ascii")
        if not _CHARSETS.fullmatch(charset):
            raise UnreadableError(f"unknown encoding {charset}")
    elif (named := re.search(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]+)", content_type, re.IGNORECASE)) and (
        _CHARSETS.fullmatch(named[1])
    ):
        charset = named[1]  # T-03: a name nobody knows is not trusted, UTF-8 stands
    else:
        return _undeclared(document, fallback)
    try:
        return document.decode(charset)
    except (UnicodeError, LookupError) as error:
        raise UnreadableError(str(error)) from None


def _undeclared(document: bytes, fallback: str) -> str:
    """UTF-8, or the fallback for bytes that are not."""
    try:
        return document.decode()
    except UnicodeError as error:
        if not fallback:
            raise UnreadableError(str(error)) from None
        try:
            return document.decode(fallback)
        except UnicodeError as other:
            raise UnreadableError(str(other)) from None


def _parse(text: str) -> Node:
    parser = expat.ParserCreate()
    top = Node("", {})
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > MAX_DEPTH:
            raise UnreadableError("too deep")
        lowered: dict[str, str] = {}
        for key, value in attributes.items():
            lowered.setdefault(key.lower(), value)
        node = Node(name.lower(), lowered)
        stack[-1].children.append(node)
        stack.append(node)

    def end(_name: str) -> None:
        stack.pop()

    def characters(data: str) -> None:
        stack[-1].text += data

    def doctype(*_: object) -> None:
        raise UnreadableError("a DOCTYPE is refused")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = doctype
    parser.buffer_text = True
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise UnreadableError(str(error)) from None
    return top.children[0]
