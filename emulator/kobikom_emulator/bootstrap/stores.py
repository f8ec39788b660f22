"""Spaces with their stores: in memory, in a file, or in a database."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.ids import SeededIds
from kobikom_emulator.ports import Pusher
from kobikom_emulator.settings import BadSettings
from kobikom_emulator.settings.store_names import is_database
from kobikom_emulator.space.blueprint import Blueprint
from kobikom_emulator.space.kept import KeepableSpace
from kobikom_emulator.space.registry import SpaceRegistry
from kobikom_emulator.space.space import Space
from kobikom_emulator.storage.memory import MemoryStore

if TYPE_CHECKING:
    from kobikom_emulator.storage.postgresql import PostgresDatabase
    from kobikom_emulator.storage.sqlite import Database


def build_space(name: str, blueprint: Blueprint, pusher: Pusher, database: Database | None = None) -> Space:
    """A space that has not begun yet, in memory or in the file of a store."""
    clock, ids = ControlledClock(), SeededIds(blueprint.seed)
    if database is None:
        return Space(name, blueprint, MemoryStore(), clock, ids, pusher)
    from kobikom_emulator.storage.sqlite import SqliteKeeper, SqliteStore

    number = database.space(name)
    space = Space(name, blueprint, SqliteStore(database, number), clock, ids, pusher)
    space.keeper = SqliteKeeper(database, number, KeepableSpace(space))
    return space


def build_shared_space(
    name: str, blueprint: Blueprint, pusher: Pusher, database: PostgresDatabase, registry: Callable[[], SpaceRegistry]
) -> Space:
    """A space in a database that other servers share. `registry` gives that of this server, once it has one."""
    from kobikom_emulator.space.sharing import SharedSpace
    from kobikom_emulator.storage.postgresql import PostgresKeeper, PostgresStore

    lock = database.lock(name)
    space = Space(
        name,
        blueprint,
        PostgresStore(lock),
        ControlledClock(source=database.now),
        SeededIds(blueprint.seed),
        pusher,
    )
    space.lock = lock
    space.keeper = PostgresKeeper(lock, SharedSpace(space, lambda: registry().changed_users(space)))
    return space


def shared_database(url: str) -> PostgresDatabase:
    """The database of the setting `store`, which is opened later; `BadSettings` where what it needs is missing."""
    from kobikom_emulator.extras import how_to_install

    try:
        from kobikom_emulator.storage.postgresql import PostgresDatabase
    except ImportError as error:
        raise BadSettings(f"a store in PostgreSQL needs {error.name}: {how_to_install('postgresql')}") from None
    return PostgresDatabase(url)


def open_database(path: str) -> Database | None:
    """The file of the setting `store`, None where there is none; `BadSettings` says why it cannot be used."""
    if not path or is_database(path):
        return None
    import sqlite3

    from kobikom_emulator.storage.sqlite import Database, UnusableFile

    if problem := _place_problem(Path(path)):
        raise BadSettings(f"the store {path} cannot be opened: {problem}")
    try:
        return Database(path)
    except UnusableFile as error:
        raise BadSettings(str(error)) from None
    except sqlite3.Error as error:
        raise BadSettings(f"the store {path} cannot be opened: {error}") from None


def _place_problem(path: Path) -> str:
    """Why there can be no store at a path, "" if nothing is known against it."""
    folder = path.parent
    if not folder.is_dir():
        return f"there is no folder {folder}"
    if path.is_dir():
        return "it is a folder"
    if not os.access(folder, os.W_OK | os.X_OK):
        return f"the folder {folder} cannot be written"
    if path.exists() and not os.access(path, os.R_OK | os.W_OK):
        return "the file cannot be written"
    return ""
