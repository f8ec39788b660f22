"""Sends requests to the control API: over HTTP, or directly to an emulator of this process."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import quote, urlsplit

ROOT = "/_emulator"
SLACK = 30.0
"""Seconds that a server may take to answer, beyond the time it was asked to wait."""


class ControlRefused(RuntimeError):
    """The control API refused a request. `status` is HTTP's, `field` the dotted name of what was wrong, `problem` the
    whole problem document.
    """

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail", f"HTTP {status}")))
        self.status = status
        self.field: str = problem.get("field", "")
        self.problem = problem


class InProcessEmulator(Protocol):
    """An emulator of this process: `kobikom_emulator.Emulator`."""

    @property
    def url(self) -> str: ...

    def ask_control(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]: ...


class Transport(Protocol):
    """Sends one request and returns HTTP status and body. `patience`: seconds the server may hold the answer back."""

    url: str

    def send(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]: ...

    def close(self) -> None: ...


def ask(transport: Transport, method: str, path: str, body: Any = None, *, patience: float = 0.0) -> Any:
    """The JSON that the control API answers, None where it answers nothing; `ControlRefused` otherwise."""
    sent = b"" if body is None else json.dumps(body).encode()
    status, answer = transport.send(method, ROOT + path, sent, patience=patience)
    if status >= 300:
        raise ControlRefused(status, _problem(answer))
    return json.loads(answer) if answer else None


def ask_space(
    transport: Transport, name: str, method: str, path: str, body: Any = None, *, patience: float = 0.0
) -> Any:
    """The same below a space."""
    return ask(transport, method, f"/spaces/{name}{path}", body, patience=patience)


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def _problem(answer: bytes) -> dict[str, Any]:
    try:
        document = json.loads(answer)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"detail": answer.decode("utf-8", "replace").strip()}


class InProcess:
    """Directly to an emulator of this process: no socket, some tenths of a millisecond."""

    def __init__(self, emulator: InProcessEmulator) -> None:
        self._emulator = emulator
        self.url = emulator.url

    def send(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]:
        return self._emulator.ask_control(method, target, body)

    def close(self) -> None:
        """Nothing is held."""


class OverHttp:
    """Over HTTP, on connections that are kept: as many as threads ask at the same time. No proxy is used."""

    def __init__(self, url: str, *, token: str = "") -> None:
        self._idle: list[HTTPConnection] = []
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{url!r} is not the address of an emulator, as in http://127.0.0.1:8080")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def send(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            connection.timeout = patience + SLACK
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            headers = dict(self._headers)
            if body:
                headers["Content-Type"] = "application/json"
            connection.request(method, target, body or None, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionError(f"no answer from the emulator at {self.url}: {error!r}") from error
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return response.status, answer

    def _connection(self) -> HTTPConnection:
        """An idle connection that the other side has not closed, or a new one."""
        while self._idle:
            try:
                connection = self._idle.pop()
            except IndexError:  # another thread was faster
                break
            if connection.sock is not None and not _readable(connection.sock):
                return connection
            connection.close()
        made = HTTPSConnection if self._secure else HTTPConnection
        return made(self._host, self._port)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        """A handle that was never closed leaves no open socket and no ResourceWarning."""
        self.close()


def _readable(idle: socket.socket) -> bool:
    """Whether an idle connection was closed by the other side: nothing else makes it readable."""
    try:
        return bool(select.select([idle], [], [], 0)[0])
    except (OSError, ValueError):
        return True
