"""One line of the log for each journal entry: requests, pushes, and what was no request of the API.

At `info` a line has no number and no text. These, and what was found where something was refused, are in it at
`debug`. Passwords are in it at no level.
"""

from __future__ import annotations

import logging
import time
from typing import Any

from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.journal.entries import Entry, HttpRefusal, Operation, Outcome, PushEntry, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.notes import Kind, Note
from kobikom_emulator.protocol.decode import decode
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.space.large_work import LARGE
from kobikom_emulator.translation.requests import texts_of

_log = logging.getLogger("kobikom_emulator.requests")
_MOST_NUMBERS = 20
_REASONS = (Kind.REFUSED, Kind.FAULT)


class RequestLog:
    """Writes the lines of one space."""

    def __init__(self, space: str) -> None:
        self._space = space

    def write(self, numbered: NumberedEntry) -> None:
        """Log an entry at `info`, and what it was about at `debug`."""
        if not _log.isEnabledFor(logging.INFO):
            return
        entry = numbered.entry
        fields = self._fields(entry)
        if _log.isEnabledFor(logging.DEBUG):
            fields |= _details(entry)
        _log.info("%s", _line(fields), extra={"fields": fields})

    def _fields(self, entry: Entry) -> dict[str, Any]:
        fields: dict[str, Any] = {"space": self._space, "operation": str(entry.operation)}
        if entry.user:
            fields["user"] = entry.user
        if isinstance(entry, RequestEntry) and entry.operation is Operation.SEND:
            fields["recipients"] = entry.recipients
        fields["outcome"] = str(entry.outcome)
        fields |= _result(entry)
        if (note := _reason(entry.notes)) is not None:
            fields["clause"] = note.statement
            if note.expected:
                fields["expected"] = str(note.expected)
            if note.path:
                fields["path"] = note.path
        if not isinstance(entry, HttpRefusal) and entry.faults:
            fields["faults"] = list(entry.faults)
        if complete_at := entry.request.complete_at:
            fields["ms"] = round((time.perf_counter() - complete_at) * 1000, 1)
        return fields


def _result(entry: Entry) -> dict[str, Any]:
    """The status code of the API, the HTTP status, or what went wrong with a push."""
    match entry:
        case HttpRefusal():
            return {} if entry.answer.transmission.drop else {"status": entry.answer.status}
        case PushEntry(response=response) if response is not None:
            return {"status": response.status}
        case PushEntry(outcome=Outcome.REFUSED):  # the error may name the whole address
            return {}
        case PushEntry():
            return {"error": str(entry.error)}
    return {} if entry.code is None else {"code": entry.code}


def _reason(notes: tuple[Note, ...]) -> Note | None:
    """The note that says why a request was refused, or which rule changed its answer."""
    return next((note for note in notes if note.kind in _REASONS), None)


def _details(entry: Entry) -> dict[str, Any]:
    """Numbers and texts of a send; what was found, where that cannot be a password or part of an unreadable body."""
    details: dict[str, Any] = {}
    if entry.operation is Operation.SEND:
        details["messages"] = _messages(entry.request)
    note = _reason(entry.notes)
    readable = entry.operation not in (Operation.UNREADABLE, Operation.HTTP)
    if note is not None and note.found and readable and not note.clause.startswith("A"):
        details["found"] = str(note.found)
    return details


def _messages(wire: WireRequest) -> list[dict[str, Any]]:
    """Numbers and texts; none of a large send, which would hold up the others while it is read again (T-11)."""
    if len(wire.body) > LARGE:
        return []
    try:
        envelope = open_envelope(wire.body, content_type=wire.content_type, undeclared_bytes="windows-1254")
        request = decode(envelope.root)
    except Malformed:  # by other limits than those of its space
        return []
    return [{"to": list(numbers[:_MOST_NUMBERS]), "text": text} for numbers, text in texts_of(request)]


def _line(fields: dict[str, Any]) -> str:
    """The fields as a sentence for people."""
    subject = f"{fields['space']} {fields['operation']}"
    if "user" in fields:
        subject += f" as {fields['user']}"
    if "recipients" in fields:
        count = fields["recipients"]
        subject += f" to {count} recipient{'' if count == 1 else 's'}"
    result = " ".join(str(fields[name]) for name in ("outcome", "code", "status") if name in fields)
    reason = ""
    if "clause" in fields:
        words = [fields["clause"], *(f"{name} {fields[name]}" for name in ("expected", "found") if name in fields)]
        reason = f" ({', '.join(words)})"
    elif "error" in fields:
        reason = f" ({fields['error']})"
    faults = f", fault {', '.join(fields['faults'])}" if "faults" in fields else ""
    took = f", {fields['ms']} ms" if "ms" in fields else ""
    line = _escaped(f"{subject}: {result}{reason}{faults}{took}")
    details = [_escaped(f"    to {', '.join(each['to'])}: {each['text']!r}") for each in fields.get("messages", ())]
    return "\n".join([line, *details])


def _escaped(line: str) -> str:
    """A line without control characters: a user name or number from a request could end the line or colour it."""
    return line if line.isprintable() else "".join([c if c.isprintable() else repr(c)[1:-1] for c in line])
