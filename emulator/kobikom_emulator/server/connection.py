"""A connection that answers clients which close their sending side early (T-04).

aiohttp closes a connection at the client's FIN; some clients of this API shut down their sending side after the
request and read until the end.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from aiohttp import StreamReader, web
from aiohttp.http import RawRequestMessage

from kobikom_emulator.exchange import Answer
from kobikom_emulator.server.reply import Reply

_log = logging.getLogger("kobikom_emulator.server")


class Connection(web.RequestHandler):
    """`aiohttp`'s protocol, kept open after the client's FIN until every request it sent is answered.

    This is the one place that looks behind aiohttp's public names (`_messages`, `_waiter`, `_current_request`);
    `tests/emulator/server/test_wire.py` notices if an upgrade moves them.
    """

    __slots__ = ("ended", "stream", "unread")

    def __init__(self, manager: web.Server, **settings: Any) -> None:
        super().__init__(manager, **settings)
        self.ended = ""
        """Why nothing more will be heard, "" while there may be."""
        self.stream: asyncio.Task[None] | None = None
        """An answer without an end that is being written here."""
        self.unread: StreamReader | None = None
        """A body answered before it was all there; aiohttp reads on for a while, so that the answer arrives."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._messages and not isinstance(self._messages[-1][0], RawRequestMessage):
            self._end("what followed is not HTTP")  # a body whose chunks stopped being any will not go on

    def eof_received(self) -> bool:  # type: ignore[override]  # aiohttp narrows asyncio's contract to None
        if self._waiter is not None and not self._waiter.done() and not self._messages:
            return False  # nothing was asked, or everything is answered: close
        self._end("the client closed its sending side")
        if self.stream is not None:
            self.stream.cancel()  # followers of events go away so; nothing tells them from one that only stopped asking
        return True

    def connection_lost(self, exc: BaseException | None) -> None:
        if self.stream is not None:
            self.stream.cancel()
        self._end("the client is gone")
        super().connection_lost(exc)

    async def shutdown(self, timeout: float | None = 15.0) -> None:  # noqa: ASYNC109  # aiohttp calls it so
        """Answers in flight get `timeout` seconds; idle connections and bodies that are not there yet get none."""
        if self._waiter is not None:
            self._waiter.cancel()
        self._end("the server stops")
        await super().shutdown(timeout)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """What is not HTTP is the client's business: a plain line, no stack in the log. Errors of ours stay loud."""
        if status >= 500:
            return super().handle_error(request, status, exc, message)
        _log.info("not HTTP: %s", message)
        reason = (message or "").partition("\n")[0]
        return Reply(Answer((f"{status}: not HTTP/1.x: {reason}\n".encode(),), status=status), request)

    def _end(self, why: str) -> None:
        self.ended = why
        if self._current_request is not None:
            self.settle(self._current_request.content)
        if self.unread is not None and not self.unread.is_eof():
            self.unread.feed_eof()

    def settle(self, body: StreamReader) -> None:
        """A body that will never be complete must not be waited for: call before reading one."""
        if self.ended and not body.is_eof():
            body.set_exception(ConnectionResetError(f"the body is not complete: {self.ended}"))
            body.feed_eof()  # or aiohttp would read on after the answer, and log our exception as a crash

    @property
    def finished(self) -> bool:
        """Whether the client can't ask for more and has everything it asked for."""
        return bool(self.ended) and not self._messages


class Listener(web.Server):
    """`aiohttp`'s low-level server with our connections."""

    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)
