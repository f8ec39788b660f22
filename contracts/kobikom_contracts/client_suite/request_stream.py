"""One connection of the scripted server: requests out of a stream, replies onto it."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from contextlib import suppress

from kobikom_contracts.client_suite.http_values import Ending, Received, Reply

_READ_TIME = 2.0
_MAX_HEAD = 1 << 20
_PAUSE = 0.005


class RequestStream:
    """Reads requests, with the faults of their framing, and writes replies."""

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
            body += self._buffer  # what it meant to write is judged
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

    async def answer(self, request: Received) -> bool:
        """Write the answer to a request and do what its ending says; True when the connection stays open."""
        try:
            return await self._answer(request, request.reply)
        finally:
            request.seconds = time.monotonic() - request.at

    async def _answer(self, request: Received, reply: Reply) -> bool:
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
                request.closed_by_client = True
            case Ending.DRIP:
                while not self._reader.at_eof():
                    self._writer.write(b" ")
                    await self._writer.drain()
                    with suppress(TimeoutError):
                        await asyncio.wait_for(self._reader.read(1), _PAUSE * 4)
                request.closed_by_client = True
            case Ending.RESET:
                sock = self._writer.get_extra_info("socket")
                linger = struct.pack("ii", 1, 0)
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            case Ending.CLOSE:
                pass
        return False
