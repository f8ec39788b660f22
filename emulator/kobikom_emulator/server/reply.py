"""Writes an answer to a connection: head and body at once, or in the way a fault rule asks for.

Heads are written here because their bytes are part of the contract: Content-Type as printed, Content-Length always, no
header that would tell the fake from the real server (T-09).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import Any, Protocol

from msgspec.structs import replace

from kobikom_emulator.exchange import UNALTERED, Answer

Pause = Callable[[float], Awaitable[None]]

Streams = set["asyncio.Task[None]"]
"""The endless answers that are being written; they are cancelled when the server stops."""

_FREED = 8
"""Chunks of a long answer that are freed at a time."""

_TICK = 0.05
"""Seconds between the pieces of an answer that is sent slowly."""


class Client(Protocol):
    """Where an answer is written to. `write` and `drain` raise ConnectionError once the client has gone; `stream` is
    the task that is cancelled when it goes.
    """

    stream: asyncio.Task[None] | None

    def write(self, data: bytes) -> None: ...

    async def drain(self) -> None:
        """Wait until the client has read most of what was written."""

    def close(self) -> None: ...


def is_plain(answer: Answer) -> bool:
    """Whether an answer is written at once as it is: one chunk at most, unaltered."""
    return answer.transmission is UNALTERED and answer.stream is None and len(answer.chunks) <= 1


def ends_by_closing(answer: Answer) -> bool:
    """Whether the client can see the end of the answer by the end of the connection only."""
    transmission = answer.transmission
    return transmission.drop or transmission.truncate_at is not None or answer.stream is not None


def head(answer: Answer, minor: int, *, stays_open: bool) -> bytes:
    """Status line and headers, with the empty line after them."""
    seconds = int(time.time()) if answer.at is None else answer.at // 1000
    start = _start(minor, answer.status, answer.content_type)
    end = _end(seconds, minor, stays_open)
    if answer.status == HTTPStatus.NO_CONTENT or answer.stream is not None:  # the first has none (RFC 9110)
        start_and_length = start
    else:
        start_and_length = b"%sContent-Length: %d\r\n" % (start, answer.length)
    if not answer.headers:
        return start_and_length + end
    extra = "".join([f"{name}: {value}\r\n" for name, value in answer.headers.items()]).encode("latin-1")
    return start_and_length + extra + end


@lru_cache(maxsize=64)
def _start(minor: int, status: int, content_type: str) -> bytes:
    """Status line and Content-Type."""
    try:
        reason = HTTPStatus(status).phrase
    except ValueError:
        reason = "Unknown"
    content = "" if status == HTTPStatus.NO_CONTENT else f"Content-Type: {content_type}\r\n"
    return f"HTTP/1.{1 if minor else 0} {status} {reason}\r\n{content}".encode("latin-1")


@lru_cache(maxsize=16)
def _end(seconds: int, minor: int, stays_open: bool) -> bytes:
    """The last headers and the empty line."""
    connection = ""
    if not stays_open:
        connection = "Connection: close\r\n"
    elif not minor:
        connection = "Connection: keep-alive\r\n"
    return f"Date: {formatdate(seconds, usegmt=True)}\r\n{connection}\r\n".encode("latin-1")


class Reply:
    """An answer that is not plain, with its head, on its way to a client. `pause` waits for the seconds that a fault
    rule asks for.
    """

    def __init__(
        self, answer: Answer, head: bytes, client: Client, *, pause: Pause, streams: Streams, with_body: bool = True
    ) -> None:
        self._answer = answer
        self._head = head
        self._client = client
        self._pause = pause
        self._streams = streams
        self._with_body = with_body

    async def write(self) -> None:
        """Write it; ConnectionError if the client has gone."""
        answer = self._answer
        if answer.transmission is not UNALTERED:
            await self._write_altered()
            return
        self._client.write(self._head)
        if not self._with_body:
            return
        if answer.stream is not None:
            await self._write_stream(answer.stream())
        else:
            chunks = list(answer.chunks)
            del answer
            self._answer = replace(self._answer, chunks=())
            await self._write_chunks(chunks)

    async def _write_chunks(self, chunks: list[bytes]) -> None:
        """Write chunks, and let others in between; then free them piece by piece, the last first: freed at once, or the
        last one last, the whole answer is given back to the system in one step, which takes longer than a slice of it.
        """
        for chunk in chunks:
            self._client.write(chunk)
            await self._client.drain()
            await asyncio.sleep(0)  # drain alone lets nobody else in while the client reads fast enough
        chunk = b""
        while chunks:
            del chunks[-_FREED:]
            await asyncio.sleep(0)

    async def _write_stream(self, pieces: AsyncGenerator[bytes]) -> None:
        """Write pieces until there are no more, the client closes or the server stops."""

        async def pump() -> None:
            async with aclosing(pieces):
                async for piece in pieces:
                    self._client.write(piece)
                    await self._client.drain()

        task = await self._until_closed(pump())
        if not task.cancelled() and (error := task.exception()) is not None and not isinstance(error, ConnectionError):
            raise error

    async def _hold(self, seconds: float, released: Callable[[], Awaitable[None]]) -> None:
        """Return once the answer is released, so many seconds are over, the client went away, or the server stops."""

        async def either() -> None:
            waits = [asyncio.ensure_future(each) for each in (released(), self._pause(seconds))]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for each in waits:
                    each.cancel()

        await self._until_closed(either())

    async def _until_closed(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run work that the connection cancels when the client goes away, and the server when it stops; its task."""
        task = asyncio.ensure_future(work)
        self._streams.add(task)
        self._client.stream = task
        try:
            await asyncio.wait([task])
        finally:
            self._streams.discard(task)
            self._client.stream = None
            task.cancel()
        return task

    async def _write_altered(self) -> None:
        """Write as a fault rule asks: late, not at all, cut short or slowly."""
        client, transmission = self._client, self._answer.transmission
        if transmission.stall is not None and transmission.released is not None:
            await self._hold(transmission.stall, transmission.released)
        if transmission.delay:
            await self._pause(transmission.delay)
        if transmission.drop:
            client.close()
            return
        body = self._answer.sent_body
        client.write(self._head)
        if transmission.bytes_per_second is None:
            client.write(body)
        else:
            step = max(1, int(transmission.bytes_per_second * _TICK))
            for start in range(0, len(body), step):
                piece = body[start : start + step]
                client.write(piece)
                await self._pause(len(piece) / transmission.bytes_per_second)
        if transmission.truncate_at is not None or transmission.close:
            client.close()
            if transmission.close_others is not None:
                transmission.close_others()
