"""The journal over the control API. May be imported by control."""

from __future__ import annotations

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, as_json
from kobikom_emulator.gateway.answer import Answer
from kobikom_emulator.gateway.journal import rendered
from kobikom_emulator.gateway.space import Space


async def page(space: Space, call: Call) -> Answer:
    """Entries that pass the filters, newest first."""
    query = call.query
    entries = []
    for entry in reversed(space.journal):
        if query.before is not None and entry.number >= query.before:
            continue
        if query.operation is not None and entry.operation != query.operation:
            continue
        if query.outcome is not None and entry.outcome != query.outcome:
            continue
        if query.account is not None and entry.user != query.account:
            continue
        entries.append(rendered(entry, base_url=call.base_url))
        if len(entries) >= query.limit:
            break
    return as_json({"space": space.name, "total": space.journal.written, "entries": entries})


async def show(space: Space, call: Call) -> Answer:
    for entry in reversed(space.journal):
        if str(entry.number) == call.path["entry"]:
            return as_json(rendered(entry, base_url=call.base_url))
    raise Problem(404, f"space {space.name!r} has no journal entry {call.path['entry']!r}, or not any more")
