"""kobikom_client: a typed client of Kobikom's SMS XML API, small enough to be read.

    from kobikom_client import Client
    receipt = Client("http://127.0.0.1:8080", "test", "test").send("Merhaba", "905329975725")

`AsyncClient` and `Client` are the same four verbs (send, reports, titles, balance); `push.read` is
the fifth; `codec` is underneath, without I/O. Importing this package imports no HTTP library: the
clients load theirs when first named. Imports neither the emulator nor the contracts: it is a third
reading of the page.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .alphabet import Alphabet, Parts
from .codec import parts
from .errors import (
    BadCredentials,
    InvalidRequest,
    KobikomError,
    LostReports,
    MalformedAnswer,
    Refused,
    TransportError,
    UnknownFate,
)
from .values import (
    Account,
    Balance,
    Code,
    Message,
    Progress,
    Receipt,
    Recipient,
    Report,
    Result,
    Status,
    Titles,
    meaning,
)

if TYPE_CHECKING:
    from .blocking import Client
    from .client import AsyncClient

__all__ = [
    "Account",
    "Alphabet",
    "AsyncClient",
    "BadCredentials",
    "Balance",
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
    "UnknownFate",
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
