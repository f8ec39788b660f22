"""The connection of a client: reads its requests, has them answered in their order, and closes it (T-04)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import cast

import msgspec

from kobikom_emulator.exchange import Answer
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server import reply
from kobikom_emulator.server.answering import Answering
from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.heads import Head
from kobikom_emulator.server.requests import Event, Expectation, LongerBody, Request, Requests, TooLarge, Unfinished
from kobikom_emulator.server.routes import Application
from kobikom_emulator.server.timeouts import Timeouts

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_IN_A_STEP = 16
"""Requests of one connection that are answered before others have their turn."""

_MOST_UNREAD = 64 * 1024
"""Bytes behind a request that is being answered, from which on no more are received."""

_MOST_UNDECIDED = 256
"""Bytes after the last answer that are kept until it is known whether they are more of a body."""

LINGERING = 5.0
"""Seconds for which the bytes of a client that is still sending are received and thrown away after the last answer: a
connection closed at once would be reset, and the client would lose the answer.
"""


class ConnectionLimits(msgspec.Struct, frozen=True, kw_only=True):
    """Seconds without traffic, seconds for a head, bytes of a target."""

    idle_timeout: float = 75.0
    header_timeout: float = 20.0
    max_target: int = 64 * 1024


def _send_at_once(connected: socket.socket | None) -> None:
    """Let no answer in several pieces wait for the client's acknowledgement of the first, which takes some 40 ms.

    asyncio does this only where the listening socket was made with the number of the protocol.
    """
    if connected is not None and connected.family in (socket.AF_INET, socket.AF_INET6):
        with suppress(OSError):  # the client has gone
            connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


class Connection(asyncio.BufferedProtocol):
    """One client. `stream` is the task that writes an endless answer to it. `opened` and `closed` are called with the
    connection.

    Bytes are received into `buffer`, which all connections of an event loop share: they are taken out in the same step.
    A buffer of its own for each reception, as `asyncio.Protocol` has it, takes longer than reading the request.
    """

    def __init__(
        self,
        application: Application,
        limits: ConnectionLimits,
        buffer: memoryview,
        *,
        opened: Callable[[Connection], None],
        closed: Callable[[Connection], None],
    ) -> None:
        self.stream: asyncio.Task[None] | None = None
        self._application = application
        self._buffer = buffer
        self._opened = opened
        self._closed = closed
        self._loop = asyncio.get_running_loop()
        self._transport = cast("asyncio.Transport", None)
        self.answering = Answering(application, self)
        self._requests = Requests(application, limits.max_target)
        self._timeouts = Timeouts(self, idle=limits.idle_timeout, header=limits.header_timeout)
        self._ended = False
        """Whether the client sends no more."""
        self._closing = False
        """Whether what the client sends is thrown away."""
        self._scheduled = False
        self._reading = True
        self._drained: asyncio.Future[None] | None = None
        """Done when the client has read most of what was written; None while it keeps up."""

    # called by the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        _send_at_once(transport.get_extra_info("socket"))
        self._opened(self)
        self._timeouts.start()

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        self.receive(bytes(self._buffer[:nbytes]))

    def eof_received(self) -> bool:
        self._ended = True
        if self._closing:
            self._note_longer_body()
            return False
        if self.stream is not None:
            self.stream.cancel()  # a reader of events that closes looks the same as one that only stopped sending
        self._proceed()
        # asyncio closes a TLS connection in any case, and logs a warning about True
        return not self._transport.is_closing() and self._transport.get_extra_info("sslcontext") is None

    def connection_lost(self, exc: BaseException | None) -> None:
        self._closing = True
        self._timeouts.stop()
        if (head := self._requests.incomplete) is not None:
            self._application.refuse_incomplete(head)
        self._requests.clear()
        if self.stream is not None:
            self.stream.cancel()
        self.resume_writing()
        self._closed(self)

    def pause_writing(self) -> None:
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        drained, self._drained = self._drained, None
        if drained is not None and not drained.done():
            drained.set_result(None)
        self._proceed()

    # called by the listener, the time-outs and the gateway

    @property
    def transport(self) -> asyncio.Transport:
        return self._transport

    def receive(self, data: bytes) -> None:
        """Take bytes of the client, and answer the requests that are complete with them."""
        self._timeouts.touch()
        if not self._closing:
            self._requests.feed(data)
            self._proceed()
        elif self._requests.had_length:
            self._requests.feed(data)
            self._note_longer_body()

    def stop(self) -> None:
        """Receive no more: close it if nothing is being answered, else after the answers."""
        self._ended = True
        if self._closing:
            self._transport.close()
        else:
            self._proceed()

    def end(self) -> None:
        """Close it, as no more will come; a request whose body is not complete is refused."""
        if (head := self._requests.incomplete) is not None:
            self.answering.deliver(head, self._application.refuse_incomplete(head), last=True)
        elif (longer := self._requests.longer_body(at_end=True)) is not None:
            self._act_on(longer)
        else:
            self.close()

    def end_head(self, seconds: float) -> None:
        """Refuse a request whose head did not arrive within so many seconds."""
        if self._requests.longer_body(at_end=True) is not None:
            self.end()
        elif not self._closing:
            self._refuse(BadRequest(Phrase("no complete head within {seconds} s", seconds=seconds), status=408))

    def break_off(self) -> bool:
        """Close it without the answers that are not sent yet, as a restart of the service does; whether it was open."""
        if self._transport.is_closing():
            return False
        self.close()
        return True

    # called where requests are answered

    def write(self, data: bytes) -> None:
        """Send bytes; ConnectionResetError if the client has gone."""
        if self._transport.is_closing():
            raise ConnectionResetError("the client closed the connection")
        self._transport.write(data)

    async def drain(self) -> None:
        """Wait until the client has read most of what was written."""
        if self._drained is not None:
            await self._drained

    def proceed(self) -> None:
        """Go on with the next request."""
        self._timeouts.touch()
        self._proceed()

    def proceed_soon(self) -> None:
        """Go on with the next request in the next step of the event loop."""
        self._timeouts.touch()
        if not self._scheduled:
            self._scheduled = True
            self._loop.call_soon(self._proceed_scheduled)

    def close_after_answer(self) -> None:
        """Close it after the last answer. The client may still be sending, if its request was refused early or its
        Content-Length is too small.
        """
        if self._closing:
            return
        if (longer := self._requests.longer_body(at_end=self._ended)) is not None:
            self._act_on(longer)
        elif self._requests.had_length and not self._ended and self._transport.can_write_eof():
            self._end_writing()
        elif self._requests.may_go_on:
            self._linger()
        else:
            self.close()

    def close(self) -> None:
        """Close it once what was written is sent."""
        self._closing = True
        self._transport.close()

    # reading

    def _proceed(self) -> None:
        """Read and answer requests until one has to wait, the client does not read, or no whole one is left."""
        for _ in range(_IN_A_STEP):
            if self.answering.work is not None or self._scheduled or self._drained is not None or self._closing:
                self._limit_unread()
                return
            try:
                event = self._requests.next_event()
                if event is None:
                    self._wait_for_more()
                    return
                self._timeouts.head_is_complete()
                self._act_on(event)
            except BadRequest as refusal:
                self._refuse(refusal)
                return
            except Exception as error:  # noqa: BLE001  # each is answered
                self._write_last(self._application.failure(error), self._requests.incomplete)
                return
        self.proceed_soon()
        self._limit_unread()

    def _act_on(self, event: Event) -> None:
        match event:
            case Request():
                self.answering.respond(event)
            case Unfinished():
                pass
            case Expectation():
                self._transport.write(_CONTINUE)
            case TooLarge(head, route):
                if route.answer is None:
                    self.answering.deliver(head, self._application.refuse_too_large(head, route), last=True)
                else:  # it is answered already
                    self._linger()
            case LongerBody(head):
                self._application.record_longer_body(head)
                self._linger()

    def _wait_for_more(self) -> None:
        """Nothing is being answered, and the client did not send a whole request."""
        if self._ended:
            self.end()
            return
        if self._requests.in_head:
            self._timeouts.head_is_incomplete()
        self._resume_reading()

    def _proceed_scheduled(self) -> None:
        self._scheduled = False
        self._proceed()

    def _limit_unread(self) -> None:
        """Receive no more for now if the client sends requests faster than they are answered."""
        if self._reading and not self._closing and len(self._requests.unread) > _MOST_UNREAD:
            self._reading = False
            self._transport.pause_reading()

    def _resume_reading(self) -> None:
        if not self._reading:
            self._reading = True
            self._transport.resume_reading()

    # closing

    def _refuse(self, refusal: BadRequest) -> None:
        """Answer what is not HTTP, unless the request was answered by its head alone, and end the connection."""
        head = self._requests.incomplete
        if head is not None or not self._requests.is_answered:
            self._write_last(self._application.refuse(refusal, head), head)
        else:
            self._linger()

    def _write_last(self, answer: Answer, head: Head | None) -> None:
        """Answer a request that was not read to its end, or none, and end the connection."""
        self._transport.write(reply.head(answer, head.minor if head else 1, stays_open=False) + answer.body)
        self._linger()

    def _linger(self) -> None:
        """Close as soon as the client does, or after a while; throw away what it sends until then."""
        self._requests.clear()
        if self._ended or self._transport.is_closing():
            self.close()
        else:
            self._end_writing()

    def _end_writing(self) -> None:
        """Let the client see the end, and close when it does."""
        self._closing = True
        if self._transport.can_write_eof():
            try:
                self._transport.write_eof()
            except OSError:  # the client has gone
                self.close()
                return
        self._resume_reading()
        self._timeouts.linger(LINGERING)

    def _note_longer_body(self) -> None:
        """Write down that more of a body followed the last answer."""
        if (longer := self._requests.longer_body(at_end=self._ended)) is not None:
            self._application.record_longer_body(longer.head)
        if longer is not None or len(self._requests.unread) > _MOST_UNDECIDED:
            self._requests.clear()
