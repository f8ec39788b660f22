"""What goes back over the wire, and in which transmission: the gateway's output, the server's input."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping

import msgspec


class Transmission(msgspec.Struct, frozen=True, gc=False):
    """How an answer is sent when a fault rule meddles: seconds of delay, no answer at all, cut short, slow."""

    delay: float = 0.0
    drop: bool = False
    truncate_at: int | None = None
    bytes_per_second: float | None = None


UNALTERED = Transmission()


class Answer(msgspec.Struct, frozen=True, gc=False):
    """An HTTP answer: the body in one or more chunks, never chunked on the wire (T-09).

    `stream`, if given, makes the body instead, without an announced length, until it ends or the client goes away: for
    the control API's events alone, no answer of the dialect is one. `at` is the instant the Date header names (ms of
    the space's clock), None for the machine's time.
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


class WireRequest(msgspec.Struct, frozen=True, gc=False):
    """A request as it came: method, target (path and query), raw headers, body. `content_type` is "" if absent."""

    method: str
    target: str
    body: bytes = b""
    content_type: str = ""
    headers: tuple[tuple[bytes, bytes], ...] = ()
