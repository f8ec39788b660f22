"""SpaceRegistry: spaces are found by credentials or by path and share nothing."""

import asyncio
import gc
import weakref
from typing import Any

import msgspec
import pytest

from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.retention import Retention
from kobikom_emulator.exchange import WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.ids import SeededIds
from kobikom_emulator.operations.space import SpaceOperations
from kobikom_emulator.protocol.readings import Readings
from kobikom_emulator.space.blueprint import Blueprint, ClockStart
from kobikom_emulator.space.errors import NameTaken, UserTaken
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.memory import MemoryStore

START = 1_769_839_200_000
DEFAULTS = Readings()
BALANCE = "<bakiye><dogrulama><kullanici>{}</kullanici><parola>p</parola></dogrulama></bakiye>"


def build(name: str, blueprint: Blueprint) -> Space:
    ids = SeededIds(blueprint.seed)
    return Space(name, blueprint, MemoryStore(), ControlledClock(), ids, None)  # type: ignore[arg-type]


def blueprint(*accounts: Account, readings: Readings = DEFAULTS) -> Blueprint:
    return Blueprint(accounts, readings=readings, clock=ClockStart(at=START, frozen=True))


async def opened() -> SpaceRegistry:
    spaces = SpaceRegistry(build("default", blueprint(Account("a", "p"))), build=build)
    await spaces.start()
    await spaces.open("two", blueprint(Account("b", "p", currency="EUR"), readings=Readings(content_type="xml")))
    return spaces


async def ask(spaces: SpaceRegistry, user: str, space: Space | None = None) -> Any:
    return await Gateway(spaces, only=space).post(WireRequest("POST", "/", BALANCE.format(user).encode()))


async def test_credentials_lead_to_the_space() -> None:
    """With its own readings and journal; unknown users are the default space's."""
    spaces = await opened()
    answer = await ask(spaces, "b")
    assert (True, "application/xml; charset=UTF-8") == (b"EUR" in answer.body, answer.content_type)
    assert b"TRY" in (await ask(spaces, "a")).body
    assert b"-5" in (await ask(spaces, "nobody")).body
    named = spaces.named("two")
    assert named is not None
    assert [1, 2] == [len(named.journal), len(spaces.default.journal)]


async def test_a_path_confines_a_request_to_its_space() -> None:
    """Then users of other spaces are unknown."""
    spaces = await opened()
    assert b"-5" in (await ask(spaces, "b", spaces.default)).body
    pull = WireRequest("GET", "/p?kullanici=b&parola=p")
    assert b"NO_DATA" == (await Gateway(spaces).pull(pull)).body
    assert b"5" == (await Gateway(spaces, only=spaces.default).pull(pull)).body


async def test_names_and_users_are_taken_once() -> None:
    """Both are how a request finds its space."""
    spaces = await opened()
    with pytest.raises(NameTaken, match="two"):
        await spaces.open("two", blueprint(Account("c", "p")))
    with pytest.raises(UserTaken, match="'a' belongs to space 'default'"):
        await spaces.open("three", blueprint(Account("c", "p"), Account("a", "p")))
    assert spaces.named("three") is None
    assert b"-5" in (await ask(spaces, "c")).body


async def test_a_closed_space_is_forgotten() -> None:
    """Its name and users are free again."""
    spaces = await opened()
    await spaces.close("two")
    assert b"-5" in (await ask(spaces, "b")).body
    await spaces.open("two", blueprint(Account("b", "p")))
    assert b"TRY" in (await ask(spaces, "b")).body
    assert ["default", "two"] == [space.name for space in spaces]


async def test_a_reset_touches_one_space() -> None:
    """Readings, clock and journal are as begun."""
    spaces = await opened()
    await ask(spaces, "a")
    await ask(spaces, "b")
    space = spaces.default
    operations = SpaceOperations(space, spaces)
    await operations.readings.choose({"dates": "padded"})
    await operations.reset()
    named = spaces.named("two")
    assert named is not None
    assert ("unpadded", 0, 1) == (space.readings.dates, len(space.journal), len(named.journal))


async def idle(space: Space) -> None:
    """Background work that ends when it is cancelled."""
    while not space.closed:
        await space.changed.wait(space.changed.count)


async def test_a_space_has_no_task_before_it_needs_one() -> None:
    """The one for pushes begins when the clock is nudged, the one for retention where retention is set."""
    spaces = SpaceRegistry(
        build("default", blueprint(Account("a", "p"))), build=build, run_pushes=idle, run_retention=idle
    )
    await spaces.start()
    at_first = len(asyncio.all_tasks())
    space = await spaces.open("two", blueprint(Account("b", "p")))
    assert at_first == len(asyncio.all_tasks())
    space.announce()
    space.announce()
    assert at_first + 1 == len(asyncio.all_tasks())
    kept = msgspec.structs.replace(blueprint(Account("c", "p")), retention=Retention(messages=1))
    await spaces.open("three", kept)
    assert at_first + 2 == len(asyncio.all_tasks())
    await spaces.close("two")
    await spaces.close("three")
    assert at_first == len(asyncio.all_tasks())
    await spaces.stop()


async def test_a_closed_space_frees_its_memory_at_once() -> None:
    """Nothing in it refers to the whole, so a run with many tests leaves no work to the garbage collector."""
    spaces = SpaceRegistry(
        build("default", blueprint(Account("a", "p"))), build=build, run_pushes=idle, run_webhooks=idle
    )
    await spaces.start()
    await spaces.open("two", blueprint(Account("b", "p")))
    await ask(spaces, "b")
    space = spaces.named("two")
    assert space is not None
    journal = weakref.ref(space.journal)
    gc.disable()
    try:
        del space
        await spaces.close("two")
        assert journal() is None
    finally:
        gc.enable()
        await spaces.stop()
