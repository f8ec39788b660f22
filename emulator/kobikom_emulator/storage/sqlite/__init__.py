"""A store in one SQLite file, in which a server keeps all of its spaces."""

from kobikom_emulator.storage.sqlite.database import Database
from kobikom_emulator.storage.sqlite.files import FileInUse, UnusableFile
from kobikom_emulator.storage.sqlite.inspection import inspect, require, vacuum
from kobikom_emulator.storage.sqlite.keeper import SqliteKeeper
from kobikom_emulator.storage.sqlite.store import SqliteStore

__all__ = ["Database", "FileInUse", "SqliteKeeper", "SqliteStore", "UnusableFile", "inspect", "require", "vacuum"]
