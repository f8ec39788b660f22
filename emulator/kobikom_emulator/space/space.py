"""A space: a whole private Kobikom with its own accounts, clock, seed, messages, faults, readings and journal.

Nothing of one space can be seen from another. Only the gateway and the operations reach its parts.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from dataclasses import dataclass, field
from functools import lru_cache

from msgspec import UNSET

from kobikom_emulator.domain.changes import AccountSet, CreditSet
from kobikom_emulator.domain.rules import Rules
from kobikom_emulator.faults.chain import FaultChain
from kobikom_emulator.journal.journal import Journal
from kobikom_emulator.ports import Clock, Ids, Keeper, Pusher, Store
from kobikom_emulator.protocol.bounds import Bounds
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.blueprint import Blueprint, Limits
from kobikom_emulator.space.connections import OpenConnections
from kobikom_emulator.space.errors import SpaceClosed
from kobikom_emulator.space.first_messages import send_first_messages
from kobikom_emulator.space.held import HeldAnswers
from kobikom_emulator.space.large_work import LargeWork
from kobikom_emulator.space.prompt_lock import PromptLock
from kobikom_emulator.space.signal import ChangeSignal
from kobikom_emulator.space.steps import Step, Steps
from kobikom_emulator.space.watches import Watches
from kobikom_emulator.space.webhooks import Webhooks
from kobikom_emulator.translation.drafts import rules_of

_rules_of = lru_cache(maxsize=64)(rules_of)
_NOTHING = nullcontext()


@dataclass(slots=True)
class Dropped:
    """How many messages were dropped because they were too many or too old, and how many of them before their report
    was given.
    """

    messages: int = 0
    unpulled: int = 0


@dataclass(slots=True)
class Space:
    """The parts of a space.

    `lock` is held while a request or operation reads and changes the space, so that credit and reports are exact under
    any concurrency (C-04, R-03). `changed` notifies once after each change.
    """

    name: str
    blueprint: Blueprint
    store: Store
    clock: Clock
    ids: Ids
    pusher: Pusher
    keeper: Keeper | None = None
    """Keeps what is not in the store; None where nothing outlives the process."""
    readings: Readings = field(init=False)
    rules: Rules = field(init=False)
    journal: Journal = field(init=False)
    faults: FaultChain = field(init=False)
    steps: Steps = field(init=False, default_factory=Steps)
    held: HeldAnswers = field(init=False)
    connections: OpenConnections = field(init=False, default_factory=OpenConnections)
    webhooks: Webhooks = field(init=False, default_factory=Webhooks)
    lock: AbstractAsyncContextManager[object] = field(init=False, default_factory=PromptLock)
    shared: bool = field(init=False, default=False)
    """Whether other servers work on the space, too; the lock excludes them then."""
    changed: ChangeSignal = field(init=False, default_factory=ChangeSignal)
    large_work: LargeWork = field(init=False, default_factory=LargeWork)
    """Where large requests are worked on; all spaces of a server share one."""
    watches: Watches = field(init=False, default_factory=Watches)
    """The waits for messages."""
    dropped: Dropped = field(init=False, default_factory=Dropped)
    """What retention dropped since the space was opened, reset or replaced."""
    in_flight: int = field(init=False, default=0)
    """Vendor requests that are being answered."""
    pushing: int = field(init=False, default=0)
    """Pushes that are being made."""
    seed: int = field(init=False)
    """What drawn outcomes and faults come from: the blueprint's, or that of an imported state."""
    magic_numbers: bool = field(init=False)
    bounds: Bounds = field(init=False)
    """The limits of one document."""
    closed: bool = field(init=False, default=False)
    stopping: bool = field(init=False, default=False)
    """The server stops: whatever waits for a change of the space gives up."""
    generation: int = field(init=False, default=0)
    """How often everything was reset or replaced: a message id of an earlier generation may mean another message."""

    def __post_init__(self) -> None:
        limits = self.blueprint.limits
        self.journal = Journal(limit=limits.journal_entries, max_bytes=limits.journal_bytes)
        self.use_blueprint(self.blueprint)
        self.journal.follow(self.webhooks.take)
        self.faults = FaultChain(self.blueprint.seed)
        self.held = HeldAnswers(self.changed)
        self.seed = self.blueprint.seed
        self.magic_numbers = self.blueprint.magic_numbers
        self.use_readings(self.blueprint.readings)

    @property
    def limits(self) -> Limits:
        return self.blueprint.limits

    def use_blueprint(self, blueprint: Blueprint) -> None:
        """Have the limits of a blueprint from now on, and the rest of it after a reset."""
        self.blueprint, limits = blueprint, blueprint.limits
        self.bounds = Bounds(limits.max_depth, limits.max_elements, limits.max_text)
        self.journal.resize(limit=limits.journal_entries, max_bytes=limits.journal_bytes)

    def use_readings(self, readings: Readings) -> None:
        """Choose readings; they hold from the next request on."""
        self.readings = readings
        self.rules = _rules_of(
            readings,
            max_recipients=self.limits.max_recipients,
            magic_numbers=self.magic_numbers,
        )

    def whole_request(self) -> AbstractAsyncContextManager[object]:
        """Hold the lock for a request as a whole where the space is shared: everything that it leaves behind, in the
        journal and elsewhere, is numbered and kept under the lock.
        """
        return self.lock if self.shared else _NOTHING

    def part_of_request(self) -> AbstractAsyncContextManager[object]:
        """Hold the lock for the part of a request that needs it, unless `whole_request` holds it."""
        return _NOTHING if self.shared else self.lock

    @asynccontextmanager
    async def change(self) -> AsyncIterator[None]:
        """Hold the lock for a change, return when it is kept and announce it once, unless the block raises;
        `SpaceClosed` in a closed space, `StoreFailed` where it could not be kept.
        """
        async with self.lock:
            if self.closed:
                raise SpaceClosed(f"space {self.name!r} is closed")
            yield
        try:
            await self.kept()
        finally:
            self.announce()

    async def kept(self) -> None:
        """Return once everything is kept that the present task changed in this space; `StoreFailed` if it cannot be."""
        if self.keeper is not None:
            await self.keeper.note()
        await self.store.kept()

    def note_soon(self) -> None:
        """Let the journal be kept within a second, without waiting for it."""
        if self.keeper is not None:
            self.keeper.note_soon()

    def announce(self) -> None:
        """Wake the push loop and everything that waits for a change."""
        self.clock.nudge()
        self.watches.wake()
        self.changed.notify()

    async def take(self, steps: Iterable[Step]) -> None:
        """Make the changes of these steps. The caller holds the lock."""
        for step in steps:
            if step.advance is not UNSET:
                clock = self.clock
                clock.start(at=clock.now(), advance=round(step.advance * 1000), frozen=clock.frozen, rate=clock.rate)
            if step.credit is not UNSET:
                now, accounts = self.clock.now(), await self.store.accounts()
                await self.store.apply([CreditSet(account.user, now, step.credit) for account in accounts])
            self.announce()

    async def pushes_attempted(self) -> None:
        """Return once no push is due."""
        while not (self.closed or self.stopping):
            seen, due = self.changed.count, await self.store.next_push()
            if due is None or due > self.clock.now():
                return
            await self.changed.wait(seen)

    async def begin(self) -> None:
        """Make the space what its blueprint says; store and journal are empty. The caller holds the lock.

        `FirstMessageRefused` if one of its first messages cannot be sent.
        """
        start = self.blueprint.clock
        self.clock.start(at=start.at, advance=start.advance, frozen=start.frozen, rate=start.rate)
        now = self.clock.now()
        self.ids.restart(self.blueprint.seed)
        self.seed = self.blueprint.seed
        self.magic_numbers = self.blueprint.magic_numbers
        self.use_readings(self.blueprint.readings)
        self.faults.clear(self.seed)
        self.held.release()
        self.dropped = Dropped()
        self.steps.clear()
        self.steps.arm(self.blueprint.steps)
        self.webhooks.restart(self.blueprint.webhooks)
        await self.store.apply([AccountSet(account, now) for account in self.blueprint.accounts])
        for rule in self.blueprint.faults:
            if not rule.problem(now):  # its `until` may have passed since the space was opened
                self.faults.arm(rule, now)
        if self.blueprint.messages:
            await send_first_messages(self, self.blueprint.messages)
