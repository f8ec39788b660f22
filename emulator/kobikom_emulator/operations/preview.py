"""Which requests a fault rule would have matched: those of the journal, decoded again."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from kobikom_emulator.faults.rule import Incoming, Rule
from kobikom_emulator.gateway.gateway import incoming
from kobikom_emulator.journal.journal import Entry
from kobikom_emulator.protocol.decode import decode, decode_pull
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.space.space import Space

LOOK_AT = 200
"""Requests a preview looks at: those a person remembers, at the cost of parsing each again."""


class PreviewMatch(msgspec.Struct, frozen=True):
    """A request that the rule matches, by its journal entry, and the recipients the rule is about."""

    entry: int
    at: int
    operation: str
    user: str
    recipients: tuple[str, ...]


class Preview(msgspec.Struct, frozen=True):
    """Of the `looked_at` newest requests, those the rule matches, newest first."""

    looked_at: int
    matching: tuple[PreviewMatch, ...]


async def preview(space: Space, rule: Rule) -> Preview:
    """Which of the newest requests a rule would have matched.

    Probability, `skip` and `times` are left aside: they decide at which of these it would have fired.
    """
    looked_at = 0
    matching: list[tuple[Entry, tuple[str, ...]]] = []
    for entry in list(reversed(space.journal)):
        asked = _asked(entry, space)
        if asked is None:
            continue
        looked_at += 1
        if rule.effect.affects(asked.operation) and rule.match.matches(asked):
            meant = [n for numbers in asked.numbers for n in numbers if n and rule.match.matches_number(n)]
            matching.append((entry, tuple(meant)))
        if looked_at >= LOOK_AT:
            break
        await asyncio.sleep(0)
    return Preview(looked_at, tuple(matching))


def _asked(entry: Entry, space: Space) -> Incoming | None:
    """What rules would see of an entry's request; None where rules see nothing: pushes, unreadable bodies."""
    request = entry.request
    if entry.operation == "pull":
        return Incoming("pull", decode_pull(request.target.partition("?")[2]).credentials.kullanici)
    if entry.operation not in ("send", "titles", "balance"):
        return None
    try:
        envelope = open_envelope(
            request.body,
            content_type=request.content_type,
            undeclared_bytes="windows-1254",
            max_depth=space.limits.max_depth,
        )
        return incoming(decode(envelope.root))
    except Malformed:
        return None
