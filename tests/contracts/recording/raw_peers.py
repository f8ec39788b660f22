"""An upstream and clients of raw sockets, on loopback, that keep every byte."""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator

Handler = Callable[[socket.socket, "Upstream"], None]


class Upstream:
    """A server that runs a function for each connection and keeps what it got."""

    def __init__(self) -> None:
        self.received: list[bytes] = []
        self.url = ""


@contextlib.contextmanager
def upstream(handle: Handler) -> Iterator[Upstream]:
    """The server; ``handle`` gets the socket of each connection, which is closed after it."""
    kept = Upstream()

    class Connection(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.settimeout(20)
            with contextlib.suppress(ConnectionError):
                handle(self.request, kept)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True

    with Server(("127.0.0.1", 0), Connection) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        kept.url = f"http://127.0.0.1:{server.server_address[1]}"
        try:
            yield kept
        finally:
            server.shutdown()
            thread.join()


def to_the_end(peer: socket.socket) -> bytes:
    """Everything until the other side closes its direction."""
    return b"".join(iter(lambda: peer.recv(65536), b""))


def exactly(peer: socket.socket, count: int) -> bytes:
    """So many octets."""
    data = b""
    while len(data) < count:
        part = peer.recv(count - len(data))
        assert part, f"closed after {data!r}"
        data += part
    return data


def connect(url: str) -> socket.socket:
    """A connection to a URL's host and port."""
    host, _, port = url.removeprefix("http://").rpartition(":")
    return socket.create_connection((host, int(port)), timeout=20)
