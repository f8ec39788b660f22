"""The journal over the control API."""

from __future__ import annotations

from collections.abc import Iterator

from kobikom_emulator.control.models import JournalQuery
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.journal.entries import RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.rendering import rendered, summary, xml_seen
from kobikom_emulator.space.space import Space


async def page(space: Space, call: Call) -> Answer:
    """Entries that pass the filters, newest first."""
    entries = [rendered(numbered, base_url=call.base_url) for numbered in _filtered(space, call.query)]
    return as_json({"space": space.name, "total": space.journal.written, "entries": entries})


async def summaries(space: Space, call: Call) -> Answer:
    """The same in short: no bodies, no places."""
    entries = [summary(numbered) for numbered in _filtered(space, call.query)]
    return as_json({"space": space.name, "total": space.journal.written, "entries": entries})


def _filtered(space: Space, query: JournalQuery) -> Iterator[NumberedEntry]:
    left = query.limit
    for numbered in reversed(space.journal):
        number, entry = numbered
        if query.before is not None and number >= query.before:
            continue
        if query.operation is not None and entry.operation is not query.operation:
            continue
        if query.outcome is not None and entry.outcome is not query.outcome:
            continue
        if query.user is not None and entry.user != query.user:
            continue
        yield numbered
        left -= 1
        if left <= 0:
            return


async def show(space: Space, call: Call) -> Answer:
    """One entry, with the XML that its explanation's lines and columns count in."""
    for numbered in reversed(space.journal):
        number, entry = numbered
        if str(number) == call.path["entry"]:
            is_post = isinstance(entry, RequestEntry) and entry.request.method == "POST"
            xml = xml_seen(entry.request) if is_post else ""
            return as_json({**rendered(numbered, base_url=call.base_url), "xml": xml})
    raise Problem(404, f"space {space.name!r} has no journal entry {call.path['entry']!r}, or not any more")
