"""The operations on the set of spaces: list, open, close, and find one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cached_property
from hashlib import sha256
from typing import TypeVar

from msgspec import UNSET, Struct
from msgspec.structs import replace

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.values import milliseconds
from kobikom_emulator.operations import clock
from kobikom_emulator.operations.accounts import NOTHING_OF_ITS_OWN, new_account, usual_account
from kobikom_emulator.operations.errors import Conflict, Invalid, NotFound
from kobikom_emulator.operations.faults import check_rules
from kobikom_emulator.operations.measurements import Measurements, measure
from kobikom_emulator.operations.readings import chosen
from kobikom_emulator.operations.scenario import check_steps
from kobikom_emulator.operations.space import SpaceOperations, SpaceSummary
from kobikom_emulator.operations.webhooks import new_webhook
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.errors import NameTaken, UserTaken
from kobikom_emulator.space.first_messages import FirstMessageRefused
from kobikom_emulator.space.new_space import NewSpace
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.scenario import ClockChange

SLICE = 100
"""Spaces that are listed before the event loop runs other tasks."""

MAX_SPACES = 10_000
"""Open spaces a server holds at most."""


class ServerOperations:
    """The operations on the set of spaces of a server."""

    def __init__(self, registry: SpaceRegistry) -> None:
        self._registry = registry

    @property
    def file(self) -> str:
        """The name of the file that everything is kept in, without its folder; "" where it is in memory."""
        return self._registry.file

    async def catch_up(self) -> None:
        """Return once this server knows what the others did that share its spaces; `StoreFailed` if it cannot."""
        await self._registry.catch_up()

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
            space = await self._registry.open(name, self.blueprint_of(name, wanted))
        except NameTaken as error:
            raise Conflict(str(error), field="name") from None
        except UserTaken as error:
            raise Conflict(str(error), field="accounts.user") from None
        except FirstMessageRefused as error:
            raise Invalid(str(error), field=error.field) from None
        return SpaceOperations(space, self._registry)

    def blueprint_of(self, name: str, wanted: NewSpace) -> Blueprint:
        """What the wanted space begins with: its own choices over those of the server's settings."""
        defaults = self._registry.defaults
        delivery = defaults.delivery if wanted.delivery is UNSET else wanted.delivery
        terms = _chosen_over(defaults.account_defaults, wanted.account_defaults)
        usual = self._usual_account
        if terms is not defaults.account_defaults or delivery is not defaults.delivery:
            usual = usual_account(terms, delivery)
        accounts = tuple(
            new_account(name, account, nth=nth, usual=usual)
            for nth, account in enumerate((NOTHING_OF_ITS_OWN,) if wanted.accounts is UNSET else wanted.accounts)
        )
        users = [account.user for account in accounts]
        if len(set(users)) != len(users):
            raise Invalid("two accounts have the same user", field="accounts.user")
        now = self._registry.default.clock.now()
        start = defaults.clock if wanted.clock is UNSET else _start(defaults.clock, wanted.clock, now)
        begins_at = (now if start.at is None else start.at) + start.advance
        if wanted.faults is not UNSET:
            check_rules(wanted.faults, begins_at, field="faults")
        check_steps(wanted.steps, begins_at)
        return Blueprint(
            accounts=accounts,
            readings=chosen(defaults.readings, wanted.readings, field="readings."),
            limits=_chosen_over(defaults.limits, wanted.limits),
            retention=_chosen_over(defaults.retention, wanted.retention),
            magic_numbers=defaults.magic_numbers if wanted.magic_numbers is UNSET else wanted.magic_numbers,
            seed=seed_of(name) if wanted.seed is UNSET else wanted.seed,
            faults=defaults.faults if wanted.faults is UNSET else wanted.faults,
            steps=wanted.steps,
            webhooks=tuple(
                new_webhook(webhook, self._registry.default.pusher, field=f"webhooks[{nth}].url")
                for nth, webhook in enumerate(wanted.webhooks)
            ),
            clock=start,
            messages=wanted.messages,
            delivery=delivery,
            account_defaults=terms,
        )

    @cached_property
    def _usual_account(self) -> Account:
        """An account of a space that asks for nothing else than the server's settings."""
        defaults = self._registry.defaults
        return usual_account(defaults.account_defaults, defaults.delivery)

    async def close(self, name: str) -> None:
        """Close a space and delete everything in it. `Conflict` for the default space, `NotFound` for one not open."""
        self.space(name)
        if name == DEFAULT:
            raise Conflict("the default space can't be closed; reset it")
        await self._registry.close(name)


T = TypeVar("T", bound=Struct)


def _chosen_over(defaults: T, choices: Struct) -> T:
    """The defaults with the fields that were given."""
    given = {name: value for name in choices.__struct_fields__ if (value := getattr(choices, name)) is not UNSET}
    return replace(defaults, **given) if given else defaults


def _start(start: ClockStart, change: ClockChange, now: int) -> ClockStart:
    """Where a clock begins after a change; `now` (ms) is the time if it begins at none of its own."""
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
