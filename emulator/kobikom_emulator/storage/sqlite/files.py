"""Opens the file of a store: makes a new one, brings an older one up to date, refuses anything else."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

from kobikom_emulator.storage.sqlite.schema import APPLICATION_ID, MIGRATIONS, VERSION

OLDEST_SQLITE = (3, 38, 0)
"""The first with the trigrams of FTS5 and JSON as a part of every build."""

WAIT = 5.0
"""Seconds that a connection waits for another one of this server; they hold nothing for long."""


_START = b"SQLite format 3\0"
"""What every database begins with; a new one is empty."""


class UnusableFile(Exception):
    """A file that cannot be the store; the message is one line."""


class FileInUse(UnusableFile):
    """A file that a server has open."""


def connect(path: str, *, read_only: bool = False) -> sqlite3.Connection:
    """A connection to the file, in autocommit mode, for use by one thread at a time."""
    connection = sqlite3.connect(path, timeout=WAIT, isolation_level=None, check_same_thread=False)
    connection.execute("PRAGMA secure_delete = OFF")
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA cache_size = -16000")
    if read_only:
        connection.execute("PRAGMA query_only = ON")
    return connection


def check_form(path: str) -> None:
    """`UnusableFile` where a file is there that is no database at all: nothing is made beside it then."""
    try:
        with Path(path).open("rb") as file:
            start = file.read(len(_START))
    except FileNotFoundError:
        return
    except OSError as error:
        raise UnusableFile(f"the store {path} cannot be opened: {error.strerror}") from None
    if start and start != _START:
        raise UnusableFile(f"{path} is not a store of kobikom-emulator")


def lock(path: str) -> sqlite3.Connection:
    """Hold the file for this server until the connection is closed; `FileInUse` if another one holds it.

    The lock is one on a file beside it, because a lock on the file itself would shut out the readers of this server.
    The operating system gives it back when the process ends, however it ends.
    """
    connection = None
    try:
        connection = sqlite3.connect(path + "-lock", timeout=0, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = MEMORY")  # no file beside it
        connection.execute("BEGIN EXCLUSIVE")
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if "locked" in str(error):
            raise FileInUse(f"the store {path} is in use by another server") from None
        raise UnusableFile(f"the store {path} cannot be opened: {error}") from None
    return connection


def open_file(path: str) -> sqlite3.Connection:
    """The writing connection to a file of the present version; `UnusableFile` if it cannot be one."""
    if sqlite3.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE[:2]))
        raise UnusableFile(f"a store needs SQLite {oldest} or later; this Python has {sqlite3.sqlite_version}")
    connection = None
    try:
        connection = connect(path)
        _bring_up_to_date(connection, path)
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        raise unusable(path, error) from None
    except BaseException:
        if connection is not None:
            connection.close()
        raise
    return connection


def unusable(path: str, error: sqlite3.Error) -> UnusableFile:
    """Why a file cannot be opened, from what SQLite says."""
    if "not a database" in str(error):
        return UnusableFile(f"{path} is not a store of kobikom-emulator")
    return UnusableFile(f"the store {path} cannot be opened: {error}")


def version_of(connection: sqlite3.Connection, path: str) -> int:
    """The version of the tables, 0 in an empty file; `UnusableFile` for files of others and of later versions."""
    version = _pragma(connection, "user_version")
    is_new = version == 0 and not connection.execute("SELECT 1 FROM sqlite_schema").fetchone()
    if not is_new and _pragma(connection, "application_id") != APPLICATION_ID:
        raise UnusableFile(f"{path} is not a store of kobikom-emulator")
    if version > VERSION:
        raise UnusableFile(
            f"the store {path} has version {version}, of a later kobikom-emulator; this one knows version {VERSION}"
        )
    return version


def _bring_up_to_date(connection: sqlite3.Connection, path: str) -> None:
    version = version_of(connection, path)
    if not version and os.name == "posix":
        Path(path).chmod(0o600)  # it holds passwords
    if connection.execute("PRAGMA journal_mode = WAL").fetchone()[0] != "wal":
        raise UnusableFile(f"the store {path} cannot be opened: its file system has no shared memory")
    # Commits are synchronized by Database, in a thread. It also moves what was committed into the file.
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA wal_autocheckpoint = 0")
    if version < VERSION:
        steps = "".join(MIGRATIONS[version:])
        marks = f"PRAGMA application_id = {APPLICATION_ID}; PRAGMA user_version = {VERSION};"
        connection.executescript(f"BEGIN IMMEDIATE; {steps} {marks} COMMIT;")
    connection.execute("BEGIN IMMEDIATE")  # fails where the file can only be read
    connection.execute("ROLLBACK")


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
