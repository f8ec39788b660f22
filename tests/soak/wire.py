"""HTTP as bytes on sockets, so that a request can be aborted anywhere; and a receiver of pushes."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from typing import Any, NamedTuple, Self

PATIENCE = 30.0
"""Real seconds until a request counts as lost."""


class Answer(NamedTuple):
    """Status and whole body of an answer."""

    status: int
    body: bytes


class Wire:
    """Requests to one address."""

    def __init__(self, host: str, port: int) -> None:
        self._at = (host, port)

    async def ask(
        self, method: str, target: str, body: bytes = b"", *, abort_after: int | None = None
    ) -> Answer | None:
        """The answer, None where it is not there as a whole. The connection is closed after `abort_after` bytes."""
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._ask(method, target, body, abort_after)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, ValueError):
            return None

    async def _ask(self, method: str, target: str, body: bytes, abort_after: int | None) -> Answer | None:
        reader, writer = await asyncio.open_connection(*self._at)
        try:
            head = (
                f"{method} {target} HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                f"{'application/json' if target.startswith('/_emulator') else 'application/xml'}\r\n"
                f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
            )
            request = head.encode() + body
            writer.write(request if abort_after is None else request[:abort_after])
            await writer.drain()
            if abort_after is not None:
                writer.transport.abort()
                return None
            head_of_answer = await reader.readuntil(b"\r\n\r\n")
            status = int(head_of_answer.split(b" ", 2)[1])
            length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head_of_answer)
            if length is not None:
                return Answer(status, await reader.readexactly(int(length[1])))
            content = await reader.read()
            if b"chunked" not in head_of_answer.lower():
                return Answer(status, content)
            return Answer(status, _unchunked(content))
        finally:
            writer.close()

    async def control(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON that the control API answers; `AssertionError` where it refuses."""
        content = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = await self.ask(method, f"/_emulator{path}", content)
        assert answer is not None, f"{method} {path} was not answered"
        assert answer.status < 300, f"{method} {path}: {answer}"
        return json.loads(answer.body) if answer.body else None


def _unchunked(content: bytes) -> bytes:
    """A chunked body without its chunks; `ValueError` where the last one is missing."""
    pieces = []
    while True:
        line, _, rest = content.partition(b"\r\n")
        size = int(line, 16)
        if size == 0:
            return b"".join(pieces)
        if len(rest) < size + 2:
            raise ValueError("a chunk is cut short")
        pieces.append(rest[:size])
        content = rest[size + 2 :]


class Receiver:
    """Takes pushes to `url/NAME`, answers some with 500 once, and hands over name and document of the others."""

    def __init__(self, take: Callable[[str, bytes], None]) -> None:
        self._take = take
        self._pushes = 0
        self._failed: set[bytes] = set()
        self._connections: list[asyncio.Task[None]] = []

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/reports"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()
        for connection in self._connections:
            connection.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._connections.append(asyncio.ensure_future(self._serve(reader, writer)))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = re.search(rb"(?i)content-length: (\d+)", head)
                body = await reader.readexactly(int(length[1]) if length else 0)
                self._pushes += 1
                fails = self._pushes % 5 == 0 and body not in self._failed
                if fails:
                    self._failed.add(body)
                else:
                    self._take(head.split(b" ", 2)[1].decode().rpartition("/")[2], body)
                status = b"500 No" if fails else b"200 OK"
                writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\n\r\n")
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()
