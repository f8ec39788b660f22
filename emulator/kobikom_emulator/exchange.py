"""HTTP requests and answers as values: what the server gives the gateway, and what the gateway gives back."""

from __future__ import annotations

import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from typing import Protocol

import msgspec


class OpenConnection(Protocol):
    """The connection on which a request came."""

    def break_off(self) -> bool:
        """Close it without the answers that are not sent yet; whether it was open."""


class Transmission(msgspec.Struct, frozen=True, gc=False):
    """How an answer is sent where a fault rule changes that: after `delay` seconds, not at all (`drop`), only the first
    `truncate_at` bytes of the body, or slowly; `close` closes the connection afterwards, unannounced, and calls
    `close_others`, which the gateway sets.

    `stall` holds it for so many seconds at most, until the client goes away or `released` returns; the gateway sets
    `released`, to what waits for the pushes that are due where `until_pushed` is set.
    """

    delay: float = 0.0
    drop: bool = False
    truncate_at: int | None = None
    bytes_per_second: float | None = None
    close: bool = False
    close_others: Callable[[], object] | None = None
    stall: float | None = None
    until_pushed: bool = False
    released: Callable[[], Awaitable[None]] | None = None


UNALTERED = Transmission()


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An HTTP answer: the body in one or more chunks, never chunked on the wire (T-09).

    `stream`, if given, produces the body instead, without an announced length, until it ends or the client goes away.
    Only the control API's events use it. `at` is the instant of the Date header (ms of the space's clock), None for the
    machine's time, which only the control API uses.
    """

    chunks: tuple[bytes, ...]
    content_type: str = "text/plain; charset=UTF-8"
    status: int = 200
    headers: Mapping[str, str] = msgspec.field(default_factory=dict)
    transmission: Transmission = UNALTERED
    at: int | None = None
    stream: Callable[[], AsyncGenerator[bytes]] | None = None

    @property
    def length(self) -> int:
        chunks = self.chunks
        return len(chunks[0]) if len(chunks) == 1 else sum(map(len, chunks))

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def sent_body(self) -> bytes:
        """The bytes of the body that go over the wire: none of a dropped answer, fewer of a cut one."""
        if self.transmission.drop:
            return b""
        return self.body if self.transmission.truncate_at is None else self.body[: self.transmission.truncate_at]

    def sends_the_same_as(self, other: Answer) -> bool:
        """Whether a client receives the same status, type and body, however slowly."""
        return (
            self.transmission.drop == other.transmission.drop
            and (self.status, self.content_type) == (other.status, other.content_type)
            and self.sent_body == other.sent_body
        )


class WireRequest(msgspec.Struct, frozen=True, gc=False):
    """A request as received: method, target (path and query), raw headers, body; `content_type` is "" if absent.

    `complete_at` is `time.perf_counter()` when its last byte was read, for the log; 0 where that is not known.
    `leniences` says what of HTTP/1.1 it broke and the server accepted.
    """

    method: str
    target: str
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
    complete_at: float = 0.0
    leniences: tuple[str, ...] = ()


def without_text(error: BaseException | None) -> str:
    """An exception for the log: its type and where it was raised. Its text may quote a request, and so a password."""
    if error is None:
        return "no exception"
    return f"{type(error).__name__}\n{''.join(traceback.format_tb(error.__traceback__))}".rstrip()
