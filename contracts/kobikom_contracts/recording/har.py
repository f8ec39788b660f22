"""Exchanges as entries of HAR 1.2, and entries of any program as exchanges.

The exact bytes of our own recordings are in the extension field `_kobikom`, which other programs pass over.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kobikom_contracts.recording.conversation import exchange_of
from kobikom_contracts.recording.exchanges import Ended, Headers, RecordedExchange
from kobikom_contracts.recording.framing import Message

EXTENSION = "_kobikom"
FORMAT = 1

Json = dict[str, Any]


class NotAnEntry(ValueError):
    """An entry lacks what makes an exchange; the text says what."""


def creator() -> Json:
    """The program that writes, for the field `creator`."""
    return {"name": "kobikom-contracts", "version": version("kobikom-emulator")}


def entry_of(exchange: RecordedExchange) -> Json:
    """One entry of `log.entries`."""
    milliseconds = 0.0
    if exchange.ended_at is not None:
        milliseconds = round((exchange.ended_at - exchange.begun_at).total_seconds() * 1000, 3)
    entry: Json = {
        "startedDateTime": _written(exchange.begun_at),
        "time": milliseconds,
        "request": _request(exchange),
        "response": _response(exchange),
        "cache": {},
        "timings": {"send": 0, "wait": milliseconds, "receive": 0},
    }
    if exchange.connection:
        entry["connection"] = str(exchange.connection)
    if exchange.exact:
        entry[EXTENSION] = _extension(exchange)
    return entry


def _extension(exchange: RecordedExchange) -> Json:
    request, answer = Message(), Message(answers_method=exchange.method)
    request.feed(exchange.request_bytes)
    answer.feed(exchange.answer_bytes)
    return {
        "format": FORMAT,
        "url": exchange.url,
        "host_sent": exchange.host_sent,
        "connection": exchange.connection,
        "ended": str(exchange.ended),
        "ended_at": None if exchange.ended_at is None else _written(exchange.ended_at),
        "password": exchange.password,
        "pseudonyms": exchange.pseudonyms,
        "request": _divided(exchange.request_bytes, request.head_end),
        "answer": _divided(exchange.answer_bytes, answer.head_end),
    }


def _divided(data: bytes, at: int) -> Json:
    return {"head": base64.b64encode(data[:at]).decode(), "body": base64.b64encode(data[at:]).decode()}


def _request(exchange: RecordedExchange) -> Json:
    head_size = len(exchange.request_bytes) - len(exchange.request_body) if exchange.exact else -1
    request: Json = {
        "method": exchange.method,
        "url": _url(exchange),
        "httpVersion": exchange.request_version,
        "cookies": [],
        "headers": _pairs(exchange.request_headers),
        "queryString": [
            {"name": name, "value": value}
            for name, value in parse_qsl(exchange.target.partition("?")[2], keep_blank_values=True)
        ],
        "headersSize": head_size,
        "bodySize": len(exchange.request_body),
    }
    if exchange.request_body:
        request["postData"] = {
            "mimeType": exchange.request_header("Content-Type") or "",
            "params": [],
            "text": exchange.request_body.decode("utf-8", "replace"),
        }
    return request


def _response(exchange: RecordedExchange) -> Json:
    body = exchange.answer_body
    written: Json = {"size": len(body), "mimeType": exchange.answer_header("Content-Type") or "x-unknown"}
    try:
        written["text"] = body.decode("utf-8")
    except ValueError:
        written |= {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    return {
        "status": exchange.status,
        "statusText": exchange.reason,
        "httpVersion": exchange.answer_version,
        "cookies": [],
        "headers": _pairs(exchange.answer_headers),
        "content": written,
        "redirectURL": exchange.answer_header("Location") or "",
        "headersSize": len(exchange.answer_bytes) - len(body) if exchange.exact else -1,
        "bodySize": len(body),
    }


def _pairs(headers: Headers) -> list[Json]:
    return [{"name": name.decode("latin-1"), "value": value.decode("latin-1")} for name, value in headers]


def _url(exchange: RecordedExchange) -> str:
    if exchange.target.startswith("/"):
        return (exchange.url or f"http://{exchange.request_header('Host') or 'unknown'}") + exchange.target
    return exchange.target if "://" in exchange.target else exchange.url


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


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
    if isinstance(extension, Mapping):
        return _exact(extension, number, begun_at)
    response = fields.get("response")
    response = response if isinstance(response, Mapping) else {}
    status = response.get("status")
    status = status if isinstance(status, int) and 100 <= status < 600 else 0
    parts = urlsplit(url)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return RecordedExchange(
        number=number,
        begun_at=begun_at,
        method=method,
        target=target,
        url=f"{parts.scheme}://{parts.netloc}" if parts.netloc else "",
        request_version=_version(request),
        request_headers=_headers(request),
        request_body=_request_body(request),
        status=status,
        reason=str(response.get("statusText") or ""),
        answer_version=_version(response),
        answer_headers=_headers(response),
        answer_body=_text(response.get("content")),
        ended=Ended.ANSWERED if status else Ended.NO_ANSWER,
    )


def _exact(extension: Mapping[str, Any], number: int, begun_at: datetime) -> RecordedExchange:
    if extension.get("format") != FORMAT:
        raise NotAnEntry(f"`{EXTENSION}` has the format {extension.get('format')!r}, this program reads {FORMAT}")
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


def _version(message: Mapping[str, Any]) -> str:
    written = str(message.get("httpVersion") or "")
    return written.upper() if written.upper().startswith("HTTP/") else "HTTP/1.1"


def _headers(message: Mapping[str, Any]) -> Headers:
    """The headers; those of HTTP/2 that begin with a colon are none."""
    listed = message.get("headers")
    pairs = [
        (str(header.get("name") or ""), str(header.get("value") or ""))
        for header in (listed if isinstance(listed, Iterable) else ())
        if isinstance(header, Mapping)
    ]
    return tuple((_octets(name), _octets(value)) for name, value in pairs if name and not name.startswith(":"))


def _octets(text: str) -> bytes:
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def _request_body(request: Mapping[str, Any]) -> bytes:
    posted = request.get("postData")
    if not isinstance(posted, Mapping):
        return b""
    if not posted.get("text") and isinstance(fields := posted.get("params"), list) and fields:
        # Names and values as some programs write a form: one field `XML` as a rule, with the document as it was.
        pairs = [field for field in fields if isinstance(field, Mapping)]
        return "&".join(f"{pair.get('name', '')}={pair.get('value') or ''}" for pair in pairs).encode()
    return _text(posted)


def _text(content: object) -> bytes:
    """The octets of a body, which is text or base64."""
    if not isinstance(content, Mapping):
        return b""
    text = content.get("text")
    if not isinstance(text, str):
        return b""
    if str(content.get("encoding") or "").lower() == "base64":
        try:
            return base64.b64decode(text)
        except binascii.Error:
            raise NotAnEntry("a body in base64 is damaged") from None
    return text.encode("utf-8", "surrogatepass")
