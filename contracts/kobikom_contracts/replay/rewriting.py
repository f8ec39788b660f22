"""Puts logins, ids and the address of a target into the bytes of a recorded request; every other byte stays."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape

from kobikom_contracts.documents import SEND_PATH
from kobikom_contracts.recording.exchanges import RecordedExchange
from kobikom_contracts.replay.accounts import Account

_API = SEND_PATH.rstrip("/").encode()
_DECLARED = re.compile(rb"<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", re.IGNORECASE)
_IDS = re.compile(rb"([?&]messageid=)([^&\s]*)", re.IGNORECASE)
_LENGTH = re.compile(rb"(?im)^(content-length[ \t]*:[ \t]*)(\d+)")
_HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)([^\r\n]*)")


def request_bytes(recorded: RecordedExchange) -> bytes:
    """The recorded request; put together again where the recording has decoded values only."""
    if recorded.exact and recorded.request_bytes:
        return recorded.request_bytes
    left_out = {b"content-length", b"transfer-encoding", b"connection", b"content-encoding", b"host"}
    lines = [f"{recorded.method} {recorded.target} HTTP/1.1".encode(), b"Host: recorded"]
    lines += [name + b": " + value for name, value in recorded.request_headers if name.lower() not in left_out]
    if recorded.method == "POST":
        lines.append(b"Content-Length: %d" % len(recorded.request_body))
    return b"\r\n".join(lines) + b"\r\n\r\n" + recorded.request_body


def addressed(request: bytes, *, recorded_authority: str, authority: str, prefix: str) -> bytes:
    """With the target's path prefix, and its Host where the request named the recorded server."""
    head, blank, body = request.partition(b"\r\n\r\n")
    line, end, headers = head.partition(b"\r\n")
    method, space, rest = line.partition(b" ")
    at = rest.find(_API)
    if at >= 0 and not rest.lower().startswith(b"http"):
        rest = prefix.encode() + rest[at:]
    known = {recorded_authority.encode(), b"recorded"}

    def host(match: re.Match[bytes]) -> bytes:
        return match[1] + (authority.encode() if match[2].strip() in known else match[2])

    return method + space + rest + end + _HOST.sub(host, headers) + blank + body


def with_ids(request: bytes, ids: Mapping[str, str]) -> bytes:
    """With the target's ids in the list of a pull where the server made the recorded ones."""
    line, end, rest = request.partition(b"\r\n")

    def renamed(match: re.Match[bytes]) -> bytes:
        names = (ids.get(name, name) for name in match[2].decode("latin-1").split(","))
        return match[1] + ",".join(names).encode("latin-1")

    return _IDS.sub(renamed, line) + end + rest


def logged_in(request: bytes, recorded_user: str, recorded_password: str, account: Account) -> bytes:
    """With the login of an account where user and masked password stand, in any writing of a document or a query.

    ``recorded_password``: its text, "" where it is masked.
    """
    changed = request
    if account.user != recorded_user:
        changed = _replaced(changed, "kullanici", recorded_user, account.user)
    changed = _replaced(changed, "parola", recorded_password, account.password)
    return _with_length(changed, more=len(_body(changed)) - len(_body(request)))


def _replaced(request: bytes, name: str, old: str, new: str) -> bytes:
    declared = _DECLARED.search(request)
    encoding = declared[1].decode() if declared else "utf-8"
    for pattern, written in _places(name, old, new, encoding):
        request = re.sub(pattern, _keeping(written), request, flags=re.IGNORECASE | re.DOTALL)
    return request


def _keeping(written: bytes) -> Callable[[re.Match[bytes]], bytes]:
    return lambda match: match[1] + written + match[2]


def _places(name: str, old: str, new: str, encoding: str) -> list[tuple[bytes, bytes]]:
    """Patterns of where a value stands, with what it is replaced by; ``old`` is "" for a mask."""
    tag = name.encode()
    masked = rb"\*+|(?:%2A)+"
    values = masked if not old else b"|".join({re.escape(form) for form in _forms(old, encoding)})
    wide = "".join(f"{char}\0" for char in f"{name}>").encode("latin-1")
    stars = rb"(?:\*\0)+" if not old else re.escape(old.encode("utf-16-le"))
    literal = _encoded(escape(new), encoding)
    return [
        (rb"(<\s*" + tag + rb"[^<>]*>\s*)(?:" + values + rb")(\s*<)", literal),
        (rb"(<\s*" + tag + rb"[^<>]*>\s*<!\[CDATA\[\s*)(?:" + values + rb")(\s*\]\]>)", _encoded(new, encoding)),
        (rb"(%3C" + tag + rb"%3E)(?:" + values + rb")(%3C)", quote(escape(new), safe="").encode()),
        (rb"([?&]" + tag + rb"=)(?:" + values + rb")(&|[ \r\n]|$)", quote(new, safe="").encode()),
        (rb"(" + re.escape(wide) + rb")" + stars + rb"(<\0)", escape(new).encode("utf-16-le")),
    ]


def _forms(value: str, encoding: str) -> list[bytes]:
    return [_encoded(value, encoding), _encoded(escape(value), encoding), quote(value, safe="").encode(),
            quote(escape(value), safe="").encode()]  # fmt: skip


def _encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode(encoding)
    except (LookupError, UnicodeError):
        return text.encode("utf-8")


def _body(request: bytes) -> bytes:
    return request.partition(b"\r\n\r\n")[2]


def _with_length(request: bytes, *, more: int) -> bytes:
    """With a Content-Length that says so many octets more: one that was wrong stays as wrong."""
    head, blank, body = request.partition(b"\r\n\r\n")
    return _LENGTH.sub(lambda match: match[1] + b"%d" % (int(match[2]) + more), head, count=1) + blank + body
