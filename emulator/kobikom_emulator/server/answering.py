"""Answers the requests of a connection, one after the other.

A request that does not have to wait is answered in the same step of the event loop, without a task, and one that waits
for its store alone in a step after the commit. All others go through a task; heads, bodies and errors are the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Coroutine
from contextvars import Context, copy_context
from functools import partial
from typing import TYPE_CHECKING, Any

from kobikom_emulator.exchange import Answer
from kobikom_emulator.ports import StoreWait
from kobikom_emulator.server import reply
from kobikom_emulator.server.heads import Head
from kobikom_emulator.server.requests import Request
from kobikom_emulator.server.resumption import rest_of
from kobikom_emulator.server.routes import Application

if TYPE_CHECKING:
    from kobikom_emulator.server.connection import Connection


class Answering:
    """`work` is the task that answers a request which has to wait, or what the request waits for; None while there is
    none.
    """

    def __init__(self, application: Application, connection: Connection) -> None:
        self.work: asyncio.Future[None] | None = None
        self._application = application
        self._connection = connection
        self._loop = asyncio.get_running_loop()

    def respond(self, request: Request) -> None:
        """Answer a request: now if it does not have to wait, else in a task."""
        head, route = request.head, request.route
        if route.answer is not None:
            self.deliver(head, route.answer, last=request.last)
            return
        operation = self._application.begin(head, route, request.body, self._connection)
        if route.needs_task:
            self.work = self._loop.create_task(self._finish(head, operation))
            return
        context = copy_context()  # its own: what a store remembers of a request is not for the next one
        try:
            awaited = context.run(operation.send, None)
        except StopIteration as finished:
            self.deliver(head, finished.value)
        except Exception as error:  # noqa: BLE001  # each is answered
            self.deliver(head, self._application.failure(error))
        else:
            self._wait(head, operation, awaited, context)

    def _wait(self, head: Head, operation: Coroutine[Any, Any, Answer], awaited: Any, context: Context) -> None:
        """Go on with an operation when what it waits for is done."""
        if isinstance(awaited, StoreWait):
            awaited.add_done_callback(partial(self._go_on, head, operation, context), context=context)
            self.work = awaited
        else:
            self.work = self._loop.create_task(self._finish(head, rest_of(operation, awaited)), context=context)

    def _go_on(self, head: Head, operation: Coroutine[Any, Any, Answer], context: Context, _: object) -> None:
        """Deliver the answer of an operation that waited for its store, or wait for what it needs now."""
        self.work = None
        try:
            awaited = operation.send(None)
        except StopIteration as finished:
            answer = finished.value
        except asyncio.CancelledError:  # the server stops
            return
        except Exception as error:  # noqa: BLE001  # each is answered
            answer = self._application.failure(error)
        else:
            self._wait(head, operation, awaited, context)
            return
        self.deliver(head, answer)
        self._connection.proceed()

    def deliver(self, head: Head, answer: Answer, *, last: bool = False) -> None:
        """Send an answer, in a task if that takes time. After the `last` one the connection closes."""
        connection = self._connection
        if connection.transport.is_closing():
            return
        stays_open = head.persistent and not last and not reply.ends_by_closing(answer)
        start = reply.head(answer, head.minor, stays_open=stays_open)
        with_body = head.method != "HEAD"
        if reply.is_plain(answer):
            connection.transport.write(start + answer.chunks[0] if with_body and answer.chunks else start)
            if not stays_open:
                connection.close_after_answer()
            return
        application = self._application
        writing = reply.Reply(
            answer, start, connection, pause=application.delay, streams=application.streams, with_body=with_body
        )
        self.work = self._loop.create_task(self._write(writing, stays_open=stays_open))

    async def _finish(self, head: Head, operation: Awaitable[Answer]) -> None:
        """Deliver the answer of an operation that has to wait."""
        try:
            answer = await operation
        except Exception as error:  # noqa: BLE001  # each is answered
            answer = self._application.failure(error)
        finally:
            self.work = None
        self.deliver(head, answer)
        self._connection.proceed_soon()

    async def _write(self, writing: reply.Reply, *, stays_open: bool) -> None:
        """Send an answer that takes time."""
        try:
            await writing.write()
        except ConnectionError:
            self._connection.close()
        except Exception as error:  # noqa: BLE001  # the head is sent: nothing can be answered
            self._application.failure(error)
            self._connection.close()
        finally:
            self.work = None
        if not stays_open:
            self._connection.close_after_answer()
        self._connection.proceed_soon()
