"""A server on loopback that reads whatever a client writes and answers the bytes that a script returns.

It runs on asyncio streams in a thread of its own. Every request is logged, with what was wrong in its
framing, before it is answered.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self
from urllib.parse import urlsplit

from kobikom_contracts.raw_http import Exchange

CONTENT_TYPE = "text/csv;charset= UTF-8"
_READ_TIME = 2.0
_MAX_HEAD = 1 << 20
_PAUSE = 0.005


class Ending(StrEnum):
    """What the server does with the connection after an answer's bytes."""

    KEEP = "keep"
    CLOSE = "close"
    RESET = "reset"
    SILENT = "silent"
    """Keep it open and send nothing more; the client has to give up."""
    DRIP = "drip"
    """Send a blank every few milliseconds until the client closes."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, byte for byte; ``pieces`` are the offsets at which it pauses."""

    raw: bytes
    ending: Ending = Ending.KEEP
    pieces: tuple[int, ...] = ()


NOTHING = Reply(b"", Ending.CLOSE)
"""The request was read, and the connection closed."""


@dataclass(slots=True)
class Received:
    """One request as read from the wire; ``faults`` are those of its framing."""

    method: str
    target: str
    version: str
    headers: tuple[tuple[str, str], ...]
    body: bytes
    raw: bytes
    faults: tuple[str, ...] = ()
    reply: Reply = NOTHING
    at: float = field(default_factory=time.monotonic)

    @property
    def path(self) -> str:
        """The target without its query string."""
        return self._split()[0]

    @property
    def query(self) -> str:
        """The query string, still encoded."""
        return self._split()[1]

    def _split(self) -> tuple[str, str]:
        try:
            parts = urlsplit(self.target)
        except ValueError:  # an absolute target with a broken host
            return self.target, ""
        return parts.path, parts.query

    def header(self, name: str) -> str | None:
        """The first value of a header, whatever its case; None when absent."""
        lowered = name.lower()
        return next((value for key, value in self.headers if key.lower() == lowered), None)

    def exchange(self) -> Exchange:
        """The request and its answer, for a transcript."""
        drip = b" ..." if self.reply.ending is Ending.DRIP else b""
        return Exchange(self.raw, self.reply.raw + drip, 0.0)


Script = Callable[[Received], Reply]


class ScriptedServer:
    """Listens while the ``with`` block lasts; ``script`` answers each request."""

    def __init__(self, script: Script) -> None:
        self.script = script
        self.requests: list[Received] = []
        self._errors: list[Exception] = []
        self.url = ""
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._await(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def take(self) -> list[Received]:
        """The requests logged so far, and forget them."""
        taken, self.requests = self.requests, []
        return taken

    def raise_error(self) -> None:
        """Raise the first exception of a script since the last call of this method, if there was one."""
        errors, self._errors = self._errors, []
        if errors:
            raise errors[0]

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _stop(self) -> None:
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection's handler is a task"
        self._tasks.add(task)
        try:
            await self._talk(_Stream(reader, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - raised again by `raise_error`, in the judge's thread
            self._errors.append(error)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, stream: _Stream) -> None:
        while (request := await stream.request()) is not None:
            try:
                request.reply = self.script(request)
            finally:
                self.requests.append(request)
            if not await stream.answer(request.reply):
                return


def unused_url() -> str:
    """The URL of a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


class _Stream:
    """One connection: requests out of a buffer, answers onto the wire."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._buffer = bytearray()
        self._raw = bytearray()

    async def request(self) -> Received | None:
        """The next request, None at the end of the connection."""
        self._raw = bytearray()
        while not self._buffer.lstrip(b"\r\n"):
            self._buffer.clear()
            if not await self._more(None):
                return None
        del self._buffer[: len(self._buffer) - len(self._buffer.lstrip(b"\r\n"))]
        head = await self._until(b"\r\n\r\n")
        if head is None:
            start = bytes(self._buffer[:60])
            self._buffer.clear()
            return Received("", "", "", (), b"", bytes(self._raw), (f"no HTTP request: {start!r}",))
        lines = head.decode("latin-1").split("\r\n")
        words = lines[0].split(" ")
        if len(words) != 3 or not words[2].startswith("HTTP/1."):
            self._buffer.clear()
            fault = f"no HTTP request line: {lines[0][:60]!r}"
            return Received("", "", "", (), b"", bytes(self._raw), (fault,))
        pairs = [line.partition(":") for line in lines[1:]]
        headers = tuple((name.strip(), value.strip()) for name, _, value in pairs)
        faults = [f"header line {name!r}" for name, colon, _ in pairs if not colon or " " in name]
        body = await self._body(words, headers, faults)
        return Received(words[0], words[1], words[2], headers, body, bytes(self._raw), tuple(faults))

    async def _body(self, words: list[str], headers: tuple[tuple[str, str], ...], faults: list[str]) -> bytes:
        lowered = [(name.lower(), value) for name, value in headers]
        hosts = [value for name, value in lowered if name == "host"]
        if len(hosts) > 1 or (not hosts and words[2] != "HTTP/1.0"):
            faults.append(f"{len(hosts)} Host headers")
        if ("expect", "100-continue") in [(n, v.lower()) for n, v in lowered]:
            self._writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        lengths = {value for name, value in lowered if name == "content-length"}
        chunked = any("chunked" in v.lower() for n, v in lowered if n == "transfer-encoding")
        if chunked:
            return await self._chunks(faults)
        if not lengths:
            if words[0] == "POST":
                faults.append("a POST without Content-Length")
            return b""
        if len(lengths) > 1 or not (stated := lengths.pop()).isdigit():
            faults.append(f"Content-Length {sorted(lengths)}")
            return b""
        body = await self._exactly(int(stated))
        if len(body) < int(stated):
            faults.append(f"Content-Length {stated}, but {len(body)} octets of body")
        elif surplus := bytes(self._buffer).strip(b"\r\n"):
            faults.append(f"Content-Length {stated}, but {len(surplus)} octets more")
            self._raw += self._buffer
            self._buffer.clear()
        return body

    async def _chunks(self, faults: list[str]) -> bytes:
        body = b""
        while True:
            line = await self._until(b"\r\n")
            try:
                size = int((line or b"").partition(b";")[0], 16)
                if size < 0:
                    raise ValueError(size)  # noqa: TRY301 - the same fault as no number
            except ValueError:
                faults.append(f"chunk size {line!r}")
                return body
            if size == 0:
                while await self._until(b"\r\n"):
                    pass
                return body
            body += await self._exactly(size)
            await self._until(b"\r\n")

    async def _until(self, mark: bytes) -> bytes | None:
        while (at := self._buffer.find(mark)) < 0:
            if len(self._buffer) > _MAX_HEAD or not await self._more(_READ_TIME):
                self._raw += self._buffer
                return None
        data = bytes(self._buffer[:at])
        self._raw += self._buffer[: at + len(mark)]
        del self._buffer[: at + len(mark)]
        return data

    async def _exactly(self, count: int) -> bytes:
        while len(self._buffer) < count and await self._more(_READ_TIME):
            pass
        data = bytes(self._buffer[:count])
        self._raw += data
        del self._buffer[:count]
        return data

    async def _more(self, seconds: float | None) -> bool:
        try:
            data = await asyncio.wait_for(self._reader.read(1 << 16), seconds)
        except TimeoutError:
            return False
        self._buffer += data
        return bool(data)

    async def answer(self, reply: Reply) -> bool:
        """Write an answer and do what its ending says; True when the connection stays open."""
        start = 0
        for piece in (*sorted(p for p in reply.pieces if p < len(reply.raw)), len(reply.raw)):
            self._writer.write(reply.raw[start:piece])
            await self._writer.drain()
            if piece < len(reply.raw):
                await asyncio.sleep(_PAUSE)
            start = piece
        match reply.ending:
            case Ending.KEEP:
                return True
            case Ending.SILENT:
                while await self._reader.read(1 << 16):
                    pass
            case Ending.DRIP:
                while not self._reader.at_eof():
                    self._writer.write(b" ")
                    await self._writer.drain()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._reader.read(1), _PAUSE * 4)
            case Ending.RESET:
                sock = self._writer.get_extra_info("socket")
                linger = struct.pack("ii", 1, 0)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            case Ending.CLOSE:
                pass
        return False
