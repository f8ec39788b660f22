"""A load generator for machines without `wrk`: one process with raw sockets, started by `benchmarks.load`.

    python -m benchmarks.generator URL FILE CONNECTIONS SECONDS

Prints one JSON line: requests answered, seconds, errors.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_LAST_ANSWER = 5.0


class Client(asyncio.Protocol):
    """One connection: sends the next request after each answer, and reconnects when the server closes it."""

    def __init__(self, counts: dict[str, int], request: bytes, address: tuple[str, int]) -> None:
        self._counts = counts
        self._request = request
        self._address = address
        self._answer = b""
        self._opening: asyncio.Task[object] | None = None
        self._transport: asyncio.WriteTransport | None = None

    async def open(self) -> None:
        try:
            await asyncio.get_running_loop().create_connection(lambda: self, *self._address)
        except OSError:
            self._counts["errors"] += 1

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._answer = b""
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        answer = self._answer = self._answer + data
        end = answer.find(b"\r\n\r\n")
        if end < 0:
            return
        length = _LENGTH.search(answer, 0, end + 2)
        if length is None or len(answer) < end + 4 + int(length[1]):
            return
        self._counts["requests" if answer[9:10] == b"2" else "errors"] += 1
        self._answer = b""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(self._request)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._counts["over"]:
            self._opening = asyncio.get_running_loop().create_task(self.open())

    def close(self) -> None:
        if self._transport is not None:
            self._transport.abort()


async def generate(url: str, body: bytes, connections: int, seconds: float) -> dict[str, float]:
    parts = urlsplit(url)
    host, port = parts.hostname or "127.0.0.1", parts.port or 80
    head = (
        f"POST {parts.path} HTTP/1.1\r\nHost: {host}:{port}\r\nContent-Type: application/xml\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    counts = {"requests": 0, "errors": 0, "over": 0}
    clients = [Client(counts, head.encode() + body, (host, port)) for _ in range(connections)]
    started = time.monotonic()
    async with asyncio.timeout(seconds + _LAST_ANSWER):
        await asyncio.gather(*[client.open() for client in clients])
        await asyncio.sleep(max(0.0, started + seconds - time.monotonic()))
    counts["over"] = 1
    took = time.monotonic() - started
    for client in clients:
        client.close()
    await asyncio.sleep(0)
    return {"requests": counts["requests"], "seconds": took, "errors": counts["errors"]}


if __name__ == "__main__":
    address, file, connections_argument, seconds_argument = sys.argv[1:]
    print(
        json.dumps(
            asyncio.run(generate(address, Path(file).read_bytes(), int(connections_argument), float(seconds_argument)))
        ),
        flush=True,
    )
