"""A typed client of Kobikom's SMS XML API.

    from kobikom_client import Client
    receipt = Client("http://127.0.0.1:8080", "test", "test").send("Merhaba", "905329975725")

`AsyncClient` and `Client` have the same four methods: send, reports, titles, balance. `push.read`
reads a pushed report. `codec` makes and reads the bytes without I/O. Importing this package imports
no HTTP library: `AsyncClient` and `Client` import theirs when they are first accessed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .alphabet import Alphabet, Parts, TurkishTable
from .codec import parts
from .errors import (
    BadCredentials,
    InvalidRequest,
    KobikomError,
    LostReports,
    MalformedAnswer,
    Refused,
    TransportError,
    UnknownOutcome,
)
from .message import Account, BodyForm, Message, Recipient
from .results import Balance, Code, Progress, Receipt, Report, Result, Status, Titles, meaning

if TYPE_CHECKING:
    from .blocking import Client
    from .client import AsyncClient

__all__ = [
    "Account",
    "Alphabet",
    "AsyncClient",
    "BadCredentials",
    "Balance",
    "BodyForm",
    "Client",
    "Code",
    "InvalidRequest",
    "KobikomError",
    "LostReports",
    "MalformedAnswer",
    "Message",
    "Parts",
    "Progress",
    "Receipt",
    "Recipient",
    "Refused",
    "Report",
    "Result",
    "Status",
    "Titles",
    "TransportError",
    "TurkishTable",
    "UnknownOutcome",
    "meaning",
    "parts",
]


def __getattr__(name: str) -> Any:
    if name == "AsyncClient":
        from .client import AsyncClient

        return AsyncClient
    if name == "Client":
        from .blocking import Client

        return Client
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
