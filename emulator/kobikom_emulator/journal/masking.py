"""Replaces passwords in requests, so that a journal can leave the machine: in exports, not in the journal itself."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import assert_never

from msgspec.structs import replace

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.entries import Entry, HttpRefusal, PushEntry, RequestEntry

MASK = "********"

_HEADERS = frozenset(("authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "webhook-signature"))
"""Headers whose values are secrets."""

# Bytes are looked at as latin-1, one character a byte; the last name is that of the Turkish letter in UTF-8.
_NAMES = "parola|password|passwd|pass|pwd|sifre|\u015fifre|\u00fe" + "ifre|\u00c5\u009f" + "ifre"
_LT = r"(?:<|&lt;|&#60;|%3C|\\u003c)"
_GT = r"(?:(?<!/)>|&gt;|&#62;|(?<!%2F)%3E|\\u003e)"
_LONGEST = 600
"""Characters within which a closing tag is looked for, so that the time is bounded. A password may have 200."""

BEFORE, AFTER = 120, 4000
"""Characters around such a word, or around the scheme of a URL, that are looked at."""

MOST = 1000
"""Elements with the name of a password that a request may have: each takes some time to look at."""

_HITS = re.compile(rb"parola|pass|pwd|ifre|://|%3a%2f%2f")
_OPENING = re.compile(rf"{_LT}(?:[\w.-]{{1,40}}(?::|%3A))?(?:{_NAMES})(?![\w-])", re.IGNORECASE)
_ELEMENT = re.compile(
    rf"({_LT}(?:[\w.-]{{1,40}}(?::|%3A))?(?:{_NAMES})(?![\w-])(?:(?!{_GT}|{_LT}).){{0,300}}?{_GT})"
    rf"(?:.{{0,{_LONGEST}}}?(?={_LT}(?:/|%2F|\\/)(?:[\w.-]{{1,40}}(?::|%3A))?(?:{_NAMES})(?![\w-]))"
    rf"|(?:(?!{_LT}).)*)",
    re.IGNORECASE | re.DOTALL,
)
_PARAMETER = re.compile(
    rf"((?<![\w-])(?:{_NAMES})\s{{0,9}}(?:=|%3D)\s{{0,9}})"
    r"(\"[^\"]*\"?|'[^']*'?|%22.*?(?:%22|$)|%27.*?(?:%27|$)|[^&\s\"'<>;]+)",
    re.IGNORECASE | re.DOTALL,
)
_JSON = re.compile(rf"(\"(?:{_NAMES})\"\s{{0,9}}:\s{{0,9}})(\"(?:[^\"\\]|\\.)*\"?|[^\s,}}\]]+)", re.IGNORECASE)
_FORM_DATA = re.compile(
    rf"(name=\"?(?:{_NAMES})\"?[^\r\n]{{0,200}}\r?\n(?:[^\r\n]{{1,200}}\r?\n){{0,9}}\r?\n)([^\r\n]*)", re.IGNORECASE
)
_USER_INFO = re.compile(
    r"(\w{1,20}(?:://|%3A%2F%2F)[^/\s:@<>\"]{0,200}(?::|%3A))([^/\s@<>\"]{1,500})(?=@|%40)", re.IGNORECASE
)

_BYTE_ORDER_MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
_COMPRESSED = frozenset(("gzip", "x-gzip", "deflate", "br", "zstd", "compress"))


def masked_text(text: str) -> str:
    """A text with `MASK` for each password in it: of an element, attribute, parameter, form field, JSON member or URL
    whose name says that it is one. Of a text with more than `MOST` elements of such a name nothing is left.
    """
    pieces: list[str] = []
    openings = end_before = 0
    for start, end in _regions(text):
        region = text[start:end]
        openings += sum(1 for _ in _OPENING.finditer(region))
        if openings > MOST:
            return MASK
        pieces += (text[end_before:start], _masked_region(region))
        end_before = end
    return "".join([*pieces, text[end_before:]]) if pieces else text


def _masked_region(text: str) -> str:
    text = _ELEMENT.sub(_mask_value, text)
    text = _PARAMETER.sub(_keep_quotes, text)
    text = _JSON.sub(_keep_quotes, text)
    text = _FORM_DATA.sub(_mask_value, text)
    return _USER_INFO.sub(rf"\g<1>{MASK}", text)


def _regions(text: str) -> list[tuple[int, int]]:
    """The parts of a text that may hold a password, in order: most of a long body has none, and is not looked at."""
    probe = text.encode("latin-1", "replace").lower()  # a byte a character
    hits = sorted(match.start() for match in _HITS.finditer(probe))
    regions: list[tuple[int, int]] = []
    for hit in hits:
        start, end = max(0, hit - BEFORE), hit + AFTER
        if regions and start <= regions[-1][1]:
            regions[-1] = regions[-1][0], end
        else:
            regions.append((start, end))
    return regions


def _mask_value(match: re.Match[str]) -> str:
    """What is empty stays so: that a password is missing decides the answer (A-02)."""
    value = match[0][len(match[1]) :]
    return match[1] + MASK if value.strip() else match[0]


def _keep_quotes(match: re.Match[str]) -> str:
    name, value = match[1], match[2]
    for quote in ('"', "'", "%22", "%27"):
        if value.startswith(quote):
            return f"{name}{quote}{MASK}{quote}"
    return name + MASK


def masked_bytes(body: bytes) -> bytes:
    """The same in bytes of any encoding; every other byte stays as it is."""
    encoding = _encoding(body)
    size = 4 if "32" in encoding else 2 if "16" in encoding else 1
    whole = len(body) - len(body) % size
    try:
        text = body[:whole].decode(encoding, "strict" if size == 1 else "surrogatepass")
    except UnicodeDecodeError:
        return MASK.encode()
    masked = masked_text(text)
    if masked == text:
        return body
    return masked.encode(encoding, "strict" if size == 1 else "surrogatepass") + body[whole:]


def _encoding(body: bytes) -> str:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if body.startswith(mark):
            return encoding
    match [byte == 0 for byte in body[:4]]:
        case [True, True, True, False]:
            return "utf-32-be"
        case [False, True, True, True]:
            return "utf-32-le"
        case [True, False, *_]:
            return "utf-16-be"
        case [False, True, *_]:
            return "utf-16-le"
    return "latin-1"


def masked_headers(headers: Sequence[tuple[bytes, bytes]]) -> tuple[tuple[bytes, bytes], ...]:
    """Headers with `MASK` for the values of those that hold secrets."""
    return tuple(
        (name, _masked_header(name.decode("latin-1"), value.decode("latin-1")).encode("latin-1"))
        for name, value in headers
    )


def _masked_header(name: str, value: str) -> str:
    return MASK if name.lower() in _HEADERS else masked_text(value)


def masked_request(request: WireRequest) -> WireRequest:
    """A request without its passwords. A compressed body is replaced as a whole: they can't be found in it."""
    compressed = request.body[:2] == b"\x1f\x8b" or any(
        name.lower() == b"content-encoding" and value.decode("latin-1").strip().lower() in _COMPRESSED
        for name, value in request.headers
    )
    return replace(
        request,
        target=masked_text(request.target),
        body=MASK.encode() if compressed else masked_bytes(request.body),
        content_type=masked_text(request.content_type),
        headers=masked_headers(request.headers),
    )


def masked_entry(entry: Entry) -> Entry:
    """An entry of the journal without the passwords of its request and of a receiver's answer. Its notes stay."""
    request = masked_request(entry.request)
    match entry:
        case PushEntry():
            response = entry.response
            if response is not None:
                response = replace(
                    response,
                    headers=tuple((name, _masked_header(name, value)) for name, value in response.headers),
                    body=masked_bytes(response.body),
                )
            masked_error = masked_text(entry.error)
            error = entry.error if masked_error == entry.error else masked_error  # a phrase stays one
            return replace(entry, request=request, response=response, error=error)
        case RequestEntry():
            return replace(entry, request=request)
        case HttpRefusal():
            return replace(entry, request=request)
        case _:
            assert_never(entry)
