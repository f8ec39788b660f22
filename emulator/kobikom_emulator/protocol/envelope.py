"""From the bytes of a POST body to one parsed, hardened XML tree (T-02, T-03, T-05, T-06, T-11).

Body forms, encodings and the parser are known only here. Malformed bytes raise `Malformed` and nothing else.
"""

from __future__ import annotations

import codecs
import re
import threading
from functools import lru_cache
from urllib.parse import unquote_to_bytes

import msgspec
from lxml import etree

WHITE = b" \t\r\n"

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_ENCODINGS = frozenset({"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"})
"""Codecs of Python that are not encodings of XML."""
_UNMARKED_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARATION = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"'][^>]*\?>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_PREFIX = re.compile(rb"[xX][mM][lL][ \t\r\n]*=[ \t\r\n]*")
_LATER_PREFIX = re.compile(rb"(?:[^&]*&){1,64}?" + _PREFIX.pattern)
# A prolog has no second BOM, but the parser skips one.
_PROLOG = re.compile(rb"(?:[ \t\r\n]+|\xef\xbb\xbf|<!--.*?-->|<\?.*?\?>)*", re.DOTALL)
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_MULTIPART_FIELD = re.compile(rb"\bname=\"?xml\"?[;\s]", re.IGNORECASE)


class Malformed(Exception):
    """The body cannot be read as a request of this API: status -22 (A-04).

    `line` and `column` count from 1 in the XML as the server sees it (without prefix and form encoding); 0 where there
    is no place.
    """

    def __init__(self, clause: str, *, expected: str, found: str, line: int = 0, column: int = 0) -> None:
        super().__init__(f"{clause}: expected {expected}, found {found}")
        self.clause = clause
        self.expected = expected
        self.found = found
        self.line = line
        self.column = column


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The content of a body: the XML as UTF-8 bytes, the encoding that it had, and its root element."""

    xml: bytes
    encoding: str
    root: etree._Element


def open_envelope(
    body: bytes, *, content_type: str = "", undeclared_bytes: str = "refuse", max_depth: int = 64
) -> Envelope:
    """Read a body in any of the forms real clients send; of `content_type` only the charset is used (T-03)."""
    xml, encoding = _decoded(body, content_type, undeclared_bytes)
    _refuse_doctype(xml)
    return Envelope(xml, encoding, _parse(xml, max_depth))


def xml_of(body: bytes, *, content_type: str = "") -> bytes:
    """The document in a body, well-formed or not, as UTF-8 if its encoding is known: lines and columns count in it."""
    try:
        return _decoded(body, content_type, "windows-1254")[0]
    except Malformed:
        return body


def _decoded(body: bytes, content_type: str, undeclared_bytes: str) -> tuple[bytes, str]:
    """The document in a body as UTF-8, and the encoding that it had (T-02, T-05)."""
    xml = _unwrap(body)
    declared = _encoding_of(xml, content_type)
    encoding = declared or "utf-8"
    if not declared and undeclared_bytes != "refuse" and not _is_utf8(xml):
        encoding = undeclared_bytes
    return (xml if encoding == "utf-8" else _to_utf8(xml, encoding)), encoding


def _unwrap(body: bytes) -> bytes:
    """Strip BOM, white space and the `XML=` prefix or form encoding; never form-decode literal XML (T-02)."""
    if body[:1] == b"<" and body[1:2] != b"\x00":  # the common case: bare XML
        return body
    if body[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) or b"\x00" in body[:4]:
        return body  # UTF-16 and UTF-32 are supported for bare XML only
    text = body.removeprefix(codecs.BOM_UTF8).lstrip(WHITE)
    if text[:1] == b"<":
        return text
    if prefix := _PREFIX.match(text):
        return _field_value(text[prefix.end() :])
    if text[:2] == b"--":
        return _multipart_field(text)
    if prefix := _LATER_PREFIX.match(text):
        return _field_value(text[prefix.end() :])
    return text


def _field_value(rest: bytes) -> bytes:
    rest = rest.removeprefix(codecs.BOM_UTF8).lstrip(WHITE)
    return rest if rest[:1] == b"<" else _form_decode(rest.split(b"&", 1)[0])


def _form_decode(value: bytes) -> bytes:
    return unquote_to_bytes(value.replace(b"+", b" ")).removeprefix(codecs.BOM_UTF8).strip(WHITE)


def _multipart_field(text: bytes) -> bytes:
    """The field named XML of a multipart body; the boundary is read from its first line, not from the header (T-03)."""
    boundary = text[: text.find(b"\n")].rstrip(b"\r\n \t")
    for part in text.split(boundary):
        head, blank, value = part.partition(b"\r\n\r\n")
        if not blank:
            head, blank, value = part.partition(b"\n\n")
        if blank and _MULTIPART_FIELD.search(head + b"\n"):
            return value.strip(WHITE).removeprefix(codecs.BOM_UTF8)
    raise Malformed("T-02", expected="a multipart field named XML", found="a multipart body without it")


def _encoding_of(xml: bytes, content_type: str) -> str:
    """XML declaration or BOM, else the charset parameter, else "" for undeclared bytes (T-05)."""
    for mark, name in _BOMS:
        if xml.startswith(mark):
            return name
    for start, name in _UNMARKED_UTF16:
        if xml.startswith(start):
            return name
    declared: bytes | None = None
    if xml[:5] == b"<?xml" and (declaration := _DECLARATION.match(xml[:256])):
        declared = declaration[1]
    elif "charset" in content_type.lower() and (parameter := _CHARSET.search(content_type)):
        declared = parameter[1].encode()
    if declared is None:
        return ""
    try:
        name = codecs.lookup(declared.decode()).name
    except LookupError:
        name = ""
    if not name or name in _NO_ENCODINGS:
        raise Malformed("T-05", expected="a known encoding", found=f"encoding {declared.decode()!r}")
    return name


def _to_utf8(xml: bytes, encoding: str) -> bytes:
    try:
        text = xml.decode(encoding)
        return text.removeprefix("\ufeff").lstrip().encode()
    except (UnicodeError, LookupError) as error:
        raise Malformed("T-05", expected=f"text in {encoding}", found=_first_sentence(str(error))) from None


def _is_utf8(xml: bytes) -> bool:
    try:
        xml.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_doctype(xml: bytes) -> None:
    """A DOCTYPE is refused before the parser sees it, so that no entity is ever defined (T-11)."""
    if _DOCTYPE.search(xml) is None:
        return
    prolog = _PROLOG.match(xml)
    end = prolog.end() if prolog else 0
    if _DOCTYPE.match(xml, end):
        line, column = place_of(xml, end)
        raise Malformed("T-11", expected="no DOCTYPE", found="a DOCTYPE", line=line, column=column)


_parsers = threading.local()


def _parser() -> etree.XMLParser:
    """One hardened parser for each thread: making one costs as much as parsing a small request."""
    parser: etree.XMLParser | None = getattr(_parsers, "parser", None)
    if parser is None:
        parser = _parsers.parser = etree.XMLParser(
            encoding="utf-8",
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
            collect_ids=False,
        )
    return parser


def _parse(xml: bytes, max_depth: int) -> etree._Element:
    if not xml:
        raise Malformed("T-02", expected="an XML document", found="an empty body")
    try:
        root = etree.fromstring(xml, _parser())
    except etree.XMLSyntaxError as error:
        line, column = error.position
        found = _first_sentence(error.msg or "no XML")
        clause = "T-11" if "depth" in found.lower() else "A-04"
        expected = "well-formed XML, where a text writes & as &amp; and < as &lt;"
        raise Malformed(clause, expected=expected, found=found, line=line, column=column) from None
    except ValueError as error:  # lxml refuses some inputs before libxml2 sees them
        raise Malformed("A-04", expected="well-formed XML", found=_first_sentence(str(error))) from None
    if _deeper_than(xml, root, max_depth):
        raise Malformed("T-11", expected=f"elements at most {max_depth} deep", found="deeper nesting", line=1, column=1)
    return root


def _deeper_than(xml: bytes, root: etree._Element, limit: int) -> bool:
    """Whether any element lies deeper than `limit`; a body with few tags is not searched."""
    return xml.count(b"<") >= 2 * limit and bool(_path_of_depth(limit + 1)(root))


@lru_cache(maxsize=4)
def _path_of_depth(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * depth})")


def place_of(xml: bytes, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of a byte offset; the column counts characters."""
    before = xml[:offset]
    line = before.count(b"\n") + 1
    last = before[before.rfind(b"\n") + 1 :]
    return line, len(last.decode("utf-8", "replace")) + 1


def _first_sentence(message: str) -> str:
    return message.split("\n", 1)[0].split(", line ", 1)[0][:200]
