"""Every setting with its value and its source, as `config` prints them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from kobikom_emulator.journal.masking import MASK
from kobikom_emulator.protocol.readings import BY_NAME
from kobikom_emulator.settings.layers import Loaded
from kobikom_emulator.settings.store_names import without_password


def described(loaded: Loaded) -> list[tuple[str, str, str]]:
    """Every setting as (dotted name with dashes, value, source), with passwords, token and secrets masked."""
    return [(name, _printed(value), loaded.sources.get(at, "default")) for name, value, at in _rows(loaded)]


def _rows(loaded: Loaded) -> Iterator[tuple[str, Any, str]]:
    """Name, value, and the name under which the source is known."""
    tree = msgspec.to_builtins(loaded.settings)
    if tree["control"]["token"]:
        tree["control"]["token"] = MASK
    tree["store"] = without_password(tree["store"])
    for webhook in tree["webhooks"]:
        webhook["secret"] = MASK
    tree["readings"] = {name: tree["readings"].get(name, BY_NAME[name].default) for name in BY_NAME}
    for field, value in tree.items():
        name = field.replace("_", "-")
        if name == "accounts":
            yield from _accounts(value)
        elif name == "spaces" and value:
            yield from _spaces(value)
        elif isinstance(value, dict):
            for inner, inner_value in value.items():
                dotted = f"{name}.{inner.replace('_', '-')}"
                yield dotted, inner_value, dotted
        else:
            yield name, value, name


def _accounts(accounts: Any) -> Iterator[tuple[str, Any, str]]:
    for account in accounts:
        login = {"user": account["user"], "password": MASK}
        for inner, term in (login | account | login).items():
            yield f"accounts.{account['user']}.{inner.replace('_', '-')}", term, "accounts"


def _spaces(spaces: Any) -> Iterator[tuple[str, Any, str]]:
    for space in spaces:
        for account in space.get("accounts", ()):
            if "password" in account:
                account["password"] = MASK
        for webhook in space.get("webhooks", ()):
            webhook["secret"] = MASK
        yield f"spaces.{space['name']}", {term: value for term, value in space.items() if term != "name"}, "spaces"


def _printed(value: Any) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
