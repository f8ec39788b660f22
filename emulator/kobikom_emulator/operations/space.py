"""The operations on one space, by subject, and those on the space as a whole."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import msgspec

from kobikom_emulator.domain.matching import EVERYTHING
from kobikom_emulator.operations import scenario as scenarios
from kobikom_emulator.operations import state
from kobikom_emulator.operations.accounts import AccountOperations, AccountState
from kobikom_emulator.operations.clock import ClockOperations, ClockState
from kobikom_emulator.operations.events import EventOperations
from kobikom_emulator.operations.faults import FaultOperations
from kobikom_emulator.operations.journal import JournalOperations
from kobikom_emulator.operations.ledger import LedgerOperations
from kobikom_emulator.operations.measurements import Measurements, measure
from kobikom_emulator.operations.messages import MessageOperations
from kobikom_emulator.operations.readings import ReadingOperations
from kobikom_emulator.operations.webhooks import WebhookOperations
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.scenario import Scenario
from kobikom_emulator.space.space import Space


class SpaceSummary(msgspec.Struct, frozen=True):
    """A space in short: its clock, its accounts, how many messages and armed faults it has, and how many
    of these may still fire.

    `dropped_messages` counts what retention dropped, `dropped_unpulled` those of them whose report was not given.
    """

    name: str
    seed: int
    clock: ClockState
    accounts: Sequence[AccountState]
    messages: int
    dropped_messages: int
    dropped_unpulled: int
    faults: int
    active_faults: int


class SpaceOperations:
    """The operations on one space, by subject."""

    def __init__(self, space: Space, registry: SpaceRegistry) -> None:
        self._space = space
        self._registry = registry

    @property
    def name(self) -> str:
        return self._space.name

    @property
    def blueprint(self) -> Blueprint:
        """What the space began with, and a reset restores."""
        return self._space.blueprint

    @property
    def now(self) -> int:
        """The space's time, ms since the epoch."""
        return self._space.clock.now()

    @cached_property
    def accounts(self) -> AccountOperations:
        return AccountOperations(self._space, self._registry)

    @cached_property
    def clock(self) -> ClockOperations:
        return ClockOperations(self._space)

    @cached_property
    def events(self) -> EventOperations:
        return EventOperations(self._space, self._registry)

    @cached_property
    def faults(self) -> FaultOperations:
        return FaultOperations(self._space)

    @cached_property
    def journal(self) -> JournalOperations:
        return JournalOperations(self._space)

    @cached_property
    def ledger(self) -> LedgerOperations:
        return LedgerOperations(self._space)

    @cached_property
    def messages(self) -> MessageOperations:
        return MessageOperations(self._space)

    @cached_property
    def readings(self) -> ReadingOperations:
        return ReadingOperations(self._space)

    @cached_property
    def webhooks(self) -> WebhookOperations:
        return WebhookOperations(self._space)

    # the space as a whole

    async def close_connections(self) -> int:
        """Close every connection of the clients, without the answers that are not sent yet, as a restart of the service
        does; how many were open.
        """
        async with self._space.change():
            return self._space.connections.close()

    async def summary(self) -> SpaceSummary:
        space = self._space
        return SpaceSummary(
            name=space.name,
            seed=space.seed,
            clock=self.clock.show(),
            accounts=await self.accounts.list(),
            messages=await space.store.count(EVERYTHING, now=space.clock.now()),
            dropped_messages=space.dropped.messages,
            dropped_unpulled=space.dropped.unpulled,
            faults=len(space.faults),
            active_faults=space.faults.active(space.clock.now()),
        )

    async def measure(self) -> Measurements:
        """The numbers of this space."""
        return await measure([self._space], self._registry, accounts_of=self._space, former={})

    async def reset(self) -> None:
        """Back to how the space was opened: no messages, reports and journal, full credit, the first ids, and accounts,
        faults, clock and readings of the beginning.
        """
        space = self._space
        async with space.change():
            await space.store.clear()
            space.journal.clear()
            await space.begin()
            space.generation += 1
            self._registry.keep_users(space)

    async def play(self, scenario: Scenario) -> None:
        """Apply a scenario to the space as it is. `Invalid` names what is wrong with it, and nothing changes then."""
        await scenarios.play(self._space, scenario)

    async def export_state(self) -> Sequence[bytes]:
        """The whole space as one JSON document, in pieces; its journal is left out."""
        return await state.export(self._space)

    async def import_state(self, document: bytes) -> None:
        """Replace everything in the space by a document of `export_state`, and empty its journal. `Invalid` names what
        is wrong with the document, `Conflict` a user that belongs to another space; nothing changes then.
        """
        await state.replace(self._space, self._registry, document)
