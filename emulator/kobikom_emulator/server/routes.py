"""Where a request goes, and what a connection asks the application."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from enum import Enum, auto
from typing import Any, Protocol

import msgspec

from kobikom_emulator.exchange import Answer, OpenConnection
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.heads import Head
from kobikom_emulator.server.reply import Streams


class Resource(Enum):
    SEND = auto()
    PULL = auto()
    CONTROL = auto()
    NONE = auto()
    """What is answered by the head alone: a wrong path or method, the root."""


class Route(msgspec.Struct, frozen=True, gc=False):
    """The `kind` of resource of a request, the gateway to the space that its path names, the target below the base
    path, and the most bytes that the body may have with the setting that says so. `answer` is that of `Resource.NONE`.
    """

    kind: Resource
    gateway: Gateway
    target: str
    cap: int
    setting: str = "limits.max-body"
    answer: Answer | None = None

    @property
    def needs_task(self) -> bool:
        """Whether the operation is begun in a task, because it may ask for the task that it runs in."""
        return self.kind is Resource.CONTROL


class Client(OpenConnection, Protocol):
    """The connection that a request came on."""

    @property
    def transport(self) -> asyncio.Transport: ...


class Router(Protocol):
    """Knows the resources."""

    def route(self, head: Head) -> Route:
        """Where a request goes."""


class Application(Router, Protocol):
    """Answers requests. Whatever it refuses it writes to the journal, and returns the answer with the space's time."""

    streams: Streams

    def begin(self, head: Head, route: Route, body: bytes, client: Client) -> Coroutine[Any, Any, Answer]:
        """The operation that answers a complete request."""

    async def delay(self, seconds: float) -> None:
        """The pause that a fault rule asks for."""

    def refuse(self, refusal: BadRequest, head: Head | None) -> Answer:
        """Refuse what is not HTTP/1.x; without a head where that is what is wrong."""

    def refuse_too_large(self, head: Head, route: Route) -> Answer:
        """Refuse a body of more bytes than the cap (413)."""

    def refuse_incomplete(self, head: Head) -> Answer:
        """Refuse a request whose body ended early (400)."""

    def record_longer_body(self, head: Head) -> None:
        """Write down that more bytes followed a body than its Content-Length says."""

    def failure(self, error: Exception) -> Answer:
        """The answer to a request that raised an exception (500, 503), which is logged."""
