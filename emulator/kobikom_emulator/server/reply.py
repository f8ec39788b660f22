"""Writes an answer to a connection: head and body at once, or in the way a fault rule asks for.

Heads are written here rather than by aiohttp because their bytes are part of the contract: Content-Type as printed,
Content-Length always, no header that would tell the fake from the real server (T-09).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import aclosing
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.web_request import BaseRequest
from msgspec.structs import replace

from kobikom_emulator.exchange import UNALTERED, Answer

if TYPE_CHECKING:
    from kobikom_emulator.server.connection import Connection

Pause = Callable[[float], Awaitable[None]]

Streams = set["asyncio.Task[None]"]
"""The endless answers that are being written; they are cancelled when the server stops."""

_FREED = 8
"""Chunks of a long answer that are freed at a time."""

_TICK = 0.05
"""Seconds between the pieces of an answer that is sent slowly."""


class Reply(web.StreamResponse):
    """An answer as aiohttp's connection loop expects it."""

    def __init__(
        self,
        answer: Answer,
        request: BaseRequest,
        pause: Pause = asyncio.sleep,
        streams: Streams | None = None,
    ) -> None:
        super().__init__(status=answer.status)
        self._answer = answer
        self._pause = pause
        self._streams: Streams = set() if streams is None else streams
        self._connection = cast("Connection", request.protocol)
        body = request.content
        if not body.is_eof():
            self._connection.unread = body
        whole = body.is_eof() and body.exception() is None
        ends_by_closing = (
            answer.transmission.drop or answer.transmission.truncate_at is not None or answer.stream is not None
        )
        self._stays_open = request.keep_alive and whole and not ends_by_closing

    @property
    def keep_alive(self) -> bool:  # read by the connection after the answer is written
        return self._stays_open and not self._connection.finished

    async def prepare(self, request: BaseRequest) -> AbstractStreamWriter | None:
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the client closed the connection")
        answer = self._answer
        if answer.transmission is not UNALTERED:
            await self._write_altered(request)
        elif request.method == "HEAD":
            transport.write(self._head(request))
        elif answer.stream is not None:
            transport.write(self._head(request))
            await self._write_stream(request, answer.stream())
        elif len(answer.chunks) == 1:
            transport.write(self._head(request) + answer.chunks[0])
        else:
            transport.write(self._head(request))
            chunks = list(answer.chunks)
            del answer
            self._answer = replace(self._answer, chunks=())
            await self._write_chunks(request, chunks)
        return None

    async def _write_chunks(self, request: BaseRequest, chunks: list[bytes]) -> None:
        """Write chunks, and let others in between; then free them piece by piece, the last first: freed at once, or the
        last one last, the whole answer is given back to the system in one step, which takes longer than a slice of it.
        """
        for chunk in chunks:
            transport = request.transport
            if transport is None or transport.is_closing():
                raise ConnectionResetError("the client closed the connection")
            transport.write(chunk)
            await request.writer.drain()
            await asyncio.sleep(0)  # drain alone lets nobody else in while the client reads fast enough
        chunk = b""
        while chunks:
            del chunks[-_FREED:]
            await asyncio.sleep(0)

    async def write_eof(self, data: bytes = b"") -> None:
        self._eof_sent = True
        self._connection.touch()

    def _head(self, request: BaseRequest) -> bytes:
        answer, version = self._answer, request.version
        connection = ""
        if not self._stays_open:
            connection = "Connection: close\r\n"
        elif version < (1, 1):
            connection = "Connection: keep-alive\r\n"
        extra = "".join([f"{name}: {value}\r\n" for name, value in answer.headers.items()]) if answer.headers else ""
        length = "" if answer.stream is not None else f"Content-Length: {answer.length}\r\n"
        content = f"Content-Type: {answer.content_type}\r\n{length}"
        if answer.status == HTTPStatus.NO_CONTENT:  # has neither (RFC 9110)
            content = ""
        seconds = int(time.time()) if answer.at is None else answer.at // 1000
        return (
            f"HTTP/{version.major}.{version.minor} {answer.status} {_reason(answer.status)}\r\n"
            f"{content}Date: {_date(seconds)}\r\n{extra}{connection}\r\n"
        ).encode("latin-1")

    async def _write_stream(self, request: BaseRequest, pieces: AsyncGenerator[bytes]) -> None:
        """Write pieces until there are no more, the client closes or the server stops."""

        async def pump() -> None:
            async with aclosing(pieces):
                async for piece in pieces:
                    transport = request.transport
                    if transport is None or transport.is_closing():
                        return
                    transport.write(piece)
                    await request.writer.drain()

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
        self._connection.stream = task
        try:
            await asyncio.wait([task])
        finally:
            self._streams.discard(task)
            self._connection.stream = None
            task.cancel()
        return task

    async def _write_altered(self, request: BaseRequest) -> None:
        """Write as a fault rule asks: late, not at all, cut short or slowly."""
        transmission = self._answer.transmission
        if transmission.stall is not None and transmission.released is not None:
            await self._hold(transmission.stall, transmission.released)
        if transmission.delay:
            await self._pause(transmission.delay)
        transport = request.transport
        if transport is None:
            raise ConnectionResetError("the client closed the connection")
        if transmission.drop:
            transport.close()
            return
        body = self._answer.sent_body
        transport.write(self._head(request))
        if transmission.bytes_per_second is None:
            transport.write(body)
        else:
            step = max(1, int(transmission.bytes_per_second * _TICK))
            for start in range(0, len(body), step):
                if transport.is_closing():
                    raise ConnectionResetError("the client closed the connection")
                piece = body[start : start + step]
                transport.write(piece)
                await self._pause(len(piece) / transmission.bytes_per_second)
        if transmission.truncate_at is not None or transmission.close:
            transport.close()
            if transmission.close_others is not None:
                transmission.close_others()


@lru_cache(maxsize=8)
def _date(seconds: int) -> str:
    return formatdate(seconds, usegmt=True)


@lru_cache(maxsize=64)
def _reason(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown"
