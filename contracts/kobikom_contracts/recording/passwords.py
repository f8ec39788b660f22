"""Masks passwords in the bytes of a request or an answer; every length and offset stays."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_plus

from kobikom_contracts.reader import unescape
from kobikom_contracts.recording.views import Octets, Percent, View, views
from kobikom_contracts.recording.written_passwords import occurrences

MASK = ord("*")

_SECRET_HEADERS = frozenset({b"authorization", b"proxy-authorization", b"cookie", b"set-cookie", b"x-api-key"})
_SECRET_NAME = re.compile(r"parola|password|passwd|pwd|sifre|şifre|token|secret|api_?key", re.IGNORECASE)
_OPENED = re.compile(r"<\s*(?:[\w.-]+:)?parola(?![\w.-])(?P<attributes>[^<>]*)>", re.IGNORECASE)
_CLOSED = re.compile(r"<\s*/\s*(?:[\w.-]+:)?parola(?![\w.-])", re.IGNORECASE)
_NEXT = re.compile(r"<\s*/\s*(?:dogrulama|sms|basliklar|bakiye)\b|<\s*(?:kullanici|mesajiniz)\b", re.IGNORECASE)
_QUOTED = re.compile(r"\"([^\"<>]*)\"|'([^'<>]*)'")
_ATTRIBUTE = re.compile(r"(?<![\w.-])parola\s*=\s*(?:\"([^\"<>]*)\"|'([^'<>]*)')", re.IGNORECASE)
_JSON = re.compile(rf'"[^"\\]*(?:{_SECRET_NAME.pattern})[^"\\]*"\s*:\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_USERINFO = re.compile(r"://[^/\s@<>:\"]*:([^/\s@<>\"]*)@")
_SOUND = re.compile(r"(?:[^<&]|&(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);|<!\[CDATA\[.*?\]\]>)*", re.DOTALL)
_CDATA = re.compile(r"<!\[CDATA\[|\]\]>")
_PAIR = re.compile(r"([^=&;?#\s]*)=([^&;#\s]*)")
_TOKEN = re.compile(r"%[0-9A-Fa-f]{2}|.", re.DOTALL)
_TRANSFER = re.compile(rb"content-transfer-encoding:\s*(?:base64|quoted-printable)", re.IGNORECASE)
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_OPAQUE = re.compile(r"utf_?-?7|utf_?-?32|iso-?_?2022|hz", re.IGNORECASE)
_FORM_DATA = re.compile(
    rf"name\s*=\s*\"?[^\";\r\n]*(?:{_SECRET_NAME.pattern})[^\";\r\n]*\"?[^\r\n]*(?:\r?\n[^\r\n]+)*"
    r"\r?\n\r?\n(.*?)(?=\r?\n--|\Z)",
    re.IGNORECASE | re.DOTALL,
)


def mask_body(body: bytearray, headers: Iterable[tuple[bytes, bytes]]) -> list[str]:
    """Mask the passwords of a body in place; returns them, in order.

    A body that cannot be read as text (compressed, in a transfer encoding or an encoding without ASCII) is masked as
    a whole.
    """
    if _opaque(body, {name.lower(): value for name, value in headers}):
        body[:] = bytes([MASK]) * len(body)
        return []
    found: list[str] = []
    for view in views(body):
        found += mask_text(view)
    if not _is_document(body):
        found += mask_pairs(body)
    return list(dict.fromkeys(found))


def mask_text(view: View) -> list[str]:
    """Mask elements, attributes and form fields called `parola`, secrets in JSON, and passwords inside URLs."""
    found = []
    for start, end in (
        *_elements(view.text),
        *_groups(view.text, _ATTRIBUTE),
        *_groups(view.text, _JSON),
        *_groups(view.text, _FORM_DATA),
    ):
        if value := _mask(view, start, end):
            found.append(value)
    for start, end in _groups(view.text, _USERINFO):
        _mask(view, start, end)
    return found


def mask_pairs(data: bytearray, start: int = 0) -> list[str]:
    """Mask the values of url-encoded pairs whose name is that of a secret."""
    octets = Octets(data)
    found = []
    for pair in _PAIR.finditer(octets.text, start):
        name = unquote_plus(pair[1], "utf-8", "replace")
        if not _SECRET_NAME.search(name) or not pair[2] or not set(pair[2]) - {"*"}:
            continue
        found.append(unquote_plus(pair[2].encode("latin-1").decode("utf-8", "replace"), "utf-8", "replace"))
        for token in _TOKEN.finditer(octets.text, *pair.span(2)):
            for at, digit in zip(range(*token.span()), "%2A" if len(token[0]) == 3 else "*", strict=True):
                octets.put(at, ord(digit))
    return found


def mask_head(head: bytearray, passwords: Iterable[str]) -> list[str]:
    """Mask a head in place: the target's pairs, headers that hold secrets, known passwords in other headers."""
    end = head.find(b"\n") + 1 or len(head)
    line = head[:end]
    query = line.find(b"?")
    found = mask_pairs(line, query) if query >= 0 else []
    for view in (Octets(line), Percent(Octets(line))):
        mask_text(view)
    head[:end] = line
    known = [*passwords, *found]
    for match in re.finditer(rb"(?m)^([^:\r\n]+):[ \t]*([^\r\n]*(?:\r?\n[ \t]+[^\r\n]+)*)", bytes(head)):
        name, (start, stop) = match[1].strip().lower(), match.span(2)
        value = head[start:stop]
        if name in _SECRET_HEADERS:
            scheme = re.match(rb"[A-Za-z]+ +", value) if name.endswith(b"authorization") else None
            kept = scheme.end() if scheme else 0
            value[kept:] = re.sub(rb"[^\r\n \t]", b"*", bytes(value[kept:]))
        elif start >= end and name not in (b"host", b"content-length", b"content-type"):
            mask_text(Octets(value))
            mask_pairs(value)
            sweep(value, known)
        head[start:stop] = value
    return found


def sweep(data: bytearray, passwords: Iterable[str]) -> None:
    """Mask known passwords wherever they occur, in any writing; see :func:`~.written_passwords.occurrences`."""
    for password in passwords:
        for start, end in occurrences(data, password):
            data[start:end] = bytes([MASK]) * (end - start)


def _elements(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while opened := _OPENED.search(text, at):
        at = opened.end()
        for start, end in _groups(opened["attributes"], _QUOTED):
            yield opened.start("attributes") + start, opened.start("attributes") + end
        if opened["attributes"].rstrip().endswith("/"):
            continue
        closed = _CLOSED.search(text, at) or _NEXT.search(text, at)
        end = closed.start() if closed else len(text)
        yield at, end
        at = end


def _groups(text: str, pattern: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    for match in pattern.finditer(text):
        yield match.span(match.lastindex or 0)


def _mask(view: View, start: int, end: int) -> str:
    """Mask a range; the password that was there, empty when there was none.

    An answer depends on whether a document is well-formed and in which encoding it is: what makes the written password
    break either is kept or replaced by its like.
    """
    content = view.text[start:end]
    if not content.strip() or not set(content.strip()) - {"*"}:
        return ""
    kept = {start + at for match in _CDATA.finditer(content) for at in range(*match.span())}
    sound = _SOUND.fullmatch(content) is not None
    foreign = not view.wide and not _is_utf8(content)
    for index in range(start, end):
        char = view.text[index]
        broken = (char in "<&" and not sound) or (char < " " and char not in "\t\r\n") or char == "\0"
        if not broken and (index not in kept or not sound):
            view.put(index, 0xFE if foreign and char > "\x7f" else MASK)
    value = unescape(_CDATA.sub("", content))
    if view.wide:
        return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    try:
        return value.encode("latin-1").decode("utf-8")
    except ValueError:
        return value.encode("utf-8").decode("utf-8") if foreign else _mixed(value)


def _mixed(value: str) -> str:
    """Octets beside characters from references: the octets are decoded, the rest is left."""
    return re.sub("[\x80-\xff]+", lambda run: run[0].encode("latin-1").decode("utf-8", "ignore") or run[0], value)


def _is_utf8(content: str) -> bool:
    try:
        content.encode("latin-1").decode("utf-8")
    except ValueError:
        return False
    return True


def _is_document(body: bytearray) -> bool:
    text = bytes(body[:200]).lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\xa0\xc2\0")
    return re.match(rb"(?:xml\s*=\s*)?<", text, re.IGNORECASE) is not None


def _opaque(body: bytearray, headers: dict[bytes, bytes]) -> bool:
    """Whether a password could be in these bytes without showing in any view of them."""
    if headers.get(b"content-encoding", b"identity").strip().lower() not in (b"identity", b""):
        return True
    if body.startswith((b"\x1f\x8b", b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0\0\0<")):
        return True
    if _TRANSFER.search(body):
        return True
    charset = re.search(rb"charset\s*=\s*\"?([\w.:-]+)", headers.get(b"content-type", b""), re.IGNORECASE)
    declared = _DECLARED.search(body)
    return any(_without_ascii(name[1].decode("ascii", "ignore")) for name in (charset, declared) if name)


def _without_ascii(name: str) -> bool:
    if _OPAQUE.match(name):
        return True
    if name.lower().replace("_", "-").startswith("utf-16"):
        return False
    try:
        return codecs.encode("<parola>", codecs.lookup(name).name) != b"<parola>"
    except (LookupError, TypeError, ValueError):
        return False
