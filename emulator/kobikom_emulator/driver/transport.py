"""Sends requests to the control API: over HTTP, or directly to an emulator of this process."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any, Protocol
from urllib.parse import SplitResult, quote, urlsplit

import msgspec

ROOT = "/_emulator"
TIMEOUT = 30.0
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
    """Sends one request; HTTP status and body of the answer. `wait`: real seconds that the request asks to wait for."""

    url: str

    def send(self, method: str, target: str, body: bytes, *, wait: float) -> tuple[int, bytes]: ...

    def close(self) -> None: ...


def ask(transport: Transport, method: str, path: str, body: Any = None, *, wait: float = 0.0) -> Any:
    """The JSON of the control API's answer, None for an empty one; `ControlRefused` for an error."""
    answer = ask_bytes(transport, method, path, body, wait=wait)
    return _decoded(answer) if answer else None


def ask_bytes(transport: Transport, method: str, path: str, body: Any = None, *, wait: float = 0.0) -> bytes:
    """The same with the bytes of the answer."""
    content = b"" if body is None else json.dumps(body).encode()
    status, answer = transport.send(method, ROOT + path, content, wait=wait)
    if status >= 300:
        raise ControlRefused(status, _problem(answer))
    return answer


def ask_space(transport: Transport, name: str, method: str, path: str, body: Any = None, *, wait: float = 0.0) -> Any:
    """The same, with a path below a space."""
    return ask(transport, method, f"/spaces/{name}{path}", body, wait=wait)


def read_file(transport: Transport, name: str, path: str) -> bytes:
    """The bytes of a file that a space gives, with a path below the space."""
    return ask_bytes(transport, "GET", f"/spaces/{name}{path}")


def segment(name: str) -> str:
    """A name as one segment of a path."""
    return quote(name, safe="")


def _decoded(answer: bytes) -> Any:
    """What a JSON document says; `ValueError` for anything else."""
    try:
        return msgspec.json.decode(answer)
    except msgspec.DecodeError as error:
        raise ValueError(f"the answer is no JSON: {error}") from None


def _problem(answer: bytes) -> dict[str, Any]:
    try:
        document = _decoded(answer)
    except ValueError:
        document = None
    return document if isinstance(document, dict) else {"detail": answer.decode("utf-8", "replace").strip()}


class InProcess:
    """Calls an emulator of this process directly: no socket, a few tenths of a millisecond."""

    def __init__(self, emulator: InProcessEmulator) -> None:
        self._emulator = emulator
        self.url = emulator.url

    def send(self, method: str, target: str, body: bytes, *, wait: float) -> tuple[int, bytes]:
        return self._emulator.ask_control(method, target, body)

    def close(self) -> None:
        """There is nothing to close."""


def checked_url(url: str) -> SplitResult:
    """The parts of an emulator's address: scheme, host, port and the path that a proxy puts before it. `ValueError` for
    any other, also for the address of the vendor's API or the page below it.
    """
    try:
        parts = urlsplit(url if "//" in url else f"http://{url}")
        inner = "/api/sendsms" in parts.path or ROOT in parts.path or parts.query or parts.fragment
        if parts.scheme in ("http", "https") and parts.hostname and not inner and parts.port != 0:
            return parts
    except ValueError:  # the port is not a number
        pass
    raise ValueError(f"{url!r} is not the address of an emulator, as in http://127.0.0.1:8080")


class OverHttp:
    """Asks over HTTP, never by a proxy, on connections that are kept open: one a thread that asks at the time."""

    def __init__(self, url: str, *, token: str = "") -> None:
        self._idle: list[HTTPConnection] = []
        parts = checked_url(url)
        self._path = parts.path.rstrip("/")
        self.url = f"{parts.scheme}://{parts.netloc}{self._path}"
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        # A head has a character for each octet.
        bearer = {"Authorization": f"Bearer {token.encode().decode('latin-1')}"} if token else {}
        self._headers = {"Content-Type": "application/json"} | bearer

    def send(self, method: str, target: str, body: bytes, *, wait: float) -> tuple[int, bytes]:
        connection = self._connection()
        try:
            connection.timeout = wait + TIMEOUT
            if connection.sock is not None:
                connection.sock.settimeout(connection.timeout)
            connection.request(method, self._path + target, body or None, self._headers)
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
            except IndexError:  # another thread took it
                break
            if connection.sock is not None and not _readable(connection.sock):
                return connection
            connection.close()
        connection_class = HTTPSConnection if self._secure else HTTPConnection
        return connection_class(self._host, self._port)

    def close(self) -> None:
        while self._idle:
            self._idle.pop().close()

    def __del__(self) -> None:
        """Close the connections of a handle that was never closed, so that Python gives no ResourceWarning."""
        self.close()


def _readable(idle: socket.socket) -> bool:
    """Whether the server closed an idle connection: nothing else makes it readable."""
    try:
        return bool(select.select([idle], [], [], 0)[0])
    except (OSError, ValueError):
        return True
