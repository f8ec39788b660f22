"""A server that answers with exactly the bytes a test scripted, and a wrapper over both clients."""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest

from kobikom_client import AsyncClient, Client

RESET = b"(reset)"  # after the request, reset the connection
HANG = b"(hang)"  # after the request, send nothing more until the client closes
DRIP = b"(drip)"  # after the request, send one octet at a time without end


class ScriptedServer:
    """Answers each connection with the next reply in `replies`.

    A reply is raw bytes; if it ends with RESET, HANG or DRIP, the connection ends in that way.
    """

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self.replies: list[bytes] = []
        self.arrived = threading.Event()
        self._stop = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(20)
        self.port = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @staticmethod
    def http(body: bytes | str, status: str = "200 OK", **headers: str) -> bytes:
        """A complete HTTP answer, by default with the Content-Type that the page prints."""
        raw = body if isinstance(body, bytes) else body.encode()
        fields = {"Content-Type": "text/csv;charset= UTF-8", "Content-Length": str(len(raw))}
        fields |= {name.replace("_", "-"): value for name, value in headers.items()}
        head = "".join(f"{name}: {value}\r\n" for name, value in fields.items() if value)
        return f"HTTP/1.1 {status}\r\n{head}\r\n".encode() + raw

    def bodies(self) -> list[str]:
        return [request.partition(b"\r\n\r\n")[2].decode() for request in self.requests]

    def close(self) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        self._thread.join(20)
        self._listener.close()

    def _serve(self) -> None:
        while not self._stop.is_set():
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                with connection:
                    connection.settimeout(20)
                    self._answer(connection)

    def _answer(self, connection: socket.socket) -> None:
        request = b""
        while b"\r\n\r\n" not in request:
            if not (piece := connection.recv(65536)):
                return
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        length = next(
            (int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")),
            0,
        )
        while len(body) < length:
            body += connection.recv(65536)
        self.requests.append(head + b"\r\n\r\n" + body)
        self.arrived.set()
        reply = self.replies.pop(0) if self.replies else b""
        for ending in (RESET, HANG, DRIP):
            if reply.endswith(ending):
                connection.sendall(reply.removesuffix(ending))
                self._end(ending, connection)
                return
        connection.sendall(reply)

    def _end(self, ending: bytes, connection: socket.socket) -> None:
        if ending == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif ending == HANG:
            connection.recv(1)
        else:
            while not self._stop.wait(0.02):
                connection.sendall(b"x")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    scripted = ScriptedServer()
    yield scripted
    scripted.close()


class Caller:
    """Calls the methods of either client synchronously."""

    def __init__(self, kind: str, url: str, **options: Any) -> None:
        self.kind = kind
        make: Callable[..., Any] = AsyncClient if kind == "async" else Client
        self.client = make(url, "test", "s3cret-parola", **options)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if self.kind == "blocking":
                return getattr(self.client, method)(*arguments, **named)

            async def run() -> Any:
                return await getattr(self.client, method)(*arguments, **named)

            return asyncio.run(run())

        return call


@pytest.fixture(params=["async", "blocking"])
def caller(request: pytest.FixtureRequest) -> Callable[..., Caller]:
    def make(url: str, **options: Any) -> Caller:
        options.setdefault("timeout", timedelta(seconds=20))
        return Caller(request.param, url, **options)

    return make
