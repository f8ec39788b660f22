"""How a question gets to the control API: over HTTP, or straight into an emulator of this process."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from kobikom_emulator.embed import Emulator

ROOT = "/_emulator"
SLACK = 30.0
"""Seconds that a server may take to answer, on top of what it was asked to wait."""


class ControlRefused(RuntimeError):
    """The control API said no. `status` is HTTP's, `field` the dotted name of what was wrong, `problem` all it said."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        super().__init__(str(problem.get("detail", f"HTTP {status}")))
        self.status = status
        self.field: str = problem.get("field", "")
        self.problem = problem


class Transport(Protocol):
    """Carries one request, and gives back HTTP status and body. `patience`: how long the answer may be held back."""

    url: str

    def carry(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]: ...

    def close(self) -> None: ...


def ask(transport: Transport, method: str, path: str, body: Any = None, *, patience: float = 0.0) -> Any:
    """The JSON that the control API answers, None where it answers nothing; `ControlRefused` otherwise."""
    sent = b"" if body is None else json.dumps(body).encode()
    status, said = transport.carry(method, ROOT + path, sent, patience=patience)
    if status >= 300:
        raise ControlRefused(status, _problem(said))
    return json.loads(said) if said else None


def ask_space(
    transport: Transport, name: str, method: str, path: str, body: Any = None, *, patience: float = 0.0
) -> Any:
    """The same below a space."""
    return ask(transport, method, f"/spaces/{name}{path}", body, patience=patience)


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def _problem(said: bytes) -> dict[str, Any]:
    try:
        document = json.loads(said)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"detail": said.decode("utf-8", "replace").strip()}


class InProcess:
    """Straight into an emulator that runs in a thread of this process: no socket, some tenths of a millisecond."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self.url = emulator.url

    def carry(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]:
        return self._emulator.ask_control(method, target, body)

    def close(self) -> None:
        """Nothing is held."""


class OverHttp:
    """Over HTTP, on connections that are kept: as many as there are threads that ask at once. No proxy is used."""

    def __init__(self, url: str, *, token: str = "") -> None:
        self._idle: list[HTTPConnection] = []
        parts = urlsplit(url if "//" in url else f"http://{url}")
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
            raise ValueError(f"{url!r} is no address of an emulator, as in http://127.0.0.1:8080")
        self.url = f"{parts.scheme}://{parts.netloc}"
        self._secure = parts.scheme == "https"
        self._host = parts.hostname
        self._port = parts.port
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def carry(self, method: str, target: str, body: bytes, *, patience: float) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            connection.timeout = patience + SLACK
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            headers = dict(self._headers)
            if body:
                headers["Content-Type"] = "application/json"
            connection.request(method, target, body or None, headers)
            answer = connection.getresponse()
            said = answer.read()
        except (OSError, HTTPException) as error:
            connection.close()
            raise ConnectionError(f"no answer from the emulator at {self.url}: {error!r}") from error
        except BaseException:
            connection.close()
            raise
        self._idle.append(connection)
        return answer.status, said

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
        """Whoever forgets to close leaves no open socket, and no warning of one, behind."""
        self.close()


def _readable(idle: socket.socket) -> bool:
    """Whether an idle connection has something to say: that can only be its end."""
    try:
        return bool(select.select([idle], [], [], 0)[0])
    except (OSError, ValueError):
        return True
