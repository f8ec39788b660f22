"""From the bytes of a POST body to one parsed, hardened XML tree (T-02, T-03, T-05, T-06, T-11).

Body forms, encodings and the parser are known only here. Malformed bytes raise `Malformed` and nothing else.
"""

from __future__ import annotations

import codecs
import re
import threading
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

import msgspec
from lxml import etree

from kobikom_emulator.protocol.bounds import Bounds, end_of_unread, may_be_oversized, refuse_oversized
from kobikom_emulator.protocol.encodings import as_utf8, codec_of
from kobikom_emulator.protocol.malformed import Malformed, place_of

__all__ = ["Envelope", "Malformed", "open_envelope", "place_of", "xml_of"]

WHITE = b" \t\r\n"
_WHITE_RUN = re.compile(rb"(?:[ \t\r\n]+|\xc2\xa0){1,4096}")
_WHITE_RUN_BACKWARDS = re.compile(rb"(?:[ \t\r\n]+|\xa0\xc2){1,4096}")

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-16", "utf-32")
_UNMARKED_UTF16 = ((b"<\x00", "utf-16-le"), (b"\x00<", "utf-16-be"))
_DECLARATION = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"'][^>]*\?>")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._:-]+)", re.IGNORECASE)
_PREFIX = re.compile(rb"[xX][mM][lL][ \t\r\n]*=[ \t\r\n]*")
_LATER_PREFIX = re.compile(rb"(?:[^&]*&){1,64}?" + _PREFIX.pattern)
# A prolog has no second BOM, but the parser skips one.
_BETWEEN = re.compile(rb"(?:[ \t\r\n]|\xef\xbb\xbf)*")
_DOCTYPE = re.compile(rb"<!DOCTYPE", re.IGNORECASE)
_MULTIPART_FIELD = re.compile(rb"\bname=\"?xml\"?[;\s]", re.IGNORECASE)
_SHOWN = 60
"""Characters of an encoding's name that are quoted."""
_MOST_PARTS = 1000
"""Parts of a multipart body among which the field is looked for."""
_DEFAULT_BOUNDS = Bounds()
_SHORTEST_LEVEL = 7
"""Bytes of an element that another one is in, `<a></a>`."""
_FORM_STEP = 1 << 16
"""Bytes of a form that are decoded at a time."""


class Envelope(msgspec.Struct, frozen=True, gc=False):
    """The content of a body: the XML as UTF-8 bytes, the encoding that it had, its root element, and the charset
    parameter that was ignored because the bytes are UTF-8 without it, "" if none was (T-03).
    """

    xml: bytes
    encoding: str
    root: etree._Element
    ignored_charset: str = ""


class _Document(NamedTuple):
    """The XML of a body in the bytes that were sent, and what is said about them outside of the XML."""

    octets: bytes
    charset: str = ""
    """The charset parameter of the request or of the multipart part, "" if there is none."""
    mark: str = ""
    """The encoding of a BOM before the prefix `XML=`."""


class _Decoded(NamedTuple):
    xml: bytes
    encoding: str
    ignored_charset: str = ""


def open_envelope(
    body: bytes,
    *,
    content_type: str = "",
    undeclared_bytes: str = "refuse",
    bounds: Bounds = _DEFAULT_BOUNDS,
) -> Envelope:
    """Read a body in any of the forms real clients send; of `content_type` only the charset is used (T-03)."""
    xml, encoding, ignored_charset = _decoded(body, content_type, undeclared_bytes)
    if xml[:1] != b"<" or xml[1:2] in (b"!", b"?"):  # otherwise the root element comes first
        _refuse_doctype(xml)
    if may_be_oversized(xml, bounds):
        refuse_oversized(xml, bounds)
    return Envelope(xml, encoding, _parse(xml, bounds.max_depth), ignored_charset)


def xml_of(body: bytes, *, content_type: str = "", undeclared_bytes: str = "windows-1254") -> bytes:
    """The document in a body, well-formed or not, as UTF-8 if its encoding is known: lines and columns count in it."""
    try:
        return _decoded(body, content_type, undeclared_bytes).xml
    except Malformed:
        return body


def _decoded(body: bytes, content_type: str, undeclared_bytes: str) -> _Decoded:
    """The document in a body as UTF-8, and the encoding that it had (T-02, T-05)."""
    octets, charset = body, _charset_of(content_type)
    if body[:1] != b"<" or body[1:2] == b"\x00":  # otherwise bare XML in single bytes: the common case
        octets, charset, mark = _unwrap(body, charset)
        mark = _mark_of(octets) or mark
        octets = octets.removeprefix(codecs.BOM_UTF8)
        if mark:
            xml = octets if mark == "utf-8" else _to_utf8(octets, mark)
            _refuse_contradiction(mark, _declaration_of(xml))
            return _Decoded(_trimmed(xml), mark)
    if octets[-1:] != b">" or octets[:1] != b"<":
        octets = _trimmed(octets)
    if octets[:5] == b"<?xml" and (declared := _declaration_of(octets)):
        encoding = _known_encoding(declared)
        return _Decoded(_to_utf8(octets, encoding), encoding)
    if charset:
        return _by_parameter(octets, charset)
    if undeclared_bytes != "refuse" and not _is_utf8(octets):
        return _Decoded(_to_utf8(octets, undeclared_bytes), undeclared_bytes)
    return _Decoded(octets, "utf-8")


def _unwrap(body: bytes, charset: str) -> _Document:
    """Strip white space and the `XML=` prefix or form encoding; never form-decode literal XML (T-02)."""
    if _begins_xml(body):
        return _Document(body, charset)
    text = _after_white(body.removeprefix(codecs.BOM_UTF8))
    mark = "utf-8" if body.startswith(codecs.BOM_UTF8) else ""
    if _begins_xml(text):
        return _Document(text, charset, mark)
    if text[:2] == b"--":
        return _multipart_field(text, charset, mark)
    if prefix := _PREFIX.match(text) or _LATER_PREFIX.match(text):
        return _Document(_field_value(text[prefix.end() :]), charset, mark)
    return _Document(text, charset, mark)


def _begins_xml(octets: bytes) -> bool:
    """Whether literal XML begins here, in any encoding. What has a BOM or is UTF-16 is no form."""
    return octets[:1] == b"<" or bool(_mark_of(octets))


def _field_value(rest: bytes) -> bytes:
    text = _after_white(rest)
    return text if _begins_xml(text) else _form_decode(rest.partition(b"&")[0])


def _form_decode(value: bytes) -> bytes:
    value = value.replace(b"+", b" ")
    pieces: list[bytes] = []
    at = 0
    while at < len(value):  # each %XX costs an object until its piece is decoded
        end = at + _FORM_STEP
        percent = value.rfind(b"%", end - 2, end)
        if percent >= 0:
            end = percent + 3
        pieces.append(unquote_to_bytes(value[at:end]))
        at = end
    return _after_white(b"".join(pieces))


def _multipart_field(text: bytes, charset: str, mark: str) -> _Document:
    """The field named XML of a multipart body; the boundary is read from its first line, not from the header (T-03).

    The part's own charset parameter comes before that of the request.
    """
    boundary = text[: text.find(b"\n")].rstrip(b"\r\n \t")
    for part in text.split(boundary, _MOST_PARTS):
        head, blank, value = part.partition(b"\r\n\r\n")
        if not blank:
            head, blank, value = part.partition(b"\n\n")
        if blank and _MULTIPART_FIELD.search(head + b"\n"):
            value = value.removesuffix(b"\n").removesuffix(b"\r")
            own_charset = _charset_of(head.decode("latin-1"))
            return _Document(_after_white(value), own_charset or charset, mark)
    raise Malformed("T-02", expected="a multipart field named XML", found="a multipart body without it")


def _mark_of(octets: bytes) -> str:
    """The encoding that a BOM names, or that a `<` beside a zero octet gives away; "" if none does (T-05)."""
    if octets[:1] == b"<" and octets[1:2] != b"\x00":
        return ""
    for mark, name in _BOMS + _UNMARKED_UTF16:
        if octets.startswith(mark):
            return name
    return ""


@lru_cache(maxsize=64)
def _charset_of(content_type: str) -> str:
    """The charset parameter of a Content-Type, "" if it has none."""
    parameter = _CHARSET.search(content_type) if "charset" in content_type.lower() else None
    return parameter[1] if parameter else ""


def _declaration_of(xml: bytes) -> str:
    """The encoding that the XML declaration names, "" if none."""
    declaration = _DECLARATION.match(xml[:256]) if xml[:5] == b"<?xml" else None
    return declaration[1].decode() if declaration else ""


def _known_encoding(declared: str) -> str:
    """The codec that the declaration of a text in single bytes names (T-05)."""
    name = codec_of(declared)
    if not name:
        raise Malformed("T-05", expected="a known encoding", found=f"encoding {declared[:_SHOWN]!r}")
    if name.startswith(_WIDE):
        raise Malformed("T-05", expected=f"text in {declared}, as declared", found="text in single bytes")
    return name


def _refuse_contradiction(mark: str, declared: str) -> None:
    """A BOM that contradicts the declaration is -22: one of the two is a mistake (T-05)."""
    named = codec_of(declared).replace("_", "-") if declared else mark
    if named[:6] != mark[:6]:  # utf-16 names both orders
        raise Malformed(
            "T-05", expected=f"encoding {mark}, as the first bytes say", found=f"encoding {declared[:_SHOWN]!r}"
        )


def _by_parameter(octets: bytes, charset: str) -> _Decoded:
    """Text whose encoding only a charset parameter names. A wrong one is ignored if the bytes are UTF-8 (T-03)."""
    name = codec_of(charset)
    if name != "utf-8" and _is_utf8(octets):
        if octets.isascii() and name and not name.startswith(_WIDE):
            return _Decoded(_to_utf8(octets, name), name)
        return _Decoded(octets, "utf-8", charset)
    if not name:
        raise Malformed("T-05", expected="a known encoding", found=f"encoding {charset[:_SHOWN]!r}")
    return _Decoded(_to_utf8(octets, name), name)


def _after_white(octets: bytes) -> bytes:
    """Without white space at the beginning, U+00A0 included (T-06)."""
    return octets[_end_of(_WHITE_RUN, octets) :]


def _trimmed(xml: bytes) -> bytes:
    """Without white space before and after the document, U+00A0 included (T-06)."""
    if xml[:1] != b"<":
        xml = _after_white(xml)
    if xml[-1:] == b">":
        return xml
    return xml[: len(xml) - _end_of(_WHITE_RUN_BACKWARDS, xml[::-1])]


def _end_of(run: re.Pattern[bytes], octets: bytes) -> int:
    """Where the runs of white space end with which the octets begin."""
    at = 0
    while match := run.match(octets, at):  # in runs: nothing else happens during a match
        at = match.end()
    return at


def _to_utf8(xml: bytes, encoding: str) -> bytes:
    if encoding == "utf-8":
        return xml
    try:
        return _trimmed(as_utf8(xml, encoding))
    except UnicodeError as error:
        raise Malformed("T-05", expected=f"text in {encoding}", found=_first_sentence(str(error))) from None


def _is_utf8(xml: bytes) -> bool:
    try:
        xml.decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_doctype(xml: bytes) -> None:
    """A DOCTYPE is refused before the parser sees it, so that no entity is ever defined (T-11)."""
    end = _end_of_prolog(xml)
    if _DOCTYPE.match(xml, end):
        line, column = place_of(xml, end)
        raise Malformed("T-11", expected="no DOCTYPE", found="a DOCTYPE", line=line, column=column)


def _end_of_prolog(xml: bytes) -> int:
    """The end of the comments and processing instructions before the root element: a DOCTYPE can only stand there."""
    at = 0
    while True:
        between = _BETWEEN.match(xml, at)
        at = at if between is None else between.end()
        end = end_of_unread(xml, at)
        if end < 0:
            return at
        at = end


_parsers = threading.local()


def _parser() -> etree.XMLParser:
    """A hardened parser, kept for this thread: making one costs as much as parsing a small request."""
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
    parser: etree.XMLParser = getattr(_parsers, "parser", None) or _parser()
    try:
        root = etree.fromstring(xml, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        found = _first_sentence(error.msg or "no XML")
        if "depth" in found.lower():
            raise Malformed.over("max-depth", max_depth, at=(line, column)) from None
        expected = "well-formed XML, where a text writes & as &amp; and < as &lt;"
        raise Malformed("A-04", expected=expected, found=found, line=line, column=column) from None
    except ValueError as error:  # lxml refuses some inputs before libxml2 sees them
        raise Malformed("A-04", expected="well-formed XML", found=_first_sentence(str(error))) from None
    if len(xml) > _SHORTEST_LEVEL * max_depth and _deeper_than(xml, root, max_depth):
        raise Malformed.over("max-depth", max_depth, at=(1, 1))
    return root


def _deeper_than(xml: bytes, root: etree._Element, limit: int) -> bool:
    """Whether any element lies deeper than `limit`; a body with few tags is not searched."""
    return xml.count(b"<") >= 2 * limit and bool(_path_of_depth(limit + 1)(root))


@lru_cache(maxsize=4)
def _path_of_depth(depth: int) -> etree.XPath:
    return etree.XPath(f"boolean({'/*' * depth})")


def _first_sentence(message: str) -> str:
    return message.partition("\n")[0].partition(", line ")[0][:200]
