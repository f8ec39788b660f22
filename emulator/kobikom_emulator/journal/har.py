"""The journal as an HTTP Archive (HAR 1.2), which browsers and other tools show.

Bodies stand twice: as HAR's text, and as `_raw`, the exact bytes in base64.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.entries import PushEntry, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.masked_rendering import masked_explanation
from kobikom_emulator.journal.masking import masked_entry
from kobikom_emulator.journal.rendering import iso, kind_of
from kobikom_emulator.phrases import Language, in_language
from kobikom_emulator.ports import PushResponse

Headers = Sequence[tuple[str, str]]


def har_head(*, version: str) -> dict[str, Any]:
    """The archive's `log` without its entries. `version` is the distribution's."""
    return {"version": "1.2", "creator": {"name": "kobikom-emulator", "version": version}}


def har_entry(numbered: NumberedEntry, *, base_url: str, space: str, language: Language = "en") -> dict[str, Any]:
    """An entry of the journal as one of an archive, without its passwords.

    `_kobikom` holds what HAR has no field for: number, kind, operation, user, outcome, code, explanation, fault rules,
    and why a push got no answer.
    """
    entry = masked_entry(numbered.entry)
    answer, error = (entry.response, entry.error) if isinstance(entry, PushEntry) else (entry.answer, "")
    wait, receive = _durations(answer)
    return {
        "startedDateTime": iso(entry.at),
        "time": wait + receive,
        "request": _request(entry.request, "" if isinstance(entry, PushEntry) else base_url),
        "response": _response(answer),
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": receive},
        "_kobikom": {
            "space": space,
            "id": numbered.number,
            "kind": kind_of(entry),
            "operation": entry.operation.value,
            "user": entry.user,
            "outcome": entry.outcome.value,
            "code": entry.code if isinstance(entry, RequestEntry) else None,
            "explanation": masked_explanation(numbered.entry, language),
            "faults": list(entry.faults) if isinstance(entry, (RequestEntry, PushEntry)) else [],
            "error": in_language(error, language),
        },
    }


def _durations(answer: Answer | PushResponse | None) -> tuple[float, float]:
    """The milliseconds by which a fault rule delayed an answer, and those over which its body was spread."""
    if not isinstance(answer, Answer):
        return 0.0, 0.0
    rate = answer.transmission.bytes_per_second
    return answer.transmission.delay * 1000, len(answer.sent_body) / rate * 1000 if rate else 0.0


def _request(request: WireRequest, base_url: str) -> dict[str, Any]:
    url = base_url + request.target
    values: dict[str, Any] = {
        "method": request.method,
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.headers]),
        "queryString": _named(parse_qsl(urlsplit(request.target).query, keep_blank_values=True, errors="replace")),
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        text = request.body.decode("utf-8", "replace")
        values["postData"] = {"mimeType": request.content_type, "text": text}
        values["_raw"] = base64.b64encode(request.body).decode()
    return values


def _response(answer: Answer | PushResponse | None) -> dict[str, Any]:
    """An answer as it was sent or received; status 0 where there was none, as browsers write it."""
    match answer:
        case Answer() if not answer.transmission.drop:
            type_ = answer.content_type
            own = [("Content-Type", type_), ("Content-Length", str(answer.length)), *answer.headers.items()]
            return _received(answer.status, own, type_, answer.sent_body)
        case PushResponse():
            type_ = next((value for name, value in answer.headers if name.lower() == "content-type"), "")
            return _received(answer.status, answer.headers, type_, answer.body)
        case _:
            return _received(0, [], "", b"")


def _received(status: int, headers: Headers, content_type: str, body: bytes) -> dict[str, Any]:
    content: dict[str, Any] = {"size": len(body), "mimeType": content_type}
    try:
        content["text"] = body.decode()
    except UnicodeDecodeError:
        content |= {"text": base64.b64encode(body).decode(), "encoding": "base64"}
    return {
        "status": status,
        "statusText": _phrase(status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _named(headers),
        "content": content,
        "redirectURL": next((value for name, value in headers if name.lower() == "location"), ""),
        "headersSize": -1,
        "bodySize": len(body),
        "_raw": base64.b64encode(body).decode(),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _named(pairs: Headers) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]
