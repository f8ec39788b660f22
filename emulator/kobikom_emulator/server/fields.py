"""Reads the header lines of a request, and what they say about its body and its connection.

Names and values are checked by `aiohttp.http.HeadersParser`; the framing of the body is decided here.
"""

from __future__ import annotations

import re

import msgspec
from aiohttp.http import HeadersParser, HttpProcessingError
from multidict import CIMultiDict, CIMultiDictProxy

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.bad_request import BadRequest

MAX_HEADERS = 128
MAX_HEADER_BYTES = 64 * 1024
"""Header lines of a request, and their bytes with line ends; a request with more is answered with 431."""

_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_LENGTH = re.compile(r"[0-9]{1,18}", re.ASCII)
_HOST = re.compile(r"[A-Za-z0-9._~!$&'()*+,;=%:\[\]-]*", re.ASCII)

_PARSER = HeadersParser(max_line_size=MAX_HEADER_BYTES, max_headers=MAX_HEADERS, max_field_size=MAX_HEADER_BYTES)


class Fields(msgspec.Struct, frozen=True, gc=False):
    """The headers of a request, with a character for each octet (ISO 8859-1), and as they were received (`raw`).

    `length` is the Content-Length, None without one. `persistent` says whether the connection stays open after the
    answer in HTTP/1.1, `persistent_in_1_0` in HTTP/1.0.
    """

    headers: CIMultiDictProxy[str]
    raw: tuple[tuple[bytes, bytes], ...]
    content_type: str
    length: int | None
    chunked: bool
    has_host: bool
    expects_continue: bool
    persistent: bool
    persistent_in_1_0: bool


def read_fields(block: bytes) -> Fields:
    """Read header lines, each with its CRLF. `BadRequest` says what is wrong with them."""
    if block.count(b"\n") != block.count(b"\r\n"):
        raise mixed_line_ends()
    lines = block.split(b"\r\n")
    if len(lines) - 1 > MAX_HEADERS:
        raise BadRequest(Phrase("more than {count} header lines", count=MAX_HEADERS), status=431)
    try:
        headers, raw = _PARSER.parse_headers(lines)
    except HttpProcessingError:
        raise BadRequest(_problem(lines)) from None
    if not all([value.isascii() for value in headers.values()]):
        octets = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
        headers = CIMultiDictProxy(CIMultiDict(octets))
    for name in ("Host", "Content-Length", "Transfer-Encoding"):
        if len(headers.getall(name, ())) > 1:
            raise BadRequest(_twice(name))
    host = headers.get("Host")
    if host is not None and _HOST.fullmatch(host) is None:
        raise BadRequest(Phrase("a Host header that is not a host name"))
    connection = {
        token.strip(" \t").lower() for value in headers.getall("Connection", ()) for token in value.split(",")
    }
    length = headers.get("Content-Length")
    coding = headers.get("Transfer-Encoding")
    if length is not None and _LENGTH.fullmatch(length) is None:
        raise BadRequest(Phrase("a Content-Length that is not a number"))
    if coding is not None:
        if length is not None:
            raise BadRequest(Phrase("Content-Length and Transfer-Encoding in one request"))
        if coding.lower() != "chunked":
            raise BadRequest(Phrase("a Transfer-Encoding other than chunked"))
    return Fields(
        headers=headers,
        raw=raw,
        content_type=headers.get("Content-Type", ""),
        length=None if length is None else int(length),
        chunked=coding is not None,
        has_host=host is not None,
        expects_continue=headers.get("Expect", "").lower() == "100-continue",
        persistent="close" not in connection,
        persistent_in_1_0="close" not in connection and "keep-alive" in connection,
    )


def mixed_line_ends() -> BadRequest:
    """What is raised for a head with line ends of both kinds, which could be read in two ways."""
    return BadRequest(Phrase("line ends of CRLF and of LF alone in one head"))


def _problem(lines: list[bytes]) -> Phrase:
    """What is wrong with the first header line that the parser does not accept."""
    names: dict[bytes, bytes] = {}
    repeated = b""
    for nth, line in enumerate(lines[:-1], start=1):
        name, colon, value = line.partition(b":")
        if line[:1] in (b" ", b"\t"):
            return Phrase("a header line that begins with a blank: write a value in one line")
        if not colon:
            return Phrase("header line {nth} without a colon", nth=nth)
        if name.strip(b" \t") != name:
            return Phrase("a blank before the colon of header line {nth}", nth=nth)
        if _TOKEN.fullmatch(name) is None:
            return Phrase("a name of header line {nth} that is not one word in ASCII", nth=nth)
        if _CONTROL.search(value):
            return Phrase("a control character in the header {name}", name=name.decode())
        if name.lower() in names:
            repeated = repeated or names[name.lower()]
        names[name.lower()] = name
    return _twice(repeated.decode()) if repeated else Phrase("a header line that is not valid")


def _twice(name: str) -> Phrase:
    return Phrase("two headers {name}", name=name)
