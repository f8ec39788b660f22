"""A space of an emulator for one run of the judge: nothing of the server's own space is used, charged or pulled."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from kobikom_contracts.control import Control, server_of


@dataclass(frozen=True, slots=True)
class OwnSpace:
    """A space that was opened: its name, the part of the address before /api/sendsms/xml/, and its login."""

    name: str
    url: str
    user: str
    password: str


@contextmanager
def own_space(control: Control, url: str) -> Iterator[OwnSpace | None]:
    """A new space of the server at `url`, closed afterwards; None where its control API opens none."""
    status, view = control.call("POST", "/spaces", {})
    if status != 201 or not isinstance(view, dict):
        yield None
        return
    name, account = view["name"], view["accounts"][0]
    base = f"{server_of(url)}/s/{name}"
    try:
        yield OwnSpace(name, base, account["user"], account["password"])
    finally:
        control.call("DELETE", f"/spaces/{quote(name, safe='')}")
