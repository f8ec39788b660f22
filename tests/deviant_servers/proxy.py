"""An HTTP proxy whose every byte can deviate; behind it is any function, a server or a URL.

It speaks HTTP/1.x correctly (keep-alive, pipelining, Expect, HTTP/1.0, half-closed peers) unless its
behaviour says otherwise. One thread a connection; requests are answered one after the other unless a
deviation wants them at once.
"""

from __future__ import annotations

import contextlib
import socket
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from paper_server.httpd import Request, Response

Upstream = Callable[[Request], Response]
Middleware = Callable[[Upstream, Request, dict[str, Any]], Response]


@dataclass(frozen=True, slots=True)
class HttpBehaviour:
    """Behaviour on a connection; every default is correct, every other value breaks a clause."""

    expect: bytes = b"HTTP/1.1 100 Continue\r\n\r\n"
    old_http: bool = True
    keep_alive: bool = True
    says_close: bool = True
    pipeline: bool = True
    half_close: bool = True
    honour_close: bool = True
    chunked: bool = False
    length: bool = True
    together: bool = False


CORRECT = HttpBehaviour()


@dataclass(slots=True)
class Proxy:
    """A listening proxy: requests go to ``upstream`` through ``middleware``, which keeps its state in ``memory``."""

    upstream: Upstream
    middleware: Middleware | None = None
    http: HttpBehaviour = CORRECT
    memory: dict[str, Any] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    url: str = ""

    def answer(self, request: Request) -> Response:
        """The upstream's answer, changed by the middleware; control calls are never changed."""
        if self.http.together:
            return self._through_middleware(request)
        with self.lock:
            return self._through_middleware(request)

    def _through_middleware(self, request: Request) -> Response:
        if self.middleware is None or request.target.startswith("/_emulator/"):
            return self.upstream(request)
        return self.middleware(self.upstream, request, self.memory)

    @contextlib.contextmanager
    def listening(self) -> Iterator[Proxy]:
        """The proxy on a free loopback port for as long as the block lasts."""
        proxy = self

        class Handler(socketserver.StreamRequestHandler):
            # Answers are two writes; without this the second waits for an acknowledgement.
            disable_nagle_algorithm = True

            def handle(self) -> None:
                with contextlib.suppress(ConnectionError, TimeoutError):
                    proxy.converse(self.rfile, self.connection)

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True
            allow_reuse_address = True
            request_queue_size = 64

        with Server(("127.0.0.1", 0), Handler) as server:
            self.url = f"http://127.0.0.1:{server.server_address[1]}"
            thread = threading.Thread(target=server.serve_forever, args=(0.01,))
            thread.start()
            try:
                yield self
            finally:
                server.shutdown()
                thread.join()

    def converse(self, stream: Any, sock: socket.socket) -> None:
        """Answer the requests of one connection."""
        sock.settimeout(10)
        while (head := _read_head(stream)) is not None:
            wants_body = int(head.headers.get("content-length", "0"))
            if wants_body > 8 << 20:
                sock.sendall(b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n")
                return
            if head.headers.get("expect") and head.version != "HTTP/1.0":
                sock.sendall(self.http.expect)
            if head.version == "HTTP/1.0" and not self.http.old_http:
                sock.sendall(b"HTTP/1.1 505 HTTP Version Not Supported\r\nContent-Length: 0\r\n\r\n")
                return
            body = stream.read(wants_body)
            if not self.http.half_close and _hung_up(sock):
                return
            request = Request(head.method, head.target, head.version, head.headers, body)
            keep = head.version != "HTTP/1.0" and head.headers.get("connection", "") != "close"
            answered = self.render(self.answer(request), keep=keep and self.http.keep_alive)
            sock.sendall(answered.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if head.method == "HEAD" else answered)
            if not keep and not self.http.honour_close:
                continue
            if not keep or not self.http.keep_alive or not self.http.pipeline:
                return

    def render(self, response: Response, *, keep: bool) -> bytes:
        """An answer as bytes, framed as ``http`` says."""
        headers = dict(response.headers)
        body = response.body
        if self.http.chunked:
            headers["Transfer-Encoding"] = "chunked"
            body = f"{len(body):x}\r\n".encode() + body + b"\r\n0\r\n\r\n"
        elif self.http.length:
            headers["Content-Length"] = str(len(body))
        else:
            keep = False
        headers["Connection"] = "keep-alive" if keep or not self.http.says_close else "close"
        phrase = HTTPStatus(response.status).phrase
        lines = [f"HTTP/1.1 {response.status} {phrase}", *(f"{k}: {v}" for k, v in headers.items())]
        return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


def _hung_up(sock: socket.socket) -> bool:
    sock.settimeout(0.05)
    try:
        return sock.recv(1, socket.MSG_PEEK) == b""
    except TimeoutError:
        return False
    finally:
        sock.settimeout(10)


def _read_head(stream: Any) -> Request | None:
    first = stream.readline().decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while (line := stream.readline().decode("latin-1").rstrip("\r\n")) != "":
        name, _, value = line.partition(":")
        headers[name.lower()] = value.strip()
    return Request(first[0], first[1], first[2], headers)


def forward(url: str) -> Upstream:
    """An upstream that is a server at a URL, so that any server can be made deviant."""
    parts = urlsplit(url)

    def ask(request: Request) -> Response:
        connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
        with contextlib.closing(connection):
            sent = {k: v for k, v in request.headers.items() if k == "content-type"}
            connection.request(request.method, request.target, request.body, sent)
            answer = connection.getresponse()
            dropped = {"content-length", "connection", "transfer-encoding", "date"}
            headers = {k: v for k, v in answer.getheaders() if k.lower() not in dropped}
            return Response(answer.status, answer.read(), headers)

    return ask
