"""The form of the URLs that reports are pushed to, and which pushes share a receiver (S-19)."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from kobikom_emulator.phrases import Phrase

_URL = re.compile(r"(https?)://([^/?#]*)", re.IGNORECASE)
_AUTHORITY = re.compile(r"(\[[0-9A-Fa-f:.%\w~-]+\]|[^:\[\]]+)(?::([0-9]{0,5}))?", re.ASCII)
_DEFAULT_PORT = {"http": 80, "https": 443}

PORTS_OF_OTHERS = frozenset(
    {1, 7, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109, 110,
     111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 445, 465, 512, 513, 514, 515, 526, 530, 531,
     532, 540, 548, 554, 556, 563, 587, 601, 636, 873, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190,
     5060, 5061, 6000, 6379, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080, 11211}
)  # fmt: skip
"""Ports of mail, shells, printers, caches and other services that act on lines of text. Browsers refuse nearly the same
ones: a POST to such a port could be read as commands.
"""


class Receiver(NamedTuple):
    """The host and port of a URL, in the form in which they are compared."""

    host: str
    port: int


def receiver(url: str) -> Receiver | None:
    """Who gets a push to a URL; None for what is not a URL of HTTP."""
    match = _URL.match(url)
    authority = match and _AUTHORITY.fullmatch(match[2])
    if not match or not authority:
        return None
    port = int(authority[2] or _DEFAULT_PORT[match[1].lower()])
    return Receiver(authority[1].lower().rstrip("."), port) if 0 < port < 65536 else None


@lru_cache(maxsize=1024)
def destination(url: str) -> str:
    """Host and port of a URL as one text, "" for anything else: what pushes that wait for each other have in common."""
    target = receiver(url)
    return "" if target is None else f"{target.host}:{target.port}"


def push_url_problem(url: str) -> str:
    """Why no report can be pushed to a URL, whatever it stands for; "" if nothing in its form is against it."""
    shown = repr(url[:80])
    if any(character <= " " or character == "\x7f" for character in url):
        return Phrase("{url} is not a URL: it has blanks or control characters", url=shown)
    match = _URL.match(url)
    if match is None or not match[2]:
        return Phrase("{url} is not an http or https URL", url=shown)
    if "@" in match[2]:
        return Phrase("{url} has a user before its host: a push has no login, use path or query", url=shown)
    target = receiver(url)
    if target is None:
        return Phrase("{url} is not a URL: its host or port is not one", url=shown)
    if target.port in PORTS_OF_OTHERS:
        return Phrase("port {port} belongs to another protocol than HTTP", port=str(target.port))
    return ""
