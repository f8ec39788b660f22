"""The client for code without asyncio, on the standard library."""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from . import codec, operations
from .base import BaseClient
from .message import Message, Recipients
from .problem import describe
from .results import Balance, Receipt, Report, Titles

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_T = TypeVar("_T")


class Client(BaseClient):
    """Kobikom's API for blocking code; the same methods, arguments and errors as `AsyncClient`.

    Calls share nothing but the configuration, so one client serves any number of threads.
    """

    def send(self, message: Message | str, to: Recipients) -> Receipt:
        """Send to one recipient or many; see `AsyncClient.send`."""
        operation = operations.send(self._account, message, to, batch=self._batch, body_form=self._body_form)
        return self._run(operation)

    def reports(self, message_ids: Iterable[str] | None = None, *, app_id: str | None = None) -> tuple[Report, ...]:
        """Pull delivery reports, each of which the server gives once; see `AsyncClient.reports`."""
        return self._run(operations.reports(self._account, message_ids=message_ids, app_id=app_id))

    def titles(self) -> Titles:
        """The titles this account may send from; see `AsyncClient.titles`."""
        return self._run(operations.titles(self._account))

    def balance(self, *, grouped: bool = False) -> Balance:
        """The remaining credit; see `AsyncClient.balance`."""
        return self._run(operations.balance(self._account, grouped=grouped))

    def _run(self, operation: operations.Operation[_T]) -> _T:
        try:
            request = next(operation)
            while True:
                request = operation.send(self._exchange(request))
        except StopIteration as end:
            result: _T = end.value
            return result

    def _exchange(self, request: codec.Request) -> codec.Answer:
        """Transmit a request once, on a new connection. An error becomes part of the answer."""
        connected, status, content_type, body, problem = False, None, None, bytearray(), None
        url = urlsplit(request.url)
        connection_type = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        deadline = time.monotonic() + self._timeout
        connection = connection_type(url.hostname or "", url.port, timeout=self._timeout)
        try:
            connection.connect()
            connected = True
            connection.sock = _DeadlineSocket(connection.sock, deadline)
            path = f"{url.path}?{url.query}" if url.query else url.path
            headers = request.headers | {"Connection": "close"}
            connection.request(request.method, path, body=request.body or None, headers=headers)
            with connection.getresponse() as response:
                content_type = response.headers.get("Content-Type")
                status = response.status
                while piece := response.read1(65536):
                    body += piece
                if response.length:
                    problem = f"{response.length} bytes are missing"
        except Exception as error:  # noqa: BLE001 - for every kind of error the caller needs `written`
            problem = describe(error)
        finally:
            connection.close()
        return codec.Answer(status, bytes(body), content_type, problem, written=connected)


class _DeadlineSocket:
    """A connected socket whose reads and writes share one deadline. With a timeout for each read, a
    server that sends one byte at a time could keep the caller waiting forever. It has only those
    methods of a socket that http.client calls.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._socket: Final = sock
        self._deadline: Final = deadline

    def set_timeout(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)

    def sendall(self, data: Any) -> None:
        self.set_timeout()
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_DeadlineReader(self, self._socket.makefile("rb", buffering=0)))

    def close(self) -> None:
        self._socket.close()


class _DeadlineReader(io.RawIOBase):
    def __init__(self, sock: _DeadlineSocket, raw: io.RawIOBase) -> None:
        super().__init__()
        self._socket: Final = sock
        self._raw: Final = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._socket.set_timeout()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
