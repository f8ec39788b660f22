"""A receiver of pushed reports on a free loopback port, which gives each to a function."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer

LOOPBACK = "127.0.0.1"


class PushReceiver:
    """Answers each POST with the status that `take(body)` returns, one at a time, until it is closed."""

    def __init__(self, take: Callable[[bytes], int]) -> None:
        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self.send_response(take(body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name of the base class
                """Print nothing: the space's journal has what was pushed."""

        self._server = HTTPServer((LOOPBACK, 0), Handler)
        self._closing = False
        self.url = f"http://{LOOPBACK}:{self._server.server_address[1]}/reports"
        self._thread = threading.Thread(target=self._run, name="kobikom-machine-receiver", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while not self._closing:
            self._server.handle_request()

    def close(self) -> None:
        """Stop, with the thread. A connection of its own ends the wait for the next one."""
        self._closing = True
        socket.create_connection(self._server.server_address[:2]).close()  # type: ignore[arg-type]  # typeshed allows bytes as the host too
        self._thread.join()
        self._server.server_close()
