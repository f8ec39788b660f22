"""Looks at the file of a store, also while a server has it open, and makes it smaller while none has."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import NamedTuple

from kobikom_emulator.storage.sqlite.dismantling import abandoned, delete_some
from kobikom_emulator.storage.sqlite.files import WAIT, UnusableFile, lock, open_file, unusable, version_of


class StoredSpace(NamedTuple):
    """A space in a file; `state` is what `ports.KeptSpace` has."""

    name: str
    state: bytes
    messages: int
    accounts: int


class FileContents(NamedTuple):
    """What is in a file. `size` is in bytes, with the log beside it."""

    version: int
    size: int
    in_use: bool
    spaces: Sequence[StoredSpace]


def inspect(path: str) -> FileContents:
    """What is in the file at this path, as of now; `UnusableFile` where there is no store."""
    with _reading(path) as connection:
        version = version_of(connection, path)
        return FileContents(version, _size(path), _is_locked(path), list(_spaces(connection)) if version else [])


def require(path: str) -> None:
    """`UnusableFile` if there is no store at this path. Nothing is written: opening an empty file would make it one."""
    with _reading(path) as connection:
        if not version_of(connection, path):
            raise UnusableFile(f"the store {path} is empty: start a server with it once")


@contextmanager
def _reading(path: str) -> Iterator[sqlite3.Connection]:
    """A connection that changes no rows, in one transaction."""
    if not Path(path).is_file():
        raise UnusableFile(f"there is no file {path}")
    try:
        address = Path(path).resolve().as_uri() + "?mode=rw"
        with closing(sqlite3.connect(address, uri=True, timeout=WAIT, isolation_level=None)) as connection:
            connection.execute("PRAGMA query_only = ON")
            connection.execute("BEGIN")
            yield connection
    except sqlite3.Error as error:
        raise unusable(path, error) from None


def _spaces(connection: sqlite3.Connection) -> Iterator[StoredSpace]:
    accounts = "SELECT count(*) FROM users WHERE users.contents = spaces.contents AND opened IS NOT NULL"
    yield from map(
        StoredSpace._make,
        connection.execute(
            f"SELECT name, state, size, ({accounts}) FROM spaces JOIN contents ON contents.number = spaces.contents"
            " WHERE state IS NOT NULL ORDER BY spaces.number"
        ),
    )


def _is_locked(path: str) -> bool:
    """Whether a server has the file open. This holds a shared lock for some microseconds, in which no server can start
    on the file.
    """
    if not Path(path + "-lock").is_file():
        return False
    with closing(sqlite3.connect(path + "-lock", timeout=0, isolation_level=None)) as connection:
        try:
            connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
        except sqlite3.OperationalError as error:
            return "locked" in str(error)
    return False


def _size(path: str) -> int:
    return sum(file.stat().st_size for file in (Path(path), Path(path + "-wal")) if file.is_file())


def vacuum(path: str) -> tuple[int, int]:
    """Delete what is left of deleted spaces and messages, and write the file without gaps; its bytes before and after.

    `UnusableFile` where that is not possible: while a server has the file open, or the disk is full.
    """
    require(path)
    with closing(lock(path)):
        before = _size(path)
        try:
            with closing(open_file(path)) as connection:
                for contents in abandoned(connection):
                    connection.execute("BEGIN IMMEDIATE")
                    while delete_some(connection, contents):
                        pass
                    connection.execute("COMMIT")
                connection.execute("VACUUM")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except sqlite3.Error as error:
            raise UnusableFile(f"the store {path} cannot be made smaller: {error}") from None
        return before, _size(path)
