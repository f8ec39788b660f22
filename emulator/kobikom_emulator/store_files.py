"""The spaces in a store, without a server: what the commands `store` do with a file or a database."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator, Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec

from kobikom_emulator.bootstrap import build_shared_space, build_space, shared_database
from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.control.clock import ClockView, clock_view
from kobikom_emulator.gateway.push_loop import REPORT_TYPE
from kobikom_emulator.operations.clock import state_of
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.pusher import HttpPusher
from kobikom_emulator.settings import BadSettings
from kobikom_emulator.settings.store_names import is_database, without_password
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.kept import read
from kobikom_emulator.space.registry import DEFAULT, SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.sqlite import Database, FileInUse, UnusableFile, inspect, require, vacuum

if TYPE_CHECKING:
    from kobikom_emulator.storage.postgresql.inspection import DatabaseContents


class UnusableStore(Exception):
    """A file that cannot be used, or a change of it that failed; the message is one line."""


class StoredSpaceView(msgspec.Struct, frozen=True):
    """A space in a file; `accounts` is how many are open."""

    name: str
    messages: int
    accounts: int
    clock: ClockView


class FileView(msgspec.Struct, frozen=True):
    """What is in a file. `version` is that of its tables, `bytes` its size with the log beside it, `in_use` whether a
    server has it open.
    """

    file: str
    version: int
    bytes: int
    in_use: bool
    spaces: Sequence[StoredSpaceView]


def show(file: str) -> FileView:
    """What is in a file, as of now. It works while a server has it open, and changes nothing."""
    with _one_line(file):
        contents = asyncio.run(_inspected(file)) if is_database(file) else inspect(file)
        spaces = [
            StoredSpaceView(space.name, space.messages, space.accounts, _clock_of(space.state))
            for space in contents.spaces
        ]
    return FileView(shown(file), contents.version, contents.size, contents.in_use, spaces)


def shrink(file: str) -> tuple[int, int]:
    """Write a file without gaps; its bytes before and after."""
    if is_database(file):
        raise UnusableStore("only files are made smaller: PostgreSQL does that itself, or by its command VACUUM FULL")
    with _one_line(file):
        return vacuum(file)


async def export_state(file: str, space: str) -> Sequence[bytes]:
    """The state of a space, in pieces, as the control API gives it. `OperationError` if there is no such space."""
    async with _opened(file) as server:
        return await server.space(space).export_state()


async def import_state(file: str, space: str, document: bytes) -> None:
    """Replace everything in a space by an exported state. `OperationError` says why nothing was changed."""
    async with _opened(file) as server:
        await server.space(space).import_state(document)


@contextlib.asynccontextmanager
async def _opened(file: str) -> AsyncIterator[ServerOperations]:
    """The operations on the spaces of a store. No report is pushed, no webhook is called and no message dropped."""
    if is_database(file):
        async with _opened_database(file) as server:
            yield server
        return
    with _one_line(file):
        require(file)
        database = Database(file)
        pusher = HttpPusher(content_type=REPORT_TYPE)

        def build(name: str, blueprint: Blueprint) -> Space:
            return build_space(name, blueprint, pusher, database)

        try:
            kept = {space.name: space for space in database.kept_spaces()}
            if DEFAULT not in kept:
                raise UnusableStore(f"the store {file} has no spaces yet: start a server with it once")
            registry = SpaceRegistry(build(DEFAULT, read(kept[DEFAULT].state).blueprint), build=build)
            try:
                for space in kept.values():
                    await database.free()  # its upkeep may have the connection, with which the space is built
                    await registry.resume(space)
                yield ServerOperations(registry)
            finally:
                await registry.stop()
        finally:
            await pusher.close()
            await database.close()


@contextlib.asynccontextmanager
async def _opened_database(url: str) -> AsyncIterator[ServerOperations]:
    """The same for a database, also while servers use it: they take over what is changed."""
    with _one_line(url):
        from kobikom_emulator.storage.postgresql import UnusableDatabase

        database = shared_database(url)
        pusher = HttpPusher(content_type=REPORT_TYPE)

        def build(name: str, blueprint: Blueprint) -> Space:
            return build_shared_space(name, blueprint, pusher, database, lambda: registry)

        try:
            if not (await _inspected(url)).version:
                raise UnusableStore(f"the store {without_password(url)} is empty: start a server with it once")
            await database.open()
            kept = {space.name: space for space in await database.kept_spaces()}
            if DEFAULT not in kept:
                raise UnusableStore(f"the store {without_password(url)} has no spaces yet: start a server with it once")
            default = build(DEFAULT, read(kept[DEFAULT].state).blueprint)
            registry = SpaceRegistry(default, build=build, catch_up=database.catch_up, runs=lambda _: False)
            try:
                for space in kept.values():
                    await registry.resume(space)
                yield ServerOperations(registry)
            finally:
                await registry.stop()
        except UnusableDatabase as error:
            raise UnusableStore(f"the store {without_password(url)} cannot be used: {error}") from None
        finally:
            await pusher.close()
            await database.close()


async def _inspected(url: str) -> DatabaseContents:
    shared_database(url)  # says what is missing
    from kobikom_emulator.storage.postgresql import UnusableDatabase
    from kobikom_emulator.storage.postgresql import inspect as inspect_database

    try:
        return await inspect_database(url)
    except UnusableDatabase as error:
        raise UnusableStore(f"the store {without_password(url)} cannot be used: {error}") from None


def _clock_of(state: bytes) -> ClockView:
    clock = ControlledClock()
    clock.resume(read(state).clock)
    return clock_view(state_of(clock))


def shown(store: str) -> str:
    """A store as it may be shown: a file as it was named, a database without its password."""
    return without_password(store)


@contextlib.contextmanager
def _one_line(file: str) -> Iterator[None]:
    """Raise what goes wrong with a file, or with a space in it, as `UnusableStore`."""
    try:
        yield
    except FileInUse:
        raise UnusableStore(
            f"a server has the store {file} open: stop it, or take the state from the server itself (GET …/state)"
        ) from None
    except UnusableFile as error:
        raise UnusableStore(str(error)) from None
    except BadSettings as error:
        raise UnusableStore(str(error)) from None
    except (StoreFailed, sqlite3.Error, OSError) as error:
        raise UnusableStore(f"the store {shown(file)} failed: {error}") from None
    except msgspec.MsgspecError as error:
        raise UnusableStore(f"the store {shown(file)} has a space that cannot be read: {error}") from None
