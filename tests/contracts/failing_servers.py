"""Servers that fail by chance, that die, and that stop in the middle of an answer."""

from __future__ import annotations

import contextlib
import random
import re
import socketserver
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import Deviation, code
from deviant_servers.proxy import Middleware, Proxy, Upstream
from paper_server.httpd import Request, Response

from .answering import listening


@contextlib.contextmanager
def waited_for(middleware: Middleware | None = None) -> Iterator[tuple[str, Callable[[float], None]]]:
    """The URL of a correct server changed by a middleware, and a wait that moves its clock instead of real time."""
    servers: list[ControlledServer] = []

    def wait(seconds: float) -> None:
        servers[0].now += timedelta(seconds=seconds)

    def configure(server: ControlledServer) -> None:
        # Without the control API the judge compares dates with the clock of this machine.
        server.now = datetime.now(server.now.tzinfo)
        servers.append(server)

    with Deviation("T-01.1", "waited for", middleware, configure=configure).served() as url:
        yield url, wait


def by_chance(change: Callable[[Response], Response], *, share: float, seed: int, spared: int = 4) -> Deviation:
    """A correct server of whose answers a share is changed, by chance but always the same; the first few are not."""

    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        chance = memory.setdefault("chance", random.Random(seed))
        memory["asked"] = memory.get("asked", 0) + 1
        answer = ask(request)
        return change(answer) if memory["asked"] > spared and chance.random() < share else answer

    return Deviation("T-01.1", "fails by chance", middleware)


def code_by_chance(number: int, *, share: float, seed: int) -> Deviation:
    """A correct server that answers a share of its sends with a code, by chance but always the same."""

    def middleware(ask: Upstream, request: Request, memory: dict[str, Any]) -> Response:
        chance = memory.setdefault("chance", random.Random(seed))
        if b"<gsm" in request.body and chance.random() < share:
            return replace(ask(replace(request, body=b"<bakiye/>")), body=code(number))
        return ask(request)

    return Deviation("T-01.1", "answers a code by chance", middleware)


@contextlib.contextmanager
def failing_after(count: int, *, dies: bool) -> Iterator[str]:
    """The URL of a correct server that after so many connections dies, or hangs in the middle of every answer.

    A server that dies closes its port, control API included.
    """
    server = ControlledServer()
    proxy = Proxy(server.respond, None, memory={"server": server})
    ended, connections = threading.Event(), iter(range(1_000_000))

    class Handler(socketserver.StreamRequestHandler):
        disable_nagle_algorithm = True

        def handle(self) -> None:
            number = next(connections)
            with contextlib.suppress(OSError, ValueError):
                if number < count:
                    proxy.converse(self.rfile, self.connection)
                elif dies:
                    self.server.shutdown()
                    self.server.server_close()
                else:
                    self._half_an_answer()

        def _half_an_answer(self) -> None:
            length, first = 0, self.rfile.readline()
            while (line := self.rfile.readline()) not in (b"", b"\r\n"):
                if stated := re.match(rb"content-length: *(\d+)", line, re.IGNORECASE):
                    length = int(stated[1])
            body = self.rfile.read(length)
            if b"/_emulator/" in first:
                method, target, version = first.decode().split()
                self.wfile.write(proxy.render(server.respond(Request(method, target, version, {}, body)), keep=False))
                return
            self.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n<?xml")
            ended.wait(20)

    with listening(Handler) as server_socket:
        try:
            yield f"http://127.0.0.1:{server_socket.server_address[1]}"
        finally:
            ended.set()
