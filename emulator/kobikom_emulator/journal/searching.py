"""What the journal is searched in: the texts of an entry."""

from __future__ import annotations

from kobikom_emulator.journal.entries import Entry, HttpRefusal, PushEntry, RequestEntry
from kobikom_emulator.journal.rendering import xml_seen


def searched_text(entry: Entry) -> str:
    """User, target, body (as received, and as XML where it was wrapped), answer and fault rules, a line each."""
    request = entry.request
    body = request.body.decode("utf-8", "replace")
    texts = [entry.user, request.target, body]
    match entry:
        case RequestEntry():
            if request.method == "POST" and not body.lstrip().startswith("<"):
                texts.append(xml_seen(request))
            texts += [entry.answer.sent_body.decode("utf-8", "replace"), *entry.faults]
        case PushEntry():
            if entry.response is not None:
                texts.append(entry.response.body.decode("utf-8", "replace"))
            texts += [entry.error, *entry.faults]
        case HttpRefusal():
            texts.append(entry.answer.sent_body.decode("utf-8", "replace"))
    return "\n".join(texts)
