"""Exchanges as entries of HAR 1.2.

The exact bytes of our own recordings are in the extension field `_kobikom`, which other programs pass over.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from urllib.parse import parse_qsl

from kobikom_contracts.recording.exchanges import Headers, RecordedExchange
from kobikom_contracts.recording.framing import Message

EXTENSION = "_kobikom"
FORMAT = 1

Json = dict[str, Any]


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
        "left_out": {"request": exchange.request_left_out, "answer": exchange.answer_left_out},
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
        "bodySize": len(exchange.request_body) + exchange.request_left_out,
    }
    if exchange.request_body:
        request["postData"] = {
            "mimeType": exchange.request_header("Content-Type") or "",
            "params": [],
            "text": exchange.request_body.decode("utf-8", "replace"),
        }
        if exchange.request_left_out:
            request["postData"]["comment"] = _left_out(exchange.request_left_out)
    return request


def _response(exchange: RecordedExchange) -> Json:
    body = exchange.answer_body
    size = len(body) + exchange.answer_left_out
    written: Json = {"size": size, "mimeType": exchange.answer_header("Content-Type") or "x-unknown"}
    try:
        written["text"] = body.decode("utf-8")
    except ValueError:
        written |= {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    if exchange.answer_left_out:
        written["comment"] = _left_out(exchange.answer_left_out)
    return {
        "status": exchange.status,
        "statusText": exchange.reason,
        "httpVersion": exchange.answer_version,
        "cookies": [],
        "headers": _pairs(exchange.answer_headers),
        "content": written,
        "redirectURL": exchange.answer_header("Location") or "",
        "headersSize": len(exchange.answer_bytes) - len(body) if exchange.exact else -1,
        "bodySize": size,
    }


def _pairs(headers: Headers) -> list[Json]:
    return [{"name": name.decode("latin-1"), "value": value.decode("latin-1")} for name, value in headers]


def _url(exchange: RecordedExchange) -> str:
    if exchange.target.startswith("/"):
        return (exchange.url or f"http://{exchange.request_header('Host') or 'unknown'}") + exchange.target
    return exchange.target if "://" in exchange.target else exchange.url


def _written(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _left_out(octets: int) -> str:
    return f"{octets} octets more went over the wire; they are not in this file"
