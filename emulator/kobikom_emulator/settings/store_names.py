"""What the setting `store` names: a file, or the URL of a database, which has a password in it."""

from __future__ import annotations

from pathlib import Path


def is_database(store: str) -> bool:
    """Whether a setting `store` is the URL of a database rather than a file."""
    return store.startswith(("postgresql://", "postgres://"))


def without_password(store: str) -> str:
    """A store without user, password and options. It may be no URL at all: a password with `/`, `#` or `@`, say."""
    if not is_database(store):
        return store
    return f"postgresql://{store.partition('://')[2].rpartition('@')[2].partition('?')[0]}"


def store_name(store: str) -> str:
    """A store as it may be shown to anybody: no password, no folder."""
    return without_password(store) if is_database(store) else Path(store).name
