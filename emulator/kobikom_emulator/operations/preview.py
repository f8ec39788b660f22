"""Which requests a fault rule would have matched: those of the journal, decoded again."""

from __future__ import annotations

import asyncio
from functools import partial

import msgspec

from kobikom_emulator.faults.rule import Incoming, Rule
from kobikom_emulator.journal.entries import Operation, RequestEntry
from kobikom_emulator.protocol.decode import decode
from kobikom_emulator.protocol.envelope import Malformed, open_envelope
from kobikom_emulator.protocol.pull_query import decode_pull
from kobikom_emulator.space.space import Space
from kobikom_emulator.translation.requests import incoming_post, incoming_pull

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
    matching: list[PreviewMatch] = []
    for number, entry in list(reversed(space.journal)):
        if not isinstance(entry, RequestEntry) or entry.operation is Operation.UNREADABLE:
            continue  # rules see nothing of pushes and unreadable bodies
        work = partial(_recipients, entry, space, rule)
        recipients = await space.large_work.run(work) if space.large_work.takes(entry.request.body) else work()
        looked_at += 1
        if recipients is not None:
            matching.append(PreviewMatch(number, entry.at, entry.operation, entry.user, recipients))
        if looked_at >= LOOK_AT:
            break
        await asyncio.sleep(0)
    return Preview(looked_at, tuple(matching))


def _recipients(entry: RequestEntry, space: Space, rule: Rule) -> tuple[str, ...] | None:
    """The recipients of a request that a rule is about; None where the rule does not concern the request."""
    incoming = _incoming(entry, space)
    if incoming is None or not rule.concerns(incoming):
        return None
    return tuple(
        recipient
        for recipients in incoming.numbers
        for recipient in recipients
        if recipient and rule.match.matches_number(recipient)
    )


def _incoming(entry: RequestEntry, space: Space) -> Incoming | None:
    """What rules would see of a request; None where its body cannot be read."""
    request = entry.request
    if entry.operation is Operation.PULL:
        return incoming_pull(decode_pull(request.target.partition("?")[2]))
    try:
        envelope = open_envelope(
            request.body,
            content_type=request.content_type,
            undeclared_bytes="windows-1254",
            bounds=space.bounds,
        )
        return incoming_post(decode(envelope.root, max_messages=space.limits.max_messages))
    except Malformed:
        return None
