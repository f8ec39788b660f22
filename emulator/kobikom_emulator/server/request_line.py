"""Reads the first line of a request, and tells a request line from other bytes as soon as possible."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote_from_bytes

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.bad_request import BadRequest

_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]{0,64}")
_LINE = re.compile(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]{1,64}) ([^\x00-\x20\x7f]+) HTTP/1\.([0-9])")
_OTHER_VERSION = re.compile(rb"HTTP/[0-9](?:\.[0-9])?")
_ABSOLUTE = re.compile(rb"[A-Za-z][A-Za-z0-9+.-]*://")
_CONTROL = re.compile(rb"[\x00-\x1f\x7f]")

_MOST_OTHERS = 100
"""Bytes that a request line may have beside its target."""

_ASCII = bytes(range(128))
_SPACE = 0x20
_TLS_HANDSHAKE = b"\x16"
_HTTP_2_PREFACE = b"PRI * HTTP/2.0"


class RequestLine(NamedTuple):
    """Method, target in ASCII, and the digit after the point of HTTP/1.x."""

    method: str
    target: str
    minor: int


def read_line(line: bytes, max_target: int) -> RequestLine:
    """Read a whole request line, without its line end. `BadRequest` says what is wrong with it (414, 400).

    Octets outside of ASCII in the target are taken as if they were percent-encoded (T-08.3).
    """
    fields = _LINE.fullmatch(line)
    if fields is None:
        refuse_beginning(line, max_target)
        raise BadRequest(_problem(line), line=line)
    method, target, minor = fields.groups()
    if len(target) > max_target:
        raise _too_long(line, max_target)
    if target[0] != 0x2F and not _is_other_form(method, target):
        raise BadRequest(Phrase("a target that does not begin with /"), line=line)
    path = target.decode() if target.isascii() else quote_from_bytes(target, safe=_ASCII)
    return RequestLine(method.decode(), path, int(minor))


def refuse_beginning(data: bytes, max_target: int) -> None:
    """Raise `BadRequest` if no request line begins with these bytes, however it goes on."""
    end = _end_of_method(data)
    if end == 0 or (end < len(data) and data[end] != _SPACE):
        if data[:1] == _TLS_HANDSHAKE:
            raise BadRequest(Phrase("the beginning of TLS; this port speaks HTTP without TLS"))
        raise BadRequest(Phrase("bytes that do not begin with a method"), line=data)
    target, _, rest = data[end + 1 :].partition(b" ")
    if len(target) > max_target:
        raise _too_long(data, max_target)
    if len(rest) > _MOST_OTHERS:
        raise BadRequest(_problem(data), line=data)


def continues_body(data: bytes) -> bool | None:
    """Whether bytes that follow a body are more of it rather than a request; None while both are possible.

    A line of one word is neither: it is left to `read_line`.
    """
    end = _end_of_method(data)
    if end == 0:
        return True
    if end == len(data):
        return None
    if data[end] in b"\r\n":
        return False
    if data[end] != _SPACE:
        return True
    target = data[end + 1 : end + 9].lower()
    if target[:1] in (b"/", b"*"):
        return False
    schemes = (b"http://", b"https://")
    if target.startswith(schemes):
        return False
    return None if any(scheme.startswith(target) for scheme in schemes) else True


def _end_of_method(data: bytes) -> int:
    method = _METHOD.match(data)
    assert method is not None
    return method.end()


def _is_other_form(method: bytes, target: bytes) -> bool:
    """Whether a target without a slash at its beginning is one of the other forms of RFC 9112, 3.2."""
    return target == b"*" or method == b"CONNECT" or _ABSOLUTE.match(target) is not None


def _too_long(line: bytes, max_target: int) -> BadRequest:
    reason = Phrase("a target of more than {count} bytes, the setting limits.max-target", count=max_target)
    return BadRequest(reason, status=414, line=line)


def _problem(line: bytes) -> Phrase:
    """What is wrong with a line that begins with a method."""
    _, _, rest = line.partition(b" ")
    target, _, version = rest.partition(b" ")
    if line == _HTTP_2_PREFACE:
        return Phrase("the preface of HTTP/2; this server speaks HTTP/1.1")
    if not target and not version:
        return Phrase("a request line without a target")
    if not version:
        return Phrase("a request line without a version, as in HTTP/0.9; this server speaks HTTP/1.1")
    if _OTHER_VERSION.fullmatch(version):
        if _CONTROL.search(target):
            return Phrase("a control character in the target")
        return Phrase("{version}; this server speaks HTTP/1.1", version=version.decode())
    return Phrase("no HTTP/1.1 after the target; a blank in a target is written %20")
