"""Client: the dialogues carried by the standard library, for code without asyncio. No extra
dependency.

Nothing is shared between calls but the configuration, so one client serves any number of threads.
"""

from __future__ import annotations

import http.client
import io
import socket
import time
from collections.abc import Iterable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final, TypeVar
from urllib.parse import urlsplit

from . import codec, dialogue
from .values import Account, Balance, Message, Receipt, Recipients, Report, Titles
from .wording import describe

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_T = TypeVar("_T")


class Client:
    """Kobikom's API for blocking code; the same verbs, arguments and errors as `AsyncClient`."""

    def __init__(
        self,
        url: str,
        user: str,
        password: str,
        *,
        timeout: timedelta = timedelta(seconds=30),
        batch: int = 1000,
    ) -> None:
        codec.endpoint(url)  # a bad URL is told now, not at the first send
        self._account: Final = Account(url, user, password)
        self._timeout: Final = timeout.total_seconds()
        self._batch: Final = batch

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._account!r})"

    def send(self, message: Message | str, to: Recipients) -> Receipt:
        """Send to one number or many; see `AsyncClient.send`."""
        return self._carry(dialogue.send(self._account, message, to, batch=self._batch))

    def reports(self, message_ids: Iterable[str] | None = None, *, app_id: str | None = None) -> tuple[Report, ...]:
        """Pull delivery reports, each given once; see `AsyncClient.reports`."""
        return self._carry(dialogue.reports(self._account, message_ids=message_ids, app_id=app_id))

    def titles(self) -> Titles:
        """The senders this account may use; see `AsyncClient.titles`."""
        return self._carry(dialogue.titles(self._account))

    def balance(self) -> Balance:
        """The credit left; see `AsyncClient.balance`."""
        return self._carry(dialogue.balance(self._account))

    def _carry(self, talk: dialogue.Dialogue[_T]) -> _T:
        try:
            request = next(talk)
            while True:
                request = talk.send(self._exchange(request))
        except StopIteration as end:
            result: _T = end.value
            return result

    def _exchange(self, request: codec.Request) -> codec.Answer:
        """One request, once, on a connection of its own. Never raises: what went wrong is part of
        the answer.
        """
        connected, status, content_type, body, problem = False, None, None, bytearray(), None
        url = urlsplit(request.url)
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        deadline = time.monotonic() + self._timeout
        connection = kind(url.hostname or "", url.port, timeout=self._timeout)
        try:
            connection.connect()
            connected = True
            connection.sock = _Deadline(connection.sock, deadline)
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
        except Exception as error:  # noqa: BLE001 - whatever is thrown, the question is: was the request written?
            problem = describe(error)
        finally:
            connection.close()
        return codec.Answer(status, bytes(body), content_type, problem, written=connected)


class _Deadline:
    """A connected socket whose reads and writes share one deadline: a timeout a read would let a
    server that drips hold the caller for ever. Only what http.client uses of a socket.
    """

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._socket: Final = sock
        self._deadline: Final = deadline

    def rearm(self) -> None:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("timed out")
        self._socket.settimeout(left)

    def sendall(self, data: Any) -> None:
        self.rearm()
        self._socket.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self, self._socket.makefile("rb", buffering=0)))

    def close(self) -> None:
        self._socket.close()


class _Reader(io.RawIOBase):
    def __init__(self, deadline: _Deadline, raw: io.RawIOBase) -> None:
        super().__init__()
        self._deadline: Final = deadline
        self._raw: Final = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int | None:
        self._deadline.rearm()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
