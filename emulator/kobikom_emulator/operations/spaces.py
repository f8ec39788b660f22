"""The operations on the set of spaces: list, open, close, and find one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from hashlib import sha256
from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field
from msgspec.structs import replace

from kobikom_emulator.domain.values import Checked, milliseconds
from kobikom_emulator.operations import clock
from kobikom_emulator.operations.accounts import NewAccount, new_account
from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound
from kobikom_emulator.operations.measurements import Measurements, measure
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.operations.space import SpaceOperations, SpaceSummary
from kobikom_emulator.protocol.readings import ReadingChoices
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.errors import NameTaken, UserTaken
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.scenario import ClockChange

SLICE = 100
"""Spaces that are listed before the event loop runs other tasks."""

MAX_SPACES = 10_000
"""Open spaces a server holds at most."""

SpaceName = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower case letters, digits, dashes.")
]


class NewSpace(Checked, frozen=True):
    """A space to open; everything is optional. `clock.set` freezes the clock there unless `clock.freeze` is false."""

    name: SpaceName | UnsetType = UNSET
    seed: int | UnsetType = UNSET
    clock: ClockChange | UnsetType = UNSET
    accounts: Annotated[tuple[NewAccount, ...], Meta(min_length=1, max_length=1000)] | UnsetType = UNSET
    readings: ReadingChoices = field(default_factory=dict)
    magic_numbers: bool = True


class ServerOperations:
    """The operations on the set of spaces of a server."""

    def __init__(self, registry: SpaceRegistry) -> None:
        self._registry = registry

    def space(self, name: str = DEFAULT) -> SpaceOperations:
        """The operations on one space; `NotFound` where none of this name is open."""
        space = self._registry.named(name)
        if space is None:
            raise NotFound(f"there is no space {name!r}", field="space")
        return SpaceOperations(space, self._registry)

    async def list(self) -> Sequence[SpaceSummary]:
        summaries: list[SpaceSummary] = []
        for space in list(self._registry):
            summaries.append(await SpaceOperations(space, self._registry).summary())
            if len(summaries) % SLICE == 0:
                await asyncio.sleep(0)
        return summaries

    async def measure(self) -> Measurements:
        """The numbers of all spaces together; the accounts are those of the default space."""
        registry = self._registry
        return await measure(list(registry), registry, accounts_of=registry.default, former=registry.requests_of_closed)

    async def open(self, wanted: NewSpace) -> SpaceOperations:
        """Open a space. `Invalid` names what is wrong, `Conflict` a name or user in use; nothing is opened then."""
        if len(self._registry) >= MAX_SPACES:
            raise Conflict(f"there are {MAX_SPACES} spaces open; close some")
        name = self._registry.free_name() if wanted.name is UNSET else wanted.name
        try:
            space = await self._registry.open(name, self._blueprint(name, wanted))
        except NameTaken as error:
            raise Conflict(str(error), field="name") from None
        except UserTaken as error:
            raise Conflict(str(error), field="accounts.user") from None
        return SpaceOperations(space, self._registry)

    def _blueprint(self, name: str, wanted: NewSpace) -> Blueprint:
        """What the wanted space begins with: its own choices over the default space's readings and limits."""
        default = self._registry.default
        accounts = tuple(
            new_account(name, account, nth=nth)
            for nth, account in enumerate((NewAccount(),) if wanted.accounts is UNSET else wanted.accounts)
        )
        users = [account.user for account in accounts]
        if len(set(users)) != len(users):
            raise Invalid("two accounts have the same user", field="accounts.user")
        return Blueprint(
            accounts=accounts,
            readings=chosen(default.readings, wanted.readings, field="readings."),
            limits=default.blueprint.limits,
            retention=default.blueprint.retention,
            magic_numbers=wanted.magic_numbers,
            seed=seed_of(name) if wanted.seed is UNSET else wanted.seed,
            clock=ClockStart() if wanted.clock is UNSET else _start(wanted.clock, default.clock.now()),
        )

    async def close(self, name: str) -> None:
        """Close a space and delete everything in it. `Conflict` for the default space, `NotFound` for one not open."""
        self.space(name)
        if name == DEFAULT:
            raise Conflict("the default space can't be closed; reset it")
        await self._registry.close(name)


def _start(change: ClockChange, now: int) -> ClockStart:
    start = ClockStart()
    if change.set is not UNSET:
        start = replace(start, at=milliseconds(change.set), frozen=True)
    if change.advance is not UNSET:
        start = replace(start, advance=round(change.advance * 1000))
        clock.check_reachable((now if start.at is None else start.at) + start.advance, "clock.advance")
    if change.freeze is not UNSET:
        start = replace(start, frozen=change.freeze)
    return start if change.rate is UNSET else replace(start, rate=change.rate)


def seed_of(name: str) -> int:
    """The seed of a space that was given none: the same for the same name, so that spaces do not share ids (S-02)."""
    return int.from_bytes(sha256(f"kobikom-emulator space {name}".encode()).digest()[:6])
