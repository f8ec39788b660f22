"""What monitoring wants to know of spaces, in numbers: no recipient, text or password is among them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec

from kobikom_emulator.domain.delivery import status_at
from kobikom_emulator.domain.matching import EVERYTHING
from kobikom_emulator.journal.journal import RequestCount
from kobikom_emulator.operations.accounts import AccountOperations, AccountState
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space

SLICE = 1000
"""Messages that are counted before the event loop gets its turn."""

MOST_PUSHES = 10_000
"""Waiting pushes that are counted at most in one space."""

LATEST = 2**53
"""An instant (ms) after every push."""


class Measurements(msgspec.Struct, frozen=True):
    """Numbers of some spaces together. `requests` counts all journal entries that were ever written, those of former
    spaces included where all spaces are measured; everything else is as of now. `accounts` are those of one space.
    """

    spaces: int
    requests: Mapping[RequestCount, int]
    messages: Mapping[str, int]
    accounts: Sequence[AccountState]
    pushes_waiting: int
    pushes_due: int
    in_flight: int
    faults: int
    ledger_lines: int
    journal_entries: int
    journal_bytes: int


async def measure(
    spaces: Sequence[Space], registry: SpaceRegistry, *, accounts_of: Space, former: Mapping[RequestCount, int]
) -> Measurements:
    """The numbers of spaces, with the accounts of one of them. `former` are the requests of spaces that are closed."""
    requests, messages = Counter(former), Counter[str]()
    waiting = due = lines = 0
    for space in spaces:
        requests.update(space.journal.counts)
        now = space.clock.now()
        await _count_messages(space, now, messages)
        pushes = await space.store.due_pushes(LATEST, MOST_PUSHES)
        waiting += len(pushes)
        due += sum([push.due <= now for push in pushes])
        lines += await space.store.ledger_size(None, now=now)
        await asyncio.sleep(0)
    return Measurements(
        spaces=len(spaces),
        requests=requests,
        messages=messages,
        accounts=await AccountOperations(accounts_of, registry).list(),
        pushes_waiting=waiting,
        pushes_due=due,
        in_flight=sum([space.in_flight for space in spaces]),
        faults=sum([len(space.faults) for space in spaces]),
        ledger_lines=lines,
        journal_entries=sum([len(space.journal) for space in spaces]),
        journal_bytes=sum([space.journal.bytes_kept for space in spaces]),
    )


async def _count_messages(space: Space, now: int, counts: Counter[str]) -> None:
    """Add the messages of a space to the counts, by status."""
    before: int | None = None
    while messages := await space.store.messages(EVERYTHING, now=now, before=before, limit=SLICE):
        counts.update([str(status_at(message.plan, now)) for message in messages])
        before = messages[-1].number
        await asyncio.sleep(0)
