"""Entries of the journal for readers: JSON values, summaries, explanations and curl commands."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Literal, assert_never

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.entries import Entry, HttpRefusal, PushEntry, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.journal.places import Places
from kobikom_emulator.journal.printing import whole_characters
from kobikom_emulator.phrases import Language, in_language
from kobikom_emulator.ports import PushResponse
from kobikom_emulator.protocol.envelope import xml_of

EntryKind = Literal["request", "push", "http"]


def rendered(
    numbered: NumberedEntry, *, base_url: str = "http://127.0.0.1:8080", language: Language = "en"
) -> dict[str, Any]:
    """An entry as JSON values: see `control.journal.EntryView` for the fields. `base_url` begins the curl command, the
    explanation is in `language`.
    """
    number, entry = numbered
    request = entry.request
    values: dict[str, Any] = {
        "id": number,
        "kind": kind_of(entry),
        "at": iso(entry.at),
        "operation": entry.operation.value,
        "user": entry.user,
        "outcome": entry.outcome.value,
        "code": None,
        "request": {
            "method": request.method,
            "target": whole_characters(request.target),
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers],
            **_body(request.body),
        },
        "answer": None,
        "intended": None,
        "error": "",
        "explanation": explanation(entry.notes, request, language),
        "faults": [],
        "first_id": None,
        "accepted": 0,
        "curl": curl(request, base_url),
    }
    match entry:
        case RequestEntry():
            values |= {
                "code": None if entry.code is None else int(entry.code),
                "answer": _as_sent(entry.answer),
                "intended": None if entry.intended is None else _as_sent(entry.intended),
                "faults": list(entry.faults),
                "first_id": str(entry.ids.start) if entry.ids else None,
                "accepted": len(entry.ids),
            }
        case PushEntry():
            values |= {
                "answer": _as_received(entry.response),
                "error": whole_characters(in_language(entry.error, language)),
                "faults": list(entry.faults),
                "curl": curl(request, ""),
            }
        case HttpRefusal():
            values["answer"] = _as_sent(entry.answer)
        case _:
            assert_never(entry)
    return values


def summary(numbered: NumberedEntry, *, language: Language = "en") -> dict[str, Any]:
    """An entry in short, for lists: no bytes, the first refusal's clause and what was expected."""
    number, entry = numbered
    refusal = next((note for note in entry.notes if note.kind is Kind.REFUSED), None)
    values: dict[str, Any] = {
        "id": number,
        "kind": kind_of(entry),
        "at": iso(entry.at),
        "operation": entry.operation.value,
        "user": entry.user,
        "outcome": entry.outcome.value,
        "code": None,
        "http_status": None,
        "request_bytes": len(entry.request.body),
        "answer_bytes": 0,
        "accepted": 0,
        "refused": sum(note.times for note in entry.notes if note.kind is Kind.REFUSED),
        "unread": sum(note.times for note in entry.notes if note.kind is Kind.UNREAD),
        "clause": refusal.clause if refusal else None,
        "expected": in_language(refusal.expected, language) if refusal else "",
        "found": in_language(refusal.found, language) if refusal else "",
        "faults": [],
        "effects": [in_language(note.found, language) for note in entry.notes if note.kind is Kind.FAULT],
        "sent": "whole",
        "altered": False,
    }
    match entry:
        case RequestEntry():
            values |= {
                "sent": _sent(entry.answer),
                "altered": entry.intended is not None,
                "code": None if entry.code is None else int(entry.code),
                "http_status": None if entry.answer.transmission.drop else entry.answer.status,
                "answer_bytes": len(entry.answer.sent_body),
                "accepted": len(entry.ids),
                "faults": list(entry.faults),
            }
        case PushEntry():
            values["faults"] = list(entry.faults)
            if entry.response is not None:
                values |= {"http_status": entry.response.status, "answer_bytes": len(entry.response.body)}
            else:
                values["sent"] = "nothing"
        case HttpRefusal():
            values |= {
                "sent": _sent(entry.answer),
                "http_status": None if entry.answer.transmission.drop else entry.answer.status,
                "answer_bytes": len(entry.answer.sent_body),
            }
        case _:
            assert_never(entry)
    return values


def kind_of(entry: Entry) -> EntryKind:
    """The word that tells the three types of entries apart in JSON."""
    match entry:
        case RequestEntry():
            return "request"
        case PushEntry():
            return "push"
        case HttpRefusal():
            return "http"
        case _:
            assert_never(entry)


def _as_sent(answer: Answer) -> dict[str, Any]:
    """An answer of this server as it goes over the wire."""
    transmission = answer.transmission
    if transmission.drop:
        return {
            "status": None, "content_type": "", "headers": [], "body": "", "sent": "nothing", "bytes_sent": 0,
            "delay_seconds": transmission.delay, "bytes_per_second": None,
        }  # fmt: skip
    body = answer.sent_body
    return {
        "status": answer.status,
        "content_type": answer.content_type,
        "headers": [[name, value] for name, value in answer.headers.items()],
        **_body(body),
        "sent": _sent(answer),
        "bytes_sent": len(body),
        "delay_seconds": transmission.delay,
        "bytes_per_second": transmission.bytes_per_second,
    }


def _sent(answer: Answer) -> Literal["whole", "cut", "nothing"]:
    """How much of an answer of this server goes over the wire."""
    if answer.transmission.drop:
        return "nothing"
    return "whole" if len(answer.sent_body) == answer.length else "cut"


def _as_received(response: PushResponse | None) -> dict[str, Any] | None:
    """The answer of a push's receiver."""
    if response is None:
        return None
    return {
        "status": response.status,
        "content_type": whole_characters(
            next((value for name, value in response.headers if name.lower() == "content-type"), "")
        ),
        "headers": [[whole_characters(name), whole_characters(value)] for name, value in response.headers],
        **_body(response.body),
        "sent": "whole" if response.complete else "cut",
        "bytes_sent": len(response.body),
        "delay_seconds": 0.0,
        "bytes_per_second": None,
    }


def xml_seen(request: WireRequest) -> str:
    """The XML that lines and columns of an explanation count in: the body unwrapped and decoded; "" if it has none."""
    return xml_of(request.body, content_type=request.content_type).decode("utf-8", "replace")


def explanation(notes: Sequence[Note], request: WireRequest, language: Language = "en") -> list[dict[str, Any]]:
    """The notes with line and column in the XML as the server saw it, and the statements that they cite."""
    from kobikom_emulator.journal.statements import STATEMENTS  # the tables are read with the first explanation

    paths = [note.path for note in notes if note.path.startswith("/") and not note.line]
    # The body was read before, so neither the space's readings nor its limits matter here.
    places = Places(xml_of(request.body, content_type=request.content_type) if paths else b"", paths)
    findings = []
    for note in notes:
        line, column = places.of(note)
        statement = STATEMENTS[note.statement]
        findings.append(
            {
                "kind": note.kind.value,
                "code": note.code,
                "clause": statement.clause,
                "statement": statement.id,
                "sentence": statement.turkish if language == "tr" else statement.sentence,
                "mark": statement.mark,
                "path": note.path,
                "line": line or None,
                "column": column or None,
                "expected": in_language(note.expected, language),
                "found": in_language(note.found, language),
                "hint": in_language(note.hint, language),
                "times": note.times,
                "places": list(note.places),
            }
        )
    return findings


def curl(request: WireRequest, base_url: str) -> str:
    """A command line that repeats the request: `base_url` plus the target. Bodies that are not text go in as base64.

    "" for what was not HTTP.
    """
    if not request.method:
        return ""
    url = base_url + whole_characters(request.target)
    command = ["curl", "-sS"]
    if request.method != "GET":
        command += ["-X", request.method]
    if any(character in url for character in "[]{}"):
        command.append("--globoff")  # or curl takes them for a pattern of several URLs
    command += ["--url", url] if url.startswith("-") else [url]
    if request.content_type:
        command += ["-H", f"Content-Type: {whole_characters(request.content_type)}"]
    if not request.body:
        return shlex.join(command)
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or text.startswith("@"):  # a command line cannot hold the first, curl reads the second as a file
        encoded = base64.b64encode(request.body).decode()
        return f"echo {encoded} | base64 -d | {shlex.join([*command, '--data-binary', '@-'])}"
    if not request.content_type:
        command += ["-H", "Content-Type:"]
    return shlex.join([*command, "--data-binary", text])


def _body(body: bytes) -> dict[str, str]:
    try:
        return {"body": body.decode()}
    except UnicodeDecodeError:
        return {"body": body.decode("utf-8", "replace"), "body_base64": base64.b64encode(body).decode()}


def iso(at: int) -> str:
    """An instant (ms) in ISO 8601, UTC."""
    moment = datetime.fromtimestamp(at / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
