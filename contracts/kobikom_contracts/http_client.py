"""An HTTP client over raw connections that keeps a transcript."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from kobikom_contracts.http_connection import Connection, HttpAnswer
from kobikom_contracts.tls import tls_context
from kobikom_contracts.traffic import Traffic
from kobikom_contracts.transcript import Exchange, Transcript


class Unreachable(Exception):
    """No connection to the target; the text says where and why."""


@dataclass(frozen=True, slots=True)
class HttpClient:
    """Opens connections to the target and keeps the transcript.

    ``url`` may carry a path prefix (``http://host:port/s/space``); ``timeout`` is in seconds. ``tls``: settings
    for an https target, the machine's own when None.
    """

    url: str
    transcript: Transcript
    timeout: float = 10.0
    traffic: Traffic = field(default_factory=Traffic)
    tls: ssl.SSLContext | None = None

    @property
    def prefix(self) -> str:
        """The path before ``/api/sendsms/xml/``."""
        return urlsplit(self.url).path.rstrip("/")

    @property
    def is_tls(self) -> bool:
        """True of an https target."""
        return urlsplit(self.url).scheme == "https"

    @property
    def authority(self) -> str:
        """``host[:port]`` as the Host header says it."""
        return urlsplit(self.url).netloc.rpartition("@")[2]

    def head(
        self,
        method: str,
        path: str,
        headers: tuple[tuple[str, str], ...] = (),
        *,
        version: str = "HTTP/1.1",
    ) -> bytes:
        """Request line and headers, ready to send; Host is added unless given."""
        names = {name.lower() for name, _ in headers}
        lines = [f"{method} {self.prefix}{path} {version}"]
        if "host" not in names and version == "HTTP/1.1":
            lines.append(f"Host: {self.authority}")
        lines += [f"{name}: {value}" for name, value in headers]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8")

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for as long as the block lasts, then added to the transcript."""
        self.traffic.begin()
        parts = urlsplit(self.url)
        host = parts.hostname or "127.0.0.1"
        started = time.monotonic()
        try:
            sock = socket.create_connection((host, parts.port or (443 if self.is_tls else 80)), self.timeout)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if self.is_tls:
                sock = (self.tls or tls_context()).wrap_socket(sock, server_hostname=host)
        except OSError as error:  # a handshake that fails is one, too
            raise Unreachable(f"cannot reach {self.url}: {error}") from None
        connection = Connection(sock, self.timeout, self.traffic)
        try:
            yield connection
        finally:
            sock.close()
            took = time.monotonic() - started
            origin = f"{parts.scheme}://{self.authority}"
            self.transcript.add(
                Exchange(
                    connection.sent,
                    connection.received,
                    took,
                    origin,
                    time.time(),
                    half_closed=connection.half_closed,
                    still_open=connection.still_open,
                )
            )

    def ask(self, raw: bytes, *, head: bool = False) -> HttpAnswer:
        """One request, already whole, on a connection of its own; its answer."""
        with self.connect() as connection:
            connection.write(raw)
            answer = connection.read(head=head)
            beyond = connection.surplus()
        if not beyond:
            return answer
        return replace(answer, faults=(*answer.faults, f"{len(beyond)} octets beyond the end of the answer"))

    def post(self, path: str, body: bytes, headers: tuple[tuple[str, str], ...] = ()) -> HttpAnswer:
        """POST a body with a Content-Length and ``Connection: close``."""
        extra = (*headers, ("Content-Length", str(len(body))), ("Connection", "close"))
        return self.ask(self.head("POST", path, extra) + body)

    def get(self, path: str) -> HttpAnswer:
        """GET a path with ``Connection: close``."""
        return self.ask(self.head("GET", path, (("Connection", "close"),)))
