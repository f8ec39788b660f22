"""The journal over the control API."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.journal.journal import Entry, as_seen, rendered, summary
from kobikom_emulator.space.space import Space


async def page(space: Space, call: Call) -> Answer:
    """Entries that pass the filters, newest first."""
    entries = [rendered(entry, base_url=call.base_url) for entry in _wanted(space, call.query)]
    return as_json({"space": space.name, "total": space.journal.written, "entries": entries})


async def summaries(space: Space, call: Call) -> Answer:
    """The same in short: no bodies, no places."""
    entries = [summary(entry) for entry in _wanted(space, call.query)]
    return as_json({"space": space.name, "total": space.journal.written, "entries": entries})


def _wanted(space: Space, query: Any) -> Iterator[Entry]:
    left = query.limit
    for entry in reversed(space.journal):
        if query.before is not None and entry.number >= query.before:
            continue
        if query.operation is not None and entry.operation != query.operation:
            continue
        if query.outcome is not None and entry.outcome != query.outcome:
            continue
        if query.user is not None and entry.user != query.user:
            continue
        yield entry
        left -= 1
        if left <= 0:
            return


async def show(space: Space, call: Call) -> Answer:
    for entry in reversed(space.journal):
        if str(entry.number) == call.path["entry"]:
            xml = as_seen(entry.request) if entry.request.method == "POST" else ""
            return as_json({**rendered(entry, base_url=call.base_url), "xml": xml})
    raise Problem(404, f"space {space.name!r} has no journal entry {call.path['entry']!r}, or not any more")
