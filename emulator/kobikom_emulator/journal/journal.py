"""The journal of a space: a bounded ring of what was asked, answered and why.

Writing an entry keeps references only; texts, places and JSON are made when somebody reads.
"""

from __future__ import annotations

import base64
import shlex
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.clauses import CLAUSES
from kobikom_emulator.journal.notes import Kind, Note, locate, place
from kobikom_emulator.protocol.envelope import Malformed, open_envelope, xml_of


class Entry(NamedTuple):
    """One request or push. `outcome` is one word, `code` the first status code that is not 0, None where none
    applies.
    """

    number: int
    at: int
    operation: str
    user: str
    outcome: str
    code: int | None
    request: WireRequest
    answer: Answer
    notes: tuple[Note, ...]
    faults: tuple[str, ...]
    ids: range = range(0)
    """The generated ids of the messages that came of it."""


class Journal:
    """The newest `limit` entries, and no more of them than `max_bytes` of bodies."""

    def __init__(self, *, limit: int, max_bytes: int) -> None:
        self._limit = limit
        self._max_bytes = max_bytes
        self._entries: deque[Entry] = deque()
        self._bytes = 0
        self._written = 0

    def __len__(self) -> int:
        return len(self._entries)

    def __iter__(self) -> Iterator[Entry]:
        """Oldest first."""
        return iter(self._entries)

    def __reversed__(self) -> Iterator[Entry]:
        return reversed(self._entries)

    @property
    def written(self) -> int:
        """How many entries there ever were."""
        return self._written

    def write(
        self,
        *,
        at: int,
        operation: str,
        user: str,
        outcome: str,
        code: int | None,
        request: WireRequest,
        answer: Answer,
        notes: tuple[Note, ...] = (),
        faults: tuple[str, ...] = (),
        ids: range = range(0),
    ) -> None:
        self._written += 1
        entry = Entry(self._written, at, operation, user, outcome, code, request, answer, notes, faults, ids)
        size = _size(entry)
        if size > self._max_bytes:  # it must not push out everything else
            entry = _without_bodies(entry)
            size = _size(entry)
        self._entries.append(entry)
        self._bytes += size
        while len(self._entries) > self._limit or (self._bytes > self._max_bytes and len(self._entries) > 1):
            self._bytes -= _size(self._entries.popleft())

    def of_message(self, generated_id: int) -> Entry | None:
        """The request that a message came with, while it is remembered."""
        return next((entry for entry in reversed(self._entries) if generated_id in entry.ids), None)

    def clear(self) -> None:
        self._entries.clear()
        self._bytes = 0


def _size(entry: Entry) -> int:
    """The bytes of bodies that an entry keeps."""
    return len(entry.request.body) + entry.answer.length


def _without_bodies(entry: Entry) -> Entry:
    """An entry over the whole budget keeps everything but its bytes."""
    request, answer = entry.request, entry.answer
    left_out = b"(%d bytes, over the journal's budget)"
    return entry._replace(
        request=WireRequest(request.method, request.target, left_out % len(request.body), request.content_type),
        answer=Answer((left_out % answer.length,), answer.content_type, answer.status),
    )


def rendered(entry: Entry, *, base_url: str = "http://127.0.0.1:8080") -> dict[str, Any]:
    """An entry as JSON values, with the place, clause and sentence of each note, and a curl line that repeats it.

    `first_id` and `accepted` say which messages came of it: so many generated ids from that one on.
    """
    request, answer = entry.request, entry.answer
    return {
        "id": entry.number,
        "at": iso(entry.at),
        "operation": entry.operation,
        "user": entry.user,
        "outcome": entry.outcome,
        "code": entry.code,
        "request": {
            "method": request.method,
            "target": request.target,
            "headers": [[name.decode("latin-1"), value.decode("latin-1")] for name, value in request.headers],
            **_body(request.body),
        },
        "answer": {
            "status": answer.status,
            "content_type": answer.content_type,
            **_body(answer.body),
        },
        "explanation": explanation(entry.notes, request),
        "faults": list(entry.faults),
        "first_id": str(entry.ids.start) if entry.ids else None,
        "accepted": len(entry.ids),
        "curl": curl(request, base_url),
    }


def summary(entry: Entry) -> dict[str, Any]:
    """An entry in short, for lists: no bytes, the first refusal's clause and what was expected."""
    refusal = next((note for note in entry.notes if note.kind is Kind.REFUSED), None)
    return {
        "id": entry.number,
        "at": iso(entry.at),
        "operation": entry.operation,
        "user": entry.user,
        "outcome": entry.outcome,
        "code": entry.code,
        "http_status": entry.answer.status,
        "request_bytes": len(entry.request.body),
        "answer_bytes": entry.answer.length,
        "accepted": len(entry.ids),
        "refused": sum(note.kind is Kind.REFUSED for note in entry.notes),
        "unread": sum(note.kind is Kind.UNREAD for note in entry.notes),
        "clause": refusal.clause if refusal else None,
        "expected": refusal.expected if refusal else "",
        "found": refusal.found if refusal else "",
        "faults": list(entry.faults),
    }


def as_seen(request: WireRequest) -> str:
    """The XML that lines and columns of an explanation count in: the body unwrapped and decoded; "" if it has none."""
    return xml_of(request.body, content_type=request.content_type).decode("utf-8", "replace")


def explanation(notes: Sequence[Note], request: WireRequest) -> list[dict[str, Any]]:
    """The notes with line and column in the XML as the server saw it, and the clause in words."""
    places: Mapping[str, tuple[int, int]] = {}
    if any(note.path.startswith("/") and not note.line for note in notes):
        try:
            # It was read once already: whatever the readings and caps were, they are no obstacle now.
            envelope = open_envelope(
                request.body, content_type=request.content_type, undeclared_bytes="windows-1254", max_depth=250
            )
            places = locate(envelope.xml)
        except Malformed:
            places = {}
    found = []
    for note in notes:
        line, column = place(note, places)
        clause = CLAUSES[note.clause]
        found.append(
            {
                "kind": note.kind.value,
                "code": note.code,
                "clause": note.clause,
                "sentence": clause.sentence,
                "sources": clause.sources,
                "path": note.path,
                "line": line or None,
                "column": column or None,
                "expected": note.expected,
                "found": note.found,
            }
        )
    return found


def curl(request: WireRequest, base_url: str) -> str:
    """A command line that repeats the request; bodies that are not text go in as base64."""
    command = ["curl", "-sS", base_url + request.target]
    if request.method != "GET":
        command[2:2] = ["-X", request.method]
    if request.content_type:
        command += ["-H", f"Content-Type: {request.content_type}"]
    if not request.body:
        return shlex.join(command)
    try:
        text = request.body.decode()
    except UnicodeDecodeError:
        text = "\x00"
    if "\x00" in text or text.startswith("@"):  # neither can stand on a command line
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
