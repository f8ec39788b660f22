"""A connection that asks faster than it is answered, or does not read, holds up nobody and fills no memory (T-11)."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from raw_http import BALANCE, asking, order

from kobikom_emulator import Emulator
from kobikom_emulator.server.connection import Connection

REQUEST = asking(BALANCE)


class Wire:
    """A transport that keeps what is written, and whether more is received."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.receives = True
        self.closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def pause_reading(self) -> None:
        assert self.receives
        self.receives = False

    def resume_reading(self) -> None:
        assert not self.receives
        self.receives = True

    def get_extra_info(self, _: str) -> None: ...

    def is_closing(self) -> bool:
        return self.closed

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None: ...

    def close(self) -> None:
        self.closed = True


async def until(holds: Callable[[], object]) -> None:
    """Let the event loop run until something holds; fail after many steps of it."""
    for _ in range(10_000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("the condition never became true")


Steps = Callable[[Connection, Wire], Awaitable[Any]]


def connected(steps: Steps, **settings: Any) -> Any:
    """The result of some steps with a connection over such a transport."""

    async def main() -> Any:
        async with Emulator(settings) as emulator:
            wire, connection = Wire(), emulator.running._listener()
            connection.connection_made(cast("asyncio.Transport", wire))
            try:
                return await steps(connection, wire)
            finally:
                wire.closed = True
                connection.connection_lost(None)

    return asyncio.run(main())


def test_others_have_their_turn_between_pipelined_requests() -> None:
    """Of a hundred requests in one piece, sixteen are answered in a step of the event loop, and all in a few."""

    async def steps(connection: Connection, wire: Wire) -> list[int]:
        connection.receive(REQUEST * 100)
        counts = [len(wire.written)]
        for _ in range(7):
            await asyncio.sleep(0)
            counts.append(len(wire.written))
        return counts

    assert [16, 32, 48, 64, 80, 96, 100, 100] == connected(steps)


def test_others_have_their_turn_between_chunks() -> None:
    """A body in chunks of one byte is read in parts."""

    async def steps(connection: Connection, wire: Wire) -> list[int]:
        connection.receive(asking(None, "Transfer-Encoding: chunked", method="POST"))
        connection.receive(b"1\r\na\r\n" * 10_000 + b"0\r\n\r\n")
        counts = [len(wire.written)]
        await asyncio.sleep(0)
        counts.append(len(wire.written))
        await until(lambda: wire.written)
        return counts

    assert [0, 0] == connected(steps)


def test_a_client_that_does_not_read_is_answered_no_further() -> None:
    """While the transport cannot write, requests wait, and from 64 KiB on no more are received; then all go on."""

    async def steps(connection: Connection, wire: Wire) -> list[Any]:
        connection.pause_writing()
        connection.receive(REQUEST)
        seen: list[Any] = [(len(wire.written), wire.receives)]
        many = 64 * 1024 // len(REQUEST) + 1
        connection.receive(REQUEST * many)
        seen.append((len(wire.written), wire.receives))
        connection.resume_writing()
        await until(lambda: wire.receives)
        return [*seen, len(wire.written) == many + 1]

    assert [(0, True), (0, False), True] == connected(steps)


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_requests_behind_one_that_waits(size: int) -> None:
    """They are kept up to 64 KiB, and answered after it in their order."""
    count = size // len(REQUEST)

    async def steps(connection: Connection, wire: Wire) -> tuple[bool, list[bool]]:
        connection.receive(asking(None, target="/_emulator/health", host="localhost"))
        connection.receive(REQUEST * count)
        received = wire.receives
        await until(lambda: wire.receives and len(wire.written) == count + 1)
        return received, [b"<bakiye>" in answer for answer in wire.written]

    assert (size < 64 * 1024, [False] + [True] * count) == connected(steps)


def test_a_head_longer_than_what_is_kept() -> None:
    """What limits the bytes behind a request does not limit a head: a long target with many headers is read."""

    async def steps(connection: Connection, wire: Wire) -> tuple[bool, bytes]:
        head = asking(None, *[f"X-{nth}: {'a' * 1000}" for nth in range(60)], target="/" + "a" * 65_000)
        for at in range(0, len(head), 10_000):
            connection.receive(head[at : at + 10_000])
        return wire.receives, wire.written[0][:12]

    assert (True, b"HTTP/1.1 404") == connected(steps)


def test_an_unread_rest_after_the_last_answer_is_thrown_away() -> None:
    """After `Connection: close` no request is answered, however many follow."""

    async def steps(connection: Connection, wire: Wire) -> tuple[int, int]:
        connection.receive(asking(order(), "Connection: close") + REQUEST)
        for _ in range(10):
            connection.receive(REQUEST)
        return len(wire.written), len(connection._requests.unread)

    assert (1, 0) == connected(steps)


def test_a_client_that_has_gone_ends_nothing_but_its_connection(caplog: pytest.LogCaptureFixture) -> None:
    """Where the sending side cannot be closed because the client has gone, the connection is closed, and no error is
    logged.
    """

    class Gone(Wire):
        def write_eof(self) -> None:
            raise OSError(errno.ENOTCONN, "not connected")

    async def steps(connection: Connection, _: Wire) -> bool:
        gone = Gone()
        connection.connection_made(cast("asyncio.Transport", gone))
        connection.receive(b"nothing that is HTTP\r\n\r\n")
        return gone.closed

    assert connected(steps)
    assert [] == [record for record in caplog.records if record.levelno >= logging.ERROR]


def test_pieces_of_an_answer_do_not_wait_for_acknowledgements() -> None:
    """Nagle's algorithm is off: with a client that delays its acknowledgements, a body behind a head would be late."""
    with Emulator() as emulator, socket.create_connection(("127.0.0.1", emulator.running.port)) as client:
        client.sendall(REQUEST)
        assert client.recv(12) == b"HTTP/1.1 200"
        (connection,) = emulator.running._listener.connections
        server_side = connection.transport.get_extra_info("socket")
        assert 1 == server_side.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
