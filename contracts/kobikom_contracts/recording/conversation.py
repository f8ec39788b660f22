"""Makes exchanges out of the bytes of one connection, in both directions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.recording.framing import Message


@dataclass(slots=True, eq=False)
class ObservedExchange:
    """A request and its answer while they are read; ``ended`` is set when the exchange is over."""

    connection: int
    begun_at: datetime
    request: Message = field(default_factory=Message)
    answer: Message = field(default_factory=lambda: Message(answers_method=""))
    ended: str = ""
    ended_at: datetime | None = None

    def recorded(
        self, *, number: int, url: str = "", host_sent: str = "", password: int = 0, pseudonyms: bool = False
    ) -> RecordedExchange:
        """The exchange as a value, with the bytes that its messages hold now."""
        return exchange_of(
            number=number,
            begun_at=self.begun_at,
            ended_at=self.ended_at,
            ended=self.ended,
            request_bytes=self.request.kept,
            answer_bytes=self.answer.kept,
            url=url,
            connection=self.connection,
            host_sent=host_sent,
            password=password,
            pseudonyms=pseudonyms,
            request_left_out=self.request.left_out,
            answer_left_out=self.answer.left_out,
        )


def exchange_of(
    *,
    number: int,
    begun_at: datetime,
    ended_at: datetime | None,
    ended: str,
    request_bytes: bytes,
    answer_bytes: bytes,
    url: str = "",
    connection: int = 0,
    host_sent: str = "",
    password: int = 0,
    pseudonyms: bool = False,
    request_left_out: int = 0,
    answer_left_out: int = 0,
) -> RecordedExchange:
    """An exchange of exact bytes; its other fields are read out of them."""
    request = Message()
    request.feed(request_bytes)
    method, target, version = request.first_line
    answer = Message(answers_method=method)
    answer.feed(answer_bytes)
    answer_version, status, reason = answer.first_line if answer.has_head else ("", "0", "")
    return RecordedExchange(
        number=number,
        begun_at=begun_at,
        ended_at=ended_at,
        ended=ended,
        method=method,
        target=target,
        request_version=version,
        request_headers=request.headers,
        request_body=request.body if request.has_head else b"",
        status=int(status),
        reason=reason,
        answer_version=answer_version,
        answer_headers=answer.headers,
        answer_body=answer.body if answer.has_head else b"",
        exact=True,
        request_bytes=request_bytes,
        answer_bytes=answer_bytes,
        url=url,
        connection=connection,
        host_sent=host_sent,
        password=password,
        pseudonyms=pseudonyms,
        request_left_out=request_left_out,
        answer_left_out=answer_left_out,
    )


class Conversation:
    """Pairs requests with answers in their order. ``emit`` is called with each exchange when it is over.

    Of each body at most ``most_body`` octets are kept, all of them where it is None.
    """

    def __init__(
        self,
        connection: int,
        *,
        now: Callable[[], datetime],
        emit: Callable[[ObservedExchange], None],
        most_body: int | None = None,
    ) -> None:
        self._most_body = most_body
        self._connection, self._now, self._emit = connection, now, emit
        self._pending: deque[ObservedExchange] = deque()
        self._last: ObservedExchange | None = None
        """The exchange whose request was begun last."""
        self._before: ObservedExchange | None = None
        self._surplus = False

    def from_client(self, data: bytes) -> None:
        """Bytes that the client sent."""
        while data:
            if self._surplus and self._last is not None and not self._last.ended:
                self._last.request.append(data)
                break
            if self._last is None or self._last.request.complete or self._last.ended:
                self._before, self._last = self._last, self._begin()
                self._surplus = False
            data = self._last.request.feed(data)
            if self._last.request.unreadable and self._before in self._pending and self._before is not None:
                # Bytes behind a Content-Length that is too small, not a request of their own.
                self._before.request.append(self._last.request.kept)
                self._pending.remove(self._last)
                self._last, self._before, self._surplus = self._before, None, True
        self._emit_complete()

    def from_server(self, data: bytes) -> None:
        """Bytes that the server sent."""
        while data:
            exchange = next((one for one in self._pending if not one.answer.complete), None) or self._begin()
            exchange.answer.answers_method = exchange.request.first_line[0]
            data = exchange.answer.feed(data)
        self._emit_complete()

    def server_closed(self) -> None:
        """The server will send nothing more."""
        for exchange in self._pending:
            whole = exchange.answer.complete or exchange.answer.until_close
            exchange.ended = Ended.ANSWERED if whole else Ended.CUT if exchange.answer.raw else Ended.NO_ANSWER
        self._emit_ended()

    def end(self, ended: Ended) -> None:
        """The connection is over; what was not answered ended so."""
        self._emit_complete()
        for exchange in self._pending:
            exchange.ended = ended
        self._emit_ended()

    def _begin(self) -> ObservedExchange:
        exchange = ObservedExchange(
            self._connection,
            self._now(),
            request=Message(most_body=self._most_body),
            answer=Message(answers_method="", most_body=self._most_body),
        )
        self._pending.append(exchange)
        return exchange

    def _emit_complete(self) -> None:
        for exchange in self._pending:
            if not (exchange.answer.complete and exchange.request.complete):
                break
            exchange.ended = Ended.ANSWERED
        self._emit_ended()

    def _emit_ended(self) -> None:
        while self._pending and self._pending[0].ended:
            exchange = self._pending.popleft()
            exchange.ended_at = self._now()
            if exchange.request.raw.strip() or exchange.answer.raw:
                if exchange.request.unreadable or exchange.answer.unreadable:
                    exchange.ended = Ended.UNREADABLE
                self._emit(exchange)
