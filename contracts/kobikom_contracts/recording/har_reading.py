"""Entries of HAR 1.2, of any program, as exchanges.

Ours are exact. The emulator's journal has the exact bodies, in `_raw`. Other programs keep decoded texts only: their
octets are put together again as far as the entry tells how.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from kobikom_contracts.recording.conversation import exchange_of
from kobikom_contracts.recording.exchanges import Ended, Headers, RecordedExchange
from kobikom_contracts.recording.har import EXTENSION, FORMAT
from kobikom_contracts.recording.har_texts import octets_of

_LONGEST = 7 * 86_400_000
"""Milliseconds over which the duration of an entry is not believed."""


class NotAnEntry(ValueError):
    """An entry lacks what makes an exchange; the text says what."""


def exchange_in(entry: object, number: int) -> RecordedExchange:
    """The exchange that an entry holds; exact where the entry has our extension.

    Raises :class:`NotAnEntry` where it has no request, no URL or no time.
    """
    fields = entry if isinstance(entry, Mapping) else {}
    match fields:
        case {"startedDateTime": str(started), "request": {"method": str(method), "url": str(url)} as request}:
            begun_at = _moment(started)
        case _:
            raise NotAnEntry("an entry needs `startedDateTime`, and `request` with `method` and `url`")
    extension = fields.get(EXTENSION)
    by_server = isinstance(extension, Mapping) and "kind" in extension and "format" not in extension
    if isinstance(extension, Mapping) and not by_server:
        return _exact(extension, number, begun_at)
    response = fields.get("response")
    response = response if isinstance(response, Mapping) else {}
    status = response.get("status")
    status = status if isinstance(status, int) and 100 <= status < 600 else 0
    target, origin = _address(url)
    request_body, request_left_out = _request_body(request)
    answer_body, answer_left_out = _answer_body(response)
    answer_headers = _headers(response)
    return RecordedExchange(
        number=number,
        begun_at=begun_at,
        ended_at=_ended_at(begun_at, fields.get("time")),
        method=method,
        target=target,
        url=origin,
        request_version=_version(request),
        request_headers=_headers(request),
        request_body=request_body,
        request_left_out=request_left_out,
        status=status,
        reason=str(response.get("statusText") or ""),
        answer_version=_version(response),
        answer_headers=answer_headers,
        answer_body=answer_body,
        answer_left_out=answer_left_out,
        by_server=by_server,
        ended=_ended(status, answer_headers, answer_body, by_server=by_server),
    )


def _exact(extension: Mapping[str, Any], number: int, begun_at: datetime) -> RecordedExchange:
    if extension.get("format") != FORMAT:
        raise NotAnEntry(f"`{EXTENSION}` has the format {extension.get('format')!r}, this program reads {FORMAT}")
    left_out = extension.get("left_out")
    left_out = left_out if isinstance(left_out, Mapping) else {}
    try:
        ended_at = extension["ended_at"]
        return exchange_of(
            number=number,
            begun_at=begun_at,
            ended_at=None if ended_at is None else _moment(ended_at),
            ended=Ended(extension["ended"]),
            request_bytes=_joined(extension["request"]),
            answer_bytes=_joined(extension["answer"]),
            url=str(extension["url"]),
            connection=int(extension["connection"]),
            host_sent=str(extension["host_sent"]),
            password=int(extension["password"]),
            pseudonyms=bool(extension["pseudonyms"]),
            request_left_out=int(left_out.get("request", 0)),
            answer_left_out=int(left_out.get("answer", 0)),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise NotAnEntry(f"`{EXTENSION}` is damaged: {error}") from None


def _joined(divided: Mapping[str, str]) -> bytes:
    return b"".join(base64.b64decode(divided[part], validate=True) for part in ("head", "body"))


def _moment(text: object) -> datetime:
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        raise NotAnEntry(f"{text!r} is not a time in ISO 8601") from None
    # Some programs leave the zone out; the standard asks for it.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _ended_at(begun_at: datetime, milliseconds: object) -> datetime | None:
    if isinstance(milliseconds, bool) or not isinstance(milliseconds, int | float) or not 0 <= milliseconds < _LONGEST:
        return None
    return begun_at + timedelta(milliseconds=milliseconds)


def _ended(status: int, headers: Headers, body: bytes, *, by_server: bool) -> Ended:
    """How it ended, as far as an entry says: none of the other programs says that an answer was cut."""
    if not status:
        return Ended.NO_ANSWER
    length = next((value for name, value in headers if name.lower() == b"content-length"), b"")
    return Ended.CUT if by_server and length.isdigit() and int(length) != len(body) else Ended.ANSWERED


def _address(url: str) -> tuple[str, str]:
    """The request target, and scheme and authority of the server."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise NotAnEntry(f"{url!r} is not a URL: {error}") from None
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return target, f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _version(message: Mapping[str, Any]) -> str:
    written = str(message.get("httpVersion") or "")
    return written.upper() if written.upper().startswith("HTTP/") else "HTTP/1.1"


def _headers(message: Mapping[str, Any]) -> Headers:
    """The headers; those of HTTP/2 that begin with a colon are none."""
    pairs = [(str(header.get("name") or ""), str(header.get("value") or "")) for header in _rows(message, "headers")]
    return tuple((_octets(name), _octets(value)) for name, value in pairs if name and not name.startswith(":"))


def _rows(message: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    listed = message.get(name)
    return [row for row in (listed if isinstance(listed, Iterable) else ()) if isinstance(row, Mapping)]


def _octets(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _request_body(request: Mapping[str, Any]) -> tuple[bytes, int]:
    """The body of a request, and how many octets of it the file does not hold."""
    posted, size = request.get("postData"), _size(request.get("bodySize"))
    if isinstance(raw := request.get("_raw"), str):
        return _from_base64(raw), 0
    if not isinstance(posted, Mapping):
        return b"", size
    if not posted.get("text") and (fields := _rows(posted, "params")):
        # Names and values as some programs write a form: one field `XML` as a rule, with the document as it was.
        return "&".join(f"{pair.get('name', '')}={pair.get('value') or ''}" for pair in fields).encode(), 0
    return _body(posted, size)


def _answer_body(response: Mapping[str, Any]) -> tuple[bytes, int]:
    """The body of an answer, decoded, and how many octets of it the file does not hold."""
    content = response.get("content")
    if isinstance(raw := response.get("_raw"), str):
        return _from_base64(raw), 0
    if not isinstance(content, Mapping):
        return b"", _size(response.get("bodySize"))
    return _body(content, _size(content.get("size")))


def _body(content: Mapping[str, Any], size: int) -> tuple[bytes, int]:
    text = content.get("text")
    if not isinstance(text, str):
        return b"", size
    if str(content.get("encoding") or "").lower() == "base64":
        return _from_base64(text), 0
    return octets_of(text, content_type=str(content.get("mimeType") or ""), size=size), 0


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text)
    except (binascii.Error, ValueError):
        raise NotAnEntry("a body in base64 is damaged") from None


def _size(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0
