"""A space: a whole private Kobikom with its own accounts, clock, seed, messages, faults, readings and journal.

Nothing of one space can be seen from another.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import msgspec

from kobikom_emulator import translation
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import AccountSet
from kobikom_emulator.domain.rules import Rules
from kobikom_emulator.faults.chain import FaultChain
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.journal.journal import Journal
from kobikom_emulator.ports import Clock, Ids, Pusher, Store
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.signal import ChangeSignal


class Limits(msgspec.Struct, frozen=True, gc=False):
    """The caps of T-11 and what the journal may hold."""

    max_body: int = 16 * 1024 * 1024
    max_depth: int = 64
    max_recipients: int = 100_000
    journal_entries: int = 1000
    journal_bytes: int = 64 * 1024 * 1024


class Blueprint(msgspec.Struct, frozen=True, gc=False):
    """How a space begins, and begins again after a reset."""

    accounts: tuple[Account, ...]
    readings: Readings = Readings()
    limits: Limits = Limits()
    magic_numbers: bool = True
    seed: int = 0
    faults: tuple[Rule, ...] = ()


@dataclass(slots=True)
class Space:
    """The parts of a space. `turn` is held while a request reads and changes the store, so that credit and reports
    are exact under any concurrency (C-04, R-03).
    """

    name: str
    blueprint: Blueprint
    store: Store
    clock: Clock
    ids: Ids
    pusher: Pusher
    readings: Readings = field(init=False)
    rules: Rules = field(init=False)
    journal: Journal = field(init=False)
    faults: FaultChain = field(init=False)
    turn: asyncio.Lock = field(init=False, default_factory=asyncio.Lock)
    bell: ChangeSignal = field(init=False, default_factory=ChangeSignal)
    in_flight: int = field(init=False, default=0)
    beginnings: int = field(init=False, default=0)
    """How often everything was forgotten or replaced: ids seen before the last time may mean other messages now."""

    def __post_init__(self) -> None:
        limits = self.blueprint.limits
        self.journal = Journal(limit=limits.journal_entries, max_bytes=limits.journal_bytes)
        self.faults = FaultChain(self.blueprint.seed)
        self.read_as(self.blueprint.readings)

    @property
    def limits(self) -> Limits:
        return self.blueprint.limits

    def read_as(self, readings: Readings) -> None:
        """Choose readings; they hold from the next request on."""
        self.readings = readings
        self.rules = translation.rules(
            readings,
            max_recipients=self.limits.max_recipients,
            magic_numbers=self.blueprint.magic_numbers,
        )

    async def begin(self) -> None:
        """Open the accounts and arm the faults of the blueprint: called once, before the first request."""
        now = self.clock.now()
        await self.store.apply([AccountSet(account, now) for account in self.blueprint.accounts])
        for rule in self.blueprint.faults:
            if not rule.problem(now):  # its `until` may have passed since the first beginning
                self.faults.arm(rule, now)

    async def reset(self) -> None:
        """Back to the blueprint: no messages, no reports, full credit, no journal, first ids, faults and readings as
        begun.
        """
        async with self.turn:
            await self.store.clear()
            self.ids.restart()
            self.clock.reset()
            self.journal.clear()
            self.faults.clear()
            self.read_as(self.blueprint.readings)
            await self.begin()
            self.beginnings += 1
        self.clock.nudge()
        self.bell.ring()
