"""An HTTP request and an HTTP response, as values."""

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Request:
    """Method, target in origin form, header values by lower-case name, the whole body; `turn`: the how manieth
    request of its connection.
    """

    method: str
    target: str
    version: str
    headers: dict[str, str]
    body: bytes = b""
    turn: int = 1


@dataclass(frozen=True, slots=True)
class Response:
    """Status, body, and the headers beside Content-Length, Connection and Date.

    `wire`: returns the octets to be written instead of head and body, for servers that break the framing.
    `closes`: the connection is closed after it, whatever the head says.
    """

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    wire: Callable[[bytes, bytes], bytes] | None = None
    closes: bool = False
