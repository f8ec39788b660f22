"""Puts pseudonyms into requests and answers of the API, and into whatever else went over the connection."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Mapping
from urllib.parse import unquote_plus

from kobikom_contracts.recording.contents import content, replace
from kobikom_contracts.recording.pseudonyms import Pseudonyms
from kobikom_contracts.recording.views import Octets, Percent, View, Wide

_KEPT = frozenset(
    (
        *("parola", "status", "type", "datacoding", "languagecode", "flash", "esmclass", "srcton", "srcnpi", "destton"),
        *("destnpi", "ileritarih", "validityperiod", "appid", "nopush", "pushurl", "miktar", "kur", "tip"),
    )
)
_KEPT_ATTRIBUTES = frozenset(
    ("sentdate", "senddate", "donedate", "status", "gsmerror", "version", "encoding", "parola")
)
_VALUES = frozenset(("kullanici", "gsm", "destination", "messageid", "baslik", "metin", "wapurl", "binary"))
_TAG = re.compile(
    r"(?P<cdata><!\[CDATA\[.*?\]\]>)|<!--(?P<comment>.*?)-->|(?P<other><\?.*?\?>|<!DOCTYPE[^>]*>)"
    r"|<\s*/\s*(?:[\w.-]+:)?(?P<closed>[A-Za-z_][\w.-]*)[^<>]*>"
    r"|<(?:[\w.-]+:)?(?P<opened>[A-Za-z_][\w.-]*)(?P<attributes>\s[^<>]*?|)/?>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(r"(?P<name>[\w:.-]+)\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')")
_FORM_LINE = re.compile(r"(?m)^(?:--[^\r\n]*|[A-Za-z-]+:[^\r\n]*)$")
_START = re.compile(r"(?:\xef\xbb\xbf|\ufeff)?[\s\xa0\xc2]*(?:xml\s*=\s*)?[\s\xa0\xc2]*(?=<)", re.IGNORECASE)
_PLAIN_ANSWER = re.compile(rb"\s*(?:NO_DATA|-?\d{1,3})?\s*")
_API_PATH = re.compile(r"(?:https?://[^/?]*)?(?:/s/[^/?]*)?/api/sendsms/xml(?:/pull)?/*", re.IGNORECASE)
_PAIR = re.compile(r"([^=&;?#\s]*)=([^&;#\s]*)")
_KEPT_HEADERS = re.compile(
    rb"host|user-agent|content-.*|accept.*|expect|connection|keep-alive|transfer-encoding|te|trailer|upgrade|date"
    rb"|server|allow|cache-control|vary|via|age|pragma|authorization|proxy-authorization|cookie|set-cookie|x-api-key",
    re.IGNORECASE,
)


def replace_in_body(body: bytearray, pseudonyms: Pseudonyms, headers: Mapping[bytes, bytes], *, answer: bool) -> None:
    """Replace the values in a body by pseudonyms. A body that is not a document of the API is replaced as one text."""
    if answer and _PLAIN_ANSWER.fullmatch(body):
        return
    multipart = b"multipart/" in headers.get(b"content-type", b"").lower()
    view, start = _document(body, multipart=multipart)
    encoding = _declared(body, headers)
    if view is None:
        octets = Octets(body)
        replace(octets, 0, len(octets.text), pseudonyms.text, encoding=encoding, references=False)
    else:
        _Document(view, pseudonyms, "" if view.wide else encoding, multipart=multipart).replace_from(start)


def replace_in_head(head: bytearray, pseudonyms: Pseudonyms, *, answer: bool) -> None:
    """Put pseudonyms into the target of a request and into headers that are not HTTP's own."""
    line = re.match(rb"\s*(\S+) (\S*)", head)
    if line is not None and not answer:
        start, end = line.span(2)
        target = head[start:end]
        _replace_in_target(target, pseudonyms)
        head[start:end] = target
    first = head.find(b"\n", line.start(1) if line else 0) + 1 or len(head)
    for match in re.finditer(rb"(?m)^([^:\r\n]+):[ \t]*([^\r\n]*)", bytes(head)):
        if match.start() >= first and not _KEPT_HEADERS.fullmatch(match[1].strip()):
            value = bytearray(match[2])
            replace(Octets(value), 0, len(value), pseudonyms.text, references=False)
            head[match.start(2) : match.end(2)] = value


def _replace_in_target(target: bytearray, pseudonyms: Pseudonyms) -> None:
    text = target.decode("latin-1")
    path = re.match(r"[^?#]*", text)
    end = path.end() if path else 0
    if not _API_PATH.fullmatch(text[:end]):
        second = text.find("/", 1)
        if 0 < second < end:
            _replace_encoded(target, second, end, pseudonyms.text)
    for pair in _PAIR.finditer(text, end):
        name = unquote_plus(pair[1], "utf-8", "replace").lower()
        if name in ("parola", "appid"):
            continue
        pseudonym = {"kullanici": pseudonyms.user, "messageid": _ids(pseudonyms)}.get(name, pseudonyms.text)
        _replace_encoded(target, *pair.span(2), pseudonym)


def _replace_encoded(target: bytearray, start: int, end: int, pseudonym: Callable[[str], str]) -> None:
    part = target[start:end]
    view = Percent(Octets(part))
    replace(view, 0, len(view.text), pseudonym, references=False)
    target[start:end] = part


def _ids(pseudonyms: Pseudonyms) -> Callable[[str], str]:
    return lambda value: ",".join(pseudonyms.message_id(ident) for ident in value.split(","))


def _document(body: bytearray, *, multipart: bool) -> tuple[View | None, int]:
    """The view in which a body is a document, and where that begins."""
    octets = Octets(body)
    if multipart and "<" in octets.text:
        return octets, 0
    candidates: list[View] = [octets]
    if 0 in body[:400]:
        candidates += [Wide(octets, offset=at, little=little) for at in (0, 1) for little in (True, False)]
    if b"%" in body:
        candidates += [Percent(octets), Percent(Percent(octets))]
    for view in candidates:
        if start := _START.match(view.text):
            return view, start.end()
    return None, 0


def _declared(body: bytearray, headers: Mapping[bytes, bytes]) -> str:
    """The declared encoding, where it is one of single octets; else empty."""
    declared = re.search(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", body[:300], re.IGNORECASE)
    charset = re.search(rb"charset\s*=\s*\"?([\w.:-]+)", headers.get(b"content-type", b""), re.IGNORECASE)
    for name in (declared, charset):
        try:
            codec = codecs.lookup(name[1].decode("ascii", "replace")).name if name else ""
        except LookupError:
            continue
        if codec:
            return codec if codec.startswith(("cp125", "iso8859")) else ""
    return ""


class _Document:
    """One pass over a document: every text and attribute by the element it belongs to."""

    def __init__(self, view: View, pseudonyms: Pseudonyms, encoding: str, *, multipart: bool) -> None:
        self._view, self._pseudonyms, self._encoding = view, pseudonyms, encoding
        self._multipart = multipart
        self._text_from = 0
        self._element = ""
        self._inside = ""
        """The element with a value that is open: what is written like a tag in there is part of a text."""

    def replace_from(self, start: int) -> None:
        """Replace from the beginning of the document on."""
        text = self._view.text
        for number in re.finditer(r"<(?:[\w.-]+:)?gsm[^<>]*>([^<>]*)<", text, re.IGNORECASE):
            self._pseudonyms.know_number(content(self._view, *number.span(1), self._encoding))
        self._text_from = start
        for tag in _TAG.finditer(text, start):
            if tag["cdata"]:
                continue
            self._text(tag.start())
            self._text_from = tag.end()
            if tag["comment"] is not None:
                self._replace(*tag.span("comment"), self._pseudonyms.text)
            elif tag["closed"]:
                self._close(tag)
            elif tag["opened"]:
                self._open(tag)
        self._text(len(text))

    def _open(self, tag: re.Match[str]) -> None:
        name = tag["opened"].lower()
        if self._inside and name not in _VALUES | _KEPT:
            self._replace(*tag.span("opened"), self._name)
        else:
            self._element = name
            self._inside = name if name in _VALUES and not tag[0].endswith("/>") else ""
        for attribute in _ATTRIBUTE.finditer(self._view.text, *tag.span("attributes")):
            group = "double" if attribute["double"] is not None else "single"
            name = attribute["name"].lower()
            if name in ("messageid", "id"):
                self._replace(*attribute.span(group), self._pseudonyms.message_id)
            elif name not in _KEPT_ATTRIBUTES and not name.startswith("xmlns"):
                self._replace(*attribute.span(group), self._pseudonyms.text)

    def _close(self, tag: re.Match[str]) -> None:
        name = tag["closed"].lower()
        if self._inside and name != self._inside and name not in _VALUES | _KEPT:
            self._replace(*tag.span("closed"), self._name)
            return
        self._element = self._inside = ""

    def _text(self, end: int) -> None:
        start = self._text_from
        if not self._view.text[start:end].strip() or self._element in _KEPT:
            return
        if self._element:
            self._replace(start, end, self._pseudonym())
            return
        # The lines that divide a form stay.
        for line in _FORM_LINE.finditer(self._view.text, start, end if self._multipart else start):
            self._replace(start, line.start(), self._pseudonyms.text)
            start = line.end()
        self._replace(start, end, self._pseudonyms.text)

    def _pseudonym(self) -> Callable[[str], str]:
        match self._element:
            case "kullanici":
                return self._pseudonyms.user
            case "gsm" | "destination":
                return self._pseudonyms.number
            case "messageid":
                return self._pseudonyms.message_id
            case "baslik":
                return self._pseudonyms.title
            case "binary":
                return self._pseudonyms.hexadecimal
        return self._pseudonyms.text

    def _name(self, name: str) -> str:
        # `İ` in lower case is two characters.
        lowered = "".join(low if len(low := char.lower()) == 1 else char for char in name)
        return self._pseudonyms.text(lowered, kind="name")

    def _replace(self, start: int, end: int, pseudonym: Callable[[str], str]) -> None:
        if start < end:
            replace(self._view, start, end, pseudonym, encoding=self._encoding)
