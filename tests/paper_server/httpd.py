"""HTTP/1.x over asyncio streams, by hand (T-04, T-08, T-09).

One task a connection, one request after the other, so pipelined requests are answered in order. A
peer that closed its sending half is still answered.
"""

import asyncio
import contextlib
import re
from collections.abc import Callable
from http import HTTPStatus

from .manner import PLAIN, Manner
from .messages import Request, Response

HEAD_LIMIT = 1 << 20
_DRAIN_SECONDS = 5.0


Responder = Callable[[Request], Response]


class _UnservedError(Exception):
    """The request cannot be read further: answer with this status and close."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def plain(status: int, **headers: str) -> Response:
    """A plain HTTP error, outside the dialect."""
    text = f"{status} {HTTPStatus(status).phrase}\n".encode()
    return Response(status, text, {"Content-Type": "text/plain; charset=utf-8", **headers})


async def serve_connection(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    *,
    respond: Responder,
    date: Callable[[], str],
    max_body: int,
    manner: Manner = PLAIN,
) -> None:
    """Answer requests until the peer is done; never raises but for cancellation."""
    turn = 0
    try:
        while (head := await _read_head(reader)) is not None:
            body = await _read_body(head, reader, writer, max_body)
            turn += 1
            request = Request(head.method, head.target, head.version, head.headers, body, turn)
            keep = _keeps_alive(request) and turn < manner.requests_a_connection
            response = respond(request)
            if manner.pause is not None:
                await manner.pause()
            for piece in manner.cut(_written(request, response, keep=keep, date=date(), manner=manner)):
                writer.write(piece)
                await writer.drain()
            if not keep or response.closes:
                break
    except _UnservedError as refusal:
        with contextlib.suppress(OSError):
            writer.write(_written(None, plain(refusal.status), keep=False, date=date()))
            await writer.drain()
            await _drain_input(reader, writer)
    except (OSError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()


async def _drain_input(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Read on for a while: closing over unread bytes resets the peer before it has the answer."""
    if writer.can_write_eof():
        writer.write_eof()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(_DRAIN_SECONDS):
            while await reader.read(1 << 16):
                pass


async def _line(reader: asyncio.StreamReader) -> bytes | None:
    """One line without its end; None at end of stream."""
    try:
        line = await reader.readline()
    except ValueError:
        raise _UnservedError(431) from None
    if not line:
        return None
    if not line.endswith(b"\n"):
        raise _UnservedError(400)
    return line.rstrip(b"\r\n")


async def _read_head(reader: asyncio.StreamReader) -> Request | None:
    first = await _line(reader)
    while first == b"":  # empty lines between requests are tolerated
        first = await _line(reader)
    if first is None:
        return None
    start = re.fullmatch(rb"([!#$%&'*+.^_`|~0-9A-Za-z-]+) +(\S+) +(HTTP/1\.[0-9])\s*", first)
    if start is None:
        raise _UnservedError(505 if re.search(rb" HTTP/[02-9]", first) else 400)
    headers: dict[str, str] = {}
    size = 0
    while (line := await _line(reader)) != b"":
        if line is None:
            raise _UnservedError(400)
        size += len(line)
        if size > HEAD_LIMIT:
            raise _UnservedError(431)
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or not name or name != name.strip():
            raise _UnservedError(400)
        key, text = name.lower(), value.strip()
        if key == "content-length" and headers.get(key, text) != text:
            raise _UnservedError(400)
        headers[key] = text
    method, target, version = (piece.decode("utf-8", "replace") for piece in start.groups())
    # absolute form: the page itself prints POST http://www.kobikom.com/api/sendsms/xml/
    absolute = re.match(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*", target)
    if absolute:
        target = target[absolute.end() :] or "/"
    return Request(method, target, version, headers)


async def _read_body(head: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, max_body: int) -> bytes:
    coding = head.headers.get("transfer-encoding", "").lower()
    length = head.headers.get("content-length", "0")
    if coding not in ("", "chunked"):
        raise _UnservedError(501)
    if not coding and not re.fullmatch(r"[0-9]{1,18}", length):
        raise _UnservedError(400)
    if not coding and int(length) > max_body:
        raise _UnservedError(413)
    expects = head.headers.get("expect", "").lower() == "100-continue"
    if expects and head.version != "HTTP/1.0":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        await writer.drain()
    try:
        if coding:
            return await _read_chunks(reader, max_body)
        return await reader.readexactly(int(length))
    except asyncio.IncompleteReadError:
        raise _UnservedError(400) from None


async def _read_chunks(reader: asyncio.StreamReader, max_body: int) -> bytes:
    body = bytearray()
    while True:
        line = await _line(reader)
        size = re.fullmatch(rb"([0-9A-Fa-f]{1,16})[ \t]*(;.*)?", line or b"")
        if size is None:
            raise _UnservedError(400)
        count = int(size[1], 16)
        if len(body) + count > max_body:
            raise _UnservedError(413)
        if count == 0:
            while trailer := await _line(reader):
                del trailer
            return bytes(body)
        body += await reader.readexactly(count)
        if await _line(reader) != b"":
            raise _UnservedError(400)


def _keeps_alive(request: Request) -> bool:
    wishes = {w.strip().lower() for w in request.headers.get("connection", "").split(",")}
    if request.version == "HTTP/1.0":
        return "keep-alive" in wishes
    return "close" not in wishes


def _written(request: Request | None, response: Response, *, keep: bool, date: str, manner: Manner = PLAIN) -> bytes:
    """The octets of an answer: always with Content-Length, never chunked (T-09)."""
    accepted = "" if request is None else request.headers.get("accept-encoding", "")
    response = manner.encoded(response, accepted)
    old = request is not None and request.version == "HTTP/1.0"
    head = manner.head(response, keep=keep, date=date, old=old)
    body = b"" if request is not None and request.method == "HEAD" else response.body
    return head + body if response.wire is None else response.wire(head, body)
