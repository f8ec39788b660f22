"""Names the slip behind a body that cannot be read (-22): what it is, where, and how to mend it.

It looks at the bytes once more, with simple searches, and never changes the answer.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

import msgspec

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.protocol.bounds import Bounds
from kobikom_emulator.protocol.envelope import WHITE, open_envelope, xml_of
from kobikom_emulator.protocol.malformed import Malformed

_HEAD = 400
"""Bytes of a body in which its declaration is looked for."""
_SHOWN = 40
"""Characters of the request that a finding quotes."""

_DECLARED = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._:-]+)", re.IGNORECASE)
_WIDE = re.compile(r"utf-?(?:16|32)|ucs-?[24]|iso-10646-ucs-[24]", re.IGNORECASE)
_JSON = re.compile(rb"\s*[\[{]\s*[\"\[{\]}0-9]")
_FORM = re.compile(rb"\s*[A-Za-z_][A-Za-z0-9_.%+\[\]-]{0,60}=")
_FIELD_NAME = re.compile(rb"(?:^|&)([^=&]{1,60})=")
_PART_NAME = re.compile(rb"\bname=\"?([^\";\r\n]{1,60})")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9A-Fa-f]{1,8})|([0-9]{1,8}));")
_AMPERSAND = re.compile(r"&(?!#[0-9]+;|#x[0-9A-Fa-f]+;|[A-Za-z_][\w.-]*;)")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([A-Za-z_][\w.-]*);")
_LESS_THAN = re.compile(r"<(?![A-Za-z_/!?\u0080-\U0010ffff])")
_OUTSIDE_ASCII = re.compile(r"[^\x00-\x7f]")
_DEFAULT_BOUNDS = Bounds()
_WINDOW = 100_000
"""Characters before and after the parser's place in which the slip of a large document is looked for."""
_UNDEFINED = "\x81\x8d\x8e\x8f\x90\x9d\x9e"
"""The bytes that stand for no character in windows-1254."""
_ANY_UNDEFINED = re.compile(f"[{_UNDEFINED}]")


class Diagnosis(msgspec.Struct, frozen=True, gc=False):
    """One slip: the statement it belongs to, what was expected and found, a hint, and its place (0 for none)."""

    statement: str
    expected: str
    found: str
    hint: str = ""
    line: int = 0
    column: int = 0


def diagnose(
    body: bytes,
    malformed: Malformed,
    *,
    content_type: str = "",
    content_encoding: str = "",
    bounds: Bounds = _DEFAULT_BOUNDS,
) -> tuple[Diagnosis, ...]:
    """The slips of a body that was refused with `malformed` under `bounds`, the one that decided first."""
    for look in (_compressed, _declared_wide, _contradiction, _no_xml):
        if found := look(body, content_encoding):
            return (found,)
    xml = xml_of(body, content_type=content_type).decode("utf-8", "replace")
    if malformed.clause != "T-11":
        try:
            open_envelope(body, content_type=content_type, undeclared_bytes="windows-1254", bounds=bounds)
        except Malformed as second:
            if (second.clause, second.found) == (malformed.clause, malformed.found):
                return (_by_clause(xml, malformed),)
            if second.clause == "T-05":
                octets = xml_of(body, content_type=content_type, undeclared_bytes="iso-8859-1").decode()
                return (_undefined(octets),)
            return (_undeclared(xml), _by_clause(xml, second))
        if malformed.clause != "T-01":
            return (_undeclared(xml),)
    return (_by_clause(xml, malformed),)


def _compressed(body: bytes, content_encoding: str) -> Diagnosis | None:
    name = "gzip" if body[:2] == b"\x1f\x8b" else content_encoding.strip().lower()
    if not name or (name not in ("gzip", "deflate", "br", "zstd") or body[:1] == b"<" or body[:3].lower() == b"xml"):
        return None
    return Diagnosis(
        "T-02.7",
        Phrase("an XML document"),
        Phrase("a body compressed with {name}", name=name),
        Phrase("send the body uncompressed, without Content-Encoding"),
    )


def _declared_wide(body: bytes, _: str) -> Diagnosis | None:
    """UTF-16 declared in a document of single bytes: the declaration could not be read otherwise."""
    declared = _DECLARED.search(unquote_to_bytes(body[:_HEAD]))
    if declared is None or not _WIDE.fullmatch(name := declared[1].decode()):
        return None
    return Diagnosis(
        "T-05.5",
        Phrase("text in {encoding}", encoding=name),
        Phrase("single bytes: they are not {encoding}", encoding=name),
        Phrase(
            'declare what the bytes are, encoding="UTF-8"; in .NET a StringWriter always declares utf-16: '
            "write to a stream instead"
        ),
        line=1,
        column=1,
    )


def _contradiction(body: bytes, _: str) -> Diagnosis | None:
    """A UTF-8 byte order mark before a declaration that says otherwise."""
    if not body.startswith(codecs.BOM_UTF8):
        return None
    declared = _DECLARED.search(body[:_HEAD])
    if declared is None or declared[1].lower() in (b"utf-8", b"utf8"):
        return None
    name = declared[1].decode()
    return Diagnosis(
        "T-05.4",
        Phrase("a byte order mark and a declaration that agree"),
        Phrase("a UTF-8 byte order mark before the declaration {encoding}", encoding=name),
        Phrase("write the file without byte order mark, or declare UTF-8"),
        line=1,
        column=1,
    )


def _no_xml(body: bytes, _: str) -> Diagnosis | None:
    """JSON, a form or a multipart body without the field XML, an empty body (T-02)."""
    expected = Phrase("an XML document, bare or in the field XML")
    text = body.removeprefix(codecs.BOM_UTF8).lstrip(WHITE)
    if not text:
        return Diagnosis("T-02.7", expected, Phrase("an empty body"), Phrase("post the XML as the body of the request"))
    if _JSON.match(text):
        return Diagnosis("T-02.7", expected, Phrase("JSON"), Phrase("the API speaks XML only: <SMS>…</SMS>"))
    hint = Phrase("name the field XML, or post the XML as the body itself")
    if text[:2] == b"--":
        names = _listed(_PART_NAME.findall(text[:4000]), b"xml")
        return None if names is None else Diagnosis("T-02.7", expected, _fields(names), hint)
    if _FORM.match(text) and b"<" not in text[:20]:
        names = _listed(_FIELD_NAME.findall(text[:4000]), b"xml")
        return None if names is None else Diagnosis("T-02.7", expected, _fields(names), hint)
    return None


def _fields(names: list[str]) -> str:
    return Phrase("a form with the fields {names}", names=", ".join(names) or "–")


def _listed(names: list[bytes], without: bytes) -> list[str] | None:
    """The names of a form's fields; None if the wanted one is among them."""
    if any(name.strip().lower() == without for name in names):
        return None
    return [name.decode("utf-8", "replace")[:_SHOWN] for name in names[:8]]


def _undeclared(xml: str) -> Diagnosis:
    """Bytes of a Turkish Windows encoding without a declaration; `xml` is the document read as windows-1254."""
    match = _OUTSIDE_ASCII.search(xml)
    first = 0 if match is None else match.start()
    line, column = _place(xml, first)
    byte = xml[first].encode("windows-1254")
    return Diagnosis(
        "T-05.3",
        Phrase("UTF-8, or a declared encoding"),
        Phrase("byte 0x{byte}, which is no UTF-8 here; windows-1254 reads it as {character}", byte=byte.hex().upper(),
               character=repr(xml[first])),
        Phrase('send UTF-8, or begin with <?xml version="1.0" encoding="windows-1254"?>'),
        line=line,
        column=column,
    )  # fmt: skip


def _undefined(octets: str) -> Diagnosis:
    """Bytes without a declaration that are not windows-1254 either; a character of `octets` is a byte (ISO-8859-1)."""
    match = _ANY_UNDEFINED.search(octets)
    assert match is not None  # or windows-1254 would have read it
    first = match.start()
    line, column = _place(octets, first)
    return Diagnosis(
        "T-05.3",
        Phrase("UTF-8, or a declared encoding"),
        Phrase("byte 0x{byte} in a document that is no UTF-8; windows-1254 has no character there",
               byte=f"{ord(octets[first]):02X}"),
        Phrase("send UTF-8, or declare the encoding in which the bytes are written"),
        line=line,
        column=column,
    )  # fmt: skip


def _by_clause(xml: str, malformed: Malformed) -> Diagnosis:
    match malformed.clause:
        case "T-01":
            return _root(malformed)
        case "T-05":
            return _encoding(malformed)
        case "T-11":
            return _limit(malformed)
        case _:
            return _syntax(xml, malformed)


def _root(malformed: Malformed) -> Diagnosis:
    return Diagnosis(
        "T-01.3",
        Phrase("a root element SMS, basliklar or bakiye"),
        malformed.found,
        Phrase("a send begins with <SMS>, a title query with <basliklar>, a balance query with <bakiye>"),
        malformed.line,
        malformed.column,
    )


def _encoding(malformed: Malformed) -> Diagnosis:
    if malformed.found.startswith("encoding "):
        name = malformed.found.removeprefix("encoding ")
        return Diagnosis(
            "T-05.5",
            Phrase("a known encoding"),
            Phrase("encoding {name}", name=name),
            Phrase("declare UTF-8, ISO-8859-9 or windows-1254, and send those bytes"),
            malformed.line,
            malformed.column,
        )
    return Diagnosis(
        "T-05.5",
        Phrase("bytes of the declared encoding"),
        malformed.found,
        Phrase("declare the encoding in which the bytes are written"),
        malformed.line,
        malformed.column,
    )


def _limit(malformed: Malformed) -> Diagnosis:
    line, column = malformed.line, malformed.column
    if "DOCTYPE" in malformed.found:
        hint = Phrase("leave the DOCTYPE out")
        return Diagnosis("T-11.1", Phrase("no DOCTYPE"), Phrase("a DOCTYPE"), hint, line, column)
    count = malformed.most
    match malformed.limit:
        case "max-depth":
            expected, found = Phrase("elements at most {count} deep", count=count), Phrase("deeper nesting")
            hint = Phrase("close each element before the next begins, or raise the limit: limits.max-depth")
        case "max-elements":
            expected, found = Phrase("at most {count} elements and attributes", count=count), Phrase("more")
            hint = Phrase("send several requests, or raise the limit: limits.max-elements")
        case "max-text":
            expected, found = Phrase("a text of at most {count} bytes", count=count), Phrase("a longer one")
            hint = Phrase("shorten the text, or raise the limit: limits.max-text")
        case _:
            return Diagnosis("T-11.2", malformed.expected, malformed.found, "", line, column)
    return Diagnosis("T-11.2", expected, found, hint, line, column)


def _syntax(xml: str, malformed: Malformed) -> Diagnosis:
    """What is not well-formed: the searches name the usual slips, the parser's own words the rest."""
    said = malformed.found
    if "huge" in said.lower() or "resource limit" in said.lower() or "too long" in said.lower():
        return Diagnosis(
            "T-11.2",
            Phrase("a text of at most {count} bytes", count=10_000_000),
            Phrase("a longer one"),
            Phrase("shorten the text: a message has at most some thousand characters"),
            malformed.line,
            malformed.column,
        )
    start, near = _near(xml, malformed)
    for search in (_forbidden, _forbidden_reference, _unknown_entity, _bare_ampersand, _bare_less_than):
        if found := search(near):
            return found if start == 0 else _moved(found, _place(xml, start))
    mend: str = Phrase("let an XML library write the document")
    for words, hint in _PARSER_HINTS:
        if words in said:
            mend = hint(xml)
            break
    return _well_formed(Phrase("the parser says: {message}", message=said), mend, malformed.line, malformed.column)


def _well_formed(found: str, hint: str, line: int, column: int) -> Diagnosis:
    return Diagnosis("A-04.1", Phrase("well-formed XML"), found, hint, line, column)


def _forbidden(xml: str) -> Diagnosis | None:
    match = _FORBIDDEN.search(xml)
    return None if match is None else _forbidden_character(xml, match.start(), ord(match[0]))


def _forbidden_reference(xml: str) -> Diagnosis | None:
    for match in _REFERENCE.finditer(xml):
        code = int(match[1], 16) if match[1] else int(match[2])
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or _FORBIDDEN.match(chr(code)):
            return _forbidden_character(xml, match.start(), code)
    return None


def _forbidden_character(xml: str, at: int, code: int) -> Diagnosis:
    line, column = _place(xml, at)
    found = Phrase("U+{code}, a character that XML cannot carry, not even as a reference", code=f"{code:04X}")
    return _well_formed(found, Phrase("remove the control characters before writing the XML"), line, column)


def _unknown_entity(xml: str) -> Diagnosis | None:
    match = _ENTITY.search(_without_cdata(xml))
    if match is None:
        return None
    line, column = _place(xml, match.start())
    found = Phrase("{entity}, an entity that XML does not know", entity=match[0][:_SHOWN])
    hint = Phrase("write the character itself or its number: &#160; for &nbsp;")
    return _well_formed(found, hint, line, column)


def _bare_ampersand(xml: str) -> Diagnosis | None:
    match = _AMPERSAND.search(_without_cdata(xml))
    if match is None:
        return None
    line, column = _place(xml, match.start())
    found = Phrase("a bare & before {text}", text=repr(xml[match.end() : match.end() + 12]))
    return _well_formed(found, Phrase("write & as &amp; in a text; an XML library does it by itself"), line, column)


def _bare_less_than(xml: str) -> Diagnosis | None:
    match = _LESS_THAN.search(_without_cdata(xml))
    if match is None:
        return None
    line, column = _place(xml, match.start())
    found = Phrase("a bare < before {text}", text=repr(xml[match.end() : match.end() + 12]))
    return _well_formed(found, Phrase("write < as &lt; in a text; an XML library does it by itself"), line, column)


def _ends_early(xml: str) -> str:
    if xml.isascii():
        return Phrase("the document ends early: close every element")
    return Phrase("the document ends early: Content-Length counts bytes, not characters")


_PARSER_HINTS: tuple[tuple[str, Callable[[str], str]], ...] = (
    ("mismatch", lambda _: Phrase("close each element with its own name")),
    ("Premature end", _ends_early),
    ("EndTag: '</' not found", _ends_early),
    ("end of Start Tag", _ends_early),
    ("expected '>'", _ends_early),
    ("GT", _ends_early),
    ("Extra content", lambda _: Phrase("one document a request: remove what follows the root element")),
    ("Start tag expected", lambda _: Phrase("begin the body with <SMS>, <basliklar> or <bakiye>")),
    ("AttValue", lambda _: Phrase("write the values of attributes in straight quotes")),
)
"""Hints for messages of the parser, by words that they contain."""

_UNREAD = re.compile(r"<!\[CDATA\[|<!--|<\?")
_CLOSING = {"<![CDATA[": "]]>", "<!--": "-->", "<?": "?>"}
"""What opens and closes the parts of a document that may hold any character."""


def _without_cdata(xml: str) -> str:
    """The document with blanks in place of what may hold any character; positions stay."""
    pieces: list[str] = []
    at = 0
    closings = dict(_CLOSING)
    while closings and (opening := _UNREAD.search(xml, at)):
        closing = closings.get(opening[0])
        start = opening.start()
        end = -1 if closing is None else xml.find(closing, opening.end())
        if end < 0 or closing is None:
            closings.pop(opening[0], None)  # no later one is closed either
            end = opening.end()
            pieces.append(xml[at:end])
        else:
            end += len(closing)
            pieces += (xml[at:start], " " * (end - start))
        at = end
    return "".join([*pieces, xml[at:]])


def _near(xml: str, malformed: Malformed) -> tuple[int, str]:
    """The part of a document around the place where the parser ended, and where it begins: of a small one, all."""
    if len(xml) <= 2 * _WINDOW:
        return 0, xml
    at = 0
    for _ in range(malformed.line - 1):
        at = xml.find("\n", at) + 1
    start = max(0, at + malformed.column - _WINDOW)
    return start, xml[start : start + 2 * _WINDOW]


def _moved(diagnosis: Diagnosis, start: tuple[int, int]) -> Diagnosis:
    """A slip that was found in a part of a document that begins at a place."""
    line, column = start
    column = diagnosis.column + (column - 1 if diagnosis.line == 1 else 0)
    return msgspec.structs.replace(diagnosis, line=line + diagnosis.line - 1, column=column)


def _place(xml: str, at: int) -> tuple[int, int]:
    """Line and column, from 1, of a character."""
    return xml.count("\n", 0, at) + 1, at - xml.rfind("\n", 0, at)
