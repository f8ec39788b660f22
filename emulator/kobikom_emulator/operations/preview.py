"""What a fault rule would have meddled with: the requests of the journal, read again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kobikom_emulator import translation
from kobikom_emulator.faults.chain import NeverMatches
from kobikom_emulator.faults.rule import Incoming, Rule
from kobikom_emulator.journal.entries import Entry, Operation, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.protocol.decode import decode, decode_pull
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.space.space import Space

LOOK_AT = 200
"""Requests a preview looks at: those a person remembers, at the cost of parsing each again."""


@dataclass(frozen=True, slots=True)
class Preview:
    """Of the `looked_at` newest requests, those the rule matches, newest first, each with the recipients it means."""

    looked_at: int
    matching: tuple[tuple[NumberedEntry, tuple[str, ...]], ...]


async def preview(space: Space, rule: Rule) -> Preview:
    """Which of the newest requests a rule would have matched; nothing is armed. `NeverMatches` as arming it raises.

    Chance, `skip` and `times` are left aside: they decide which of these it would have fired at.
    """
    if problem := rule.problem(space.clock.now()):
        raise NeverMatches(problem)
    looked_at = 0
    matching: list[tuple[NumberedEntry, tuple[str, ...]]] = []
    for numbered in list(reversed(space.journal)):
        asked = _asked(numbered.entry, space)
        if asked is None:
            continue
        looked_at += 1
        if rule.effect.affects(asked.operation) and rule.match.matches(asked):
            meant = [n for numbers in asked.numbers for n in numbers if n and rule.match.matches_number(n)]
            matching.append((numbered, tuple(meant)))
        if looked_at >= LOOK_AT:
            break
        await asyncio.sleep(0)
    return Preview(looked_at, tuple(matching))


def _asked(entry: Entry, space: Space) -> Incoming | None:
    """What rules would see of an entry's request; None where rules see nothing: pushes, unreadable bodies."""
    if not isinstance(entry, RequestEntry) or entry.operation is Operation.UNREADABLE:
        return None
    request = entry.request
    if entry.operation is Operation.PULL:
        return translation.incoming_pull(decode_pull(request.target.partition("?")[2]))
    try:
        envelope = open_envelope(
            request.body,
            content_type=request.content_type,
            undeclared_bytes="windows-1254",
            max_depth=space.limits.max_depth,
        )
        return translation.incoming(decode(envelope.root))
    except Malformed:
        return None
