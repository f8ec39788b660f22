"""A connection that still answers after the client has closed its sending side (T-04).

aiohttp closes a connection at the client's FIN, but some clients of this API shut down their sending side after the
request and then read the answer.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import StreamReader, web
from aiohttp.http import RawRequestMessage

from kobikom_emulator.exchange import Answer, without_text
from kobikom_emulator.server.reply import Reply
from kobikom_emulator.server.shortage import Shortage, is_shortage

NotHttp = Callable[[str, Answer], Answer]
"""Called with the reason and the answer when a client sends what is not HTTP; returns the answer with its time."""

_log = logging.getLogger("kobikom_emulator.server")


class Connection(web.RequestHandler):
    """`aiohttp`'s protocol, kept open after the client's FIN until every request it sent is answered.

    This is the only class that uses private attributes of aiohttp (`_messages`, `_waiter`, `_current_request`);
    `tests/emulator/server/test_wire.py` fails if an upgrade changes them.
    """

    __slots__ = (
        "__weakref__",
        "_heard",
        "_idle_check",
        "_not_http",
        "_shortage",
        "_timeout",
        "_unsent",
        "ended",
        "stream",
        "unread",
    )

    def __init__(self, manager: Listener, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self._not_http = manager.not_http
        self._shortage = manager.shortage
        self._timeout = manager.idle_timeout
        self._heard = 0.0
        self._unsent = 0
        self._idle_check: asyncio.TimerHandle | None = None
        self.ended = ""
        """Reason the read side is closed; empty while it is open."""
        self.stream: asyncio.Task[None] | None = None
        """The task that writes an endless answer to this connection."""
        self.unread: StreamReader | None = None
        """A body that was answered before it was complete; aiohttp reads it for a while so that the answer arrives."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        super().connection_made(transport)
        loop = asyncio.get_running_loop()
        self._heard = loop.time()
        self._idle_check = loop.call_later(self._timeout, self._check_idle)

    def touch(self) -> None:
        """Note that something happened on the connection."""
        self._heard = asyncio.get_running_loop().time()

    def _check_idle(self) -> None:
        """Close the connection if nothing came for as long as it may be idle: no request, no more of its head or body,
        or nobody who reads the answer. A request that is being answered is not idle.
        """
        transport = self.transport
        if transport is None or transport.is_closing():
            return
        loop = asyncio.get_running_loop()
        left = self._heard + self._timeout - loop.time()
        if left <= 0:
            left = self._timeout
            request = self._current_request
            if request is None and not self._messages:
                transport.close()
                return
            unsent = transport.get_write_buffer_size()
            if request is not None and not request.content.is_eof() and not unsent:
                self._end(f"nothing more came for {self._timeout:g} s")
            elif unsent and unsent == self._unsent:
                transport.abort()
                return
            self._unsent = unsent
        self._idle_check = loop.call_later(left, self._check_idle)

    def data_received(self, data: bytes) -> None:
        self.touch()
        super().data_received(data)
        if self._messages and not isinstance(self._messages[-1][0], RawRequestMessage):
            self._end("what followed is not HTTP")  # a body whose chunks are broken cannot continue

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp narrows asyncio's contract to None
        if self._waiter is not None and not self._waiter.done() and not self._messages:
            return False  # no request is unanswered: close
        self._end("the client closed its sending side")
        if self.stream is not None:
            self.stream.cancel()  # a reader of events that closes looks the same as one that only stopped sending
        # asyncio closes a TLS connection in any case, and logs a warning about True
        return self.transport is None or self.transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: BaseException | None) -> None:
        if self._idle_check is not None:
            self._idle_check.cancel()
        if self.stream is not None:
            self.stream.cancel()
        self._end("the client closed the connection")
        super().connection_lost(exc)

    async def shutdown(self, timeout: float | None = 15.0) -> None:  # noqa: ASYNC109  # aiohttp calls it so
        """Wait at most `timeout` seconds for answers in flight; idle connections and incomplete bodies are closed at
        once.
        """
        if self._waiter is not None:
            self._waiter.cancel()
        self._end("the server stops")
        # aiohttp waits twice: for the answer, and after it gave up on the answer for the end of its task.
        await super().shutdown(None if timeout is None else timeout / 2)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer what is not HTTP with one line and write it to the journal; log an error of the server."""
        if is_shortage(exc):
            self._shortage.log(exc)
            return Reply(Answer((b"503: the server is out of memory or descriptors\n",), status=503), request)
        if status >= 500:
            _log.error("error while a request was answered: %s", without_text(exc))
            if request.writer.output_size > 0:
                raise ConnectionError("the answer is sent already, the server cannot say that it failed")
            return Reply(Answer((b"%d: an error of the server\n" % status,), status=status), request)
        # Without the parser's message, which quotes the head: it may hold a password or the control token.
        _log.info("not HTTP: %s", type(exc).__name__)
        reason = (message or "").partition("\n")[0]
        answer = Answer((f"{status}: not HTTP/1.x: {reason}\n".encode(),), status=status)
        answer = self._not_http(" ".join((message or "").split())[:200], answer)
        return Reply(answer, request)

    def _end(self, reason: str) -> None:
        self.ended = reason
        if self._current_request is not None:
            self.settle(self._current_request.content)
        if self.unread is not None and not self.unread.is_eof():
            self.unread.feed_eof()

    def settle(self, body: StreamReader) -> None:
        """End a body that cannot be completed, so that nothing waits for it; call before reading one."""
        if self.ended and not body.is_eof():
            body.set_exception(ConnectionResetError(f"the body is not complete: {self.ended}"))
            body.feed_eof()  # or aiohttp would read on after the answer and log the exception as a crash

    def break_off(self) -> bool:
        """Close it without the answers that are not sent yet, as a restart of the service does; whether it was open."""
        transport = self.transport
        if transport is None or transport.is_closing():
            return False
        transport.close()
        return True

    @property
    def finished(self) -> bool:
        """Whether the client can send no more requests and every one it sent is answered."""
        return bool(self.ended) and not self._messages


class Listener(web.Server):
    """`aiohttp`'s low-level server with `Connection` for its connections."""

    def __init__(
        self,
        handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]],
        *,
        not_http: NotHttp,
        shortage: Shortage,
        idle_timeout: float,
        **settings: Any,
    ) -> None:
        super().__init__(handler, **settings)
        self.not_http = not_http
        self.shortage = shortage
        self.idle_timeout = idle_timeout

    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)
