"""A server that answers every request with the next of a list of byte strings, whatever was asked."""

from __future__ import annotations

import contextlib
import itertools
import re
import socketserver
import threading
from collections.abc import Iterator, Sequence

BALANCE = b'<?xml version="1.0" encoding="UTF-8"?><bakiye><miktar>1000.000</miktar><kur>TRY</kur></bakiye>'


def framed(body: bytes, status: str = "200 OK") -> bytes:
    """A body as a whole HTTP answer."""
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64


@contextlib.contextmanager
def listening(handler: type[socketserver.BaseRequestHandler]) -> Iterator[socketserver.ThreadingTCPServer]:
    """A server on a free loopback port, which gives each connection to a handler in a thread of its own."""
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


@contextlib.contextmanager
def answering(replies: Sequence[bytes], *, first: Sequence[bytes] = ()) -> Iterator[str]:
    """The server's URL: it answers ``first`` once, then ``replies`` over and over, and closes each time."""
    lock = threading.Lock()
    upcoming = itertools.chain(first, itertools.cycle(replies))

    class Handler(socketserver.StreamRequestHandler):
        timeout = 5

        def handle(self) -> None:
            with contextlib.suppress(OSError):
                length = 0
                while (line := self.rfile.readline()) not in (b"", b"\r\n"):
                    if stated := re.match(rb"content-length: *(\d+)", line, re.IGNORECASE):
                        length = int(stated[1])
                self.rfile.read(length)
                with lock:
                    reply = next(upcoming)
                self.wfile.write(reply)

    with listening(Handler) as server:
        yield f"http://127.0.0.1:{server.server_address[1]}"
