"""A store in a PostgreSQL database, which any number of servers share."""

from kobikom_emulator.storage.postgresql.database import PostgresDatabase
from kobikom_emulator.storage.postgresql.inspection import inspect
from kobikom_emulator.storage.postgresql.keeper import PostgresKeeper
from kobikom_emulator.storage.postgresql.lock import SpaceLock
from kobikom_emulator.storage.postgresql.store import PostgresStore
from kobikom_emulator.storage.postgresql.tables import UnusableDatabase

__all__ = ["PostgresDatabase", "PostgresKeeper", "PostgresStore", "SpaceLock", "UnusableDatabase", "inspect"]
