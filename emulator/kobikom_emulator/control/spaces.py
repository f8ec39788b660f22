"""SpaceRegistry over the control API: list, open, show, close, reset, take out, put back."""

from __future__ import annotations

from hashlib import sha256

import msgspec
from msgspec import UNSET

from kobikom_emulator.control import controls, views
from kobikom_emulator.control.accounts import new_account
from kobikom_emulator.control.models import Done, NewAccount, SpaceList, SpaceRequest
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import NO_CONTENT, Call, as_json, problem_of
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations import state
from kobikom_emulator.operations.state_check import Contradiction, audit
from kobikom_emulator.space.registry import DEFAULT, NameTaken, SpaceRegistry, UserTaken
from kobikom_emulator.space.space import Blueprint, Space

MOST = 10_000
"""Open spaces a server holds at most."""


class SpaceDesk:
    """Open and close spaces, and move them as a whole."""

    def __init__(self, spaces: SpaceRegistry) -> None:
        self._spaces = spaces

    async def list(self, call: Call) -> Answer:
        return as_json(SpaceList(tuple([await views.space(each, call.base_url) for each in self._spaces])))

    async def open(self, call: Call) -> Answer:
        wanted = call.body_as(SpaceRequest)
        if len(self._spaces) >= MOST:
            raise Problem(409, f"there are {MOST} spaces open; close some")
        name = self._spaces.free_name() if wanted.name is UNSET else wanted.name
        blueprint = self._blueprint(name, wanted)
        clock_at = None
        if wanted.clock is not UNSET and wanted.clock.set is not UNSET:
            clock_at = controls.milliseconds(wanted.clock.set, "clock.set")
        try:
            space = await self._spaces.open(name, blueprint, clock_at=clock_at)
        except NameTaken as error:
            raise Problem(409, str(error), field="name") from None
        except UserTaken as error:
            raise Problem(409, str(error), field="accounts.user") from None
        controls.choose(space, wanted.readings)
        space.blueprint = msgspec.structs.replace(space.blueprint, readings=space.readings)
        if wanted.clock is not UNSET:
            controls.apply_clock(space.clock, msgspec.structs.replace(wanted.clock, set=UNSET))
        view = await views.space(space, call.base_url)
        return as_json(view, 201, {"Location": f"/_emulator/spaces/{name}"})

    def _blueprint(self, name: str, wanted: SpaceRequest) -> Blueprint:
        controls.choose_from(self._spaces.default.readings, wanted.readings)
        accounts = tuple(
            new_account(name, each, nth)
            for nth, each in enumerate((NewAccount(),) if wanted.accounts is UNSET else wanted.accounts)
        )
        users = [account.user for account in accounts]
        if len(set(users)) != len(users):
            raise Problem(422, "two accounts have the same user", field="accounts.user")
        like = self._spaces.default.blueprint
        return Blueprint(
            accounts=accounts,
            limits=like.limits,
            magic_numbers=wanted.magic_numbers,
            seed=seed_of(name) if wanted.seed is UNSET else wanted.seed,
        )

    async def show(self, space: Space, call: Call) -> Answer:
        return as_json(await views.space(space, call.base_url))

    async def close(self, space: Space, _: Call) -> Answer:
        if space.name == DEFAULT:
            raise Problem(409, "the default space can't be closed; reset it")
        await self._spaces.close(space.name)
        return NO_CONTENT

    async def reset(self, space: Space, _: Call) -> Answer:
        """Forget every message, report, fault and entry; accounts, clock and readings as they were in the beginning."""
        await space.reset()
        self._spaces.reclaim(space)
        return as_json(Done("reset"))

    async def take(self, space: Space, _: Call) -> Answer:
        return Answer((await state.taken(space) + b"\n",), "application/json")

    async def put(self, space: Space, call: Call) -> Answer:
        """Make the space what a state that was taken out says."""
        try:
            wanted = state.read(call.body or b"{}")
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise problem_of(error) from None
        try:
            audit(wanted)
        except Contradiction as error:
            raise Problem(422, str(error), field=error.field) from None
        try:
            self._spaces.reclaim(space, [wallet.account.user for wallet in wanted.books.wallets])
        except UserTaken as error:
            raise Problem(409, str(error), field="books.wallets.account.user") from None
        await state.put(space, wanted)
        return as_json(Done("replaced"))


def seed_of(name: str) -> int:
    """The seed of a space that was given none: two spaces never share ids (S-02), one name always gets the same."""
    return int.from_bytes(sha256(f"kobikom-emulator space {name}".encode()).digest()[:6])
