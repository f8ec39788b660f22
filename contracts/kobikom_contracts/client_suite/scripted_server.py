"""A server on loopback that reads whatever a client writes and answers the bytes that a script returns.

It runs on asyncio streams in a thread of its own. Every request is logged, with what was wrong in its
framing, before it is answered.
"""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Self

from kobikom_contracts.client_suite.http_values import Received, Reply
from kobikom_contracts.client_suite.request_stream import RequestStream

Script = Callable[[Received], Reply | Awaitable[Reply]]


class ScriptedServer:
    """Listens while the ``with`` block lasts, on any free port unless one is given; ``script`` answers each request."""

    def __init__(self, script: Script, *, host: str = "127.0.0.1", port: int = 0) -> None:
        self.script = script
        self.requests: list[Received] = []
        self._errors: list[Exception] = []
        self.url = ""
        self._host, self._port = host, port
        self._loop = asyncio.new_event_loop()
        self._tasks: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._await(asyncio.start_server(self._serve, self._host, self._port))
        self.url = f"http://{self._host}:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._await(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def take(self) -> list[Received]:
        """The requests logged so far, and forget them."""
        taken, self.requests = self.requests, []
        return taken

    def take_of_killed(self) -> list[Received]:
        """The same when the client was killed: its connections are closed, which was not its own doing."""
        self._await(self._drop())
        taken = self.take()
        for request in taken:
            request.closed_by_client = False
        return taken

    def raise_error(self) -> None:
        """Raise the first exception of a script since the last call of this method, if there was one."""
        errors, self._errors = self._errors, []
        if errors:
            raise errors[0]

    def _await(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)

    async def _stop(self) -> None:
        self._server.close()
        await self._drop()

    async def _drop(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None, "a connection's handler is a task"
        self._tasks.add(task)
        try:
            await self._talk(RequestStream(reader, writer))
        except (ConnectionError, asyncio.CancelledError):
            pass
        except Exception as error:  # noqa: BLE001 - raised again by `raise_error`, in the judge's thread
            self._errors.append(error)
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _talk(self, stream: RequestStream) -> None:
        while (request := await stream.request()) is not None:
            try:
                reply = self.script(request)
                request.reply = reply if isinstance(reply, Reply) else await reply
            finally:
                self.requests.append(request)
            if not await stream.answer(request):
                return


def unused_url() -> str:
    """The URL of a port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"
