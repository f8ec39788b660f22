"""Sends requests one after the other and records each exchange; passwords are masked in the record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.http_connection import NoAnswer
from kobikom_contracts.learning.probing.probe import Request
from kobikom_contracts.recording.conversation import ObservedExchange
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.recording.har_files import HarWriter
from kobikom_contracts.recording.redaction import Redaction


class RecordingClient:
    """A client of one service. ``exchanges`` are those of the run so far; ``writer`` gets each when it ends.

    ``now`` is the time in UTC.
    """

    def __init__(
        self,
        http: HttpClient,
        *,
        writer: HarWriter | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.exchanges: list[RecordedExchange] = []
        self.http = http
        self._writer, self._now = writer, now
        self._redaction = Redaction()
        self._last_end = datetime.min.replace(tzinfo=UTC)

    def ask(self, request: Request) -> RecordedExchange:
        """Send a request; the exchange, which may have no answer. Raises ``Unreachable`` and ``OSError`` (of the file).

        An exchange that a signal interrupts is recorded, too.
        """
        # A clock that is set back must not make one exchange overlap another.
        begun_at = max(self._now(), self._last_end)
        ended = Ended.INTERRUPTED
        exchanges = len(self.http.transcript.exchanges)
        try:
            if request.body is None:
                self.http.get(request.path)
            else:
                self.http.post(request.path, request.body)
            ended = Ended.ANSWERED
        except NoAnswer:
            ended = Ended.NO_ANSWER
        finally:
            if len(self.http.transcript.exchanges) > exchanges:
                recorded = self._record(request, begun_at, ended)
        return recorded

    def _record(self, request: Request, begun_at: datetime, ended: Ended) -> RecordedExchange:
        connection = self.http.transcript.exchanges.pop()
        observed = ObservedExchange(len(self.exchanges) + 1, begun_at)
        observed.request.feed(connection.sent)
        observed.answer.answers_method = request.method
        observed.answer.feed(connection.received)
        if ended is Ended.NO_ANSWER and connection.received:
            ended = Ended.CUT
        observed.ended = ended
        observed.ended_at = self._last_end = max(self._now(), begun_at)
        password = self._redaction.apply(observed.request, observed.answer)
        recorded = observed.recorded(number=len(self.exchanges) + 1, url=connection.to, password=password)
        self.exchanges.append(recorded)
        if self._writer is not None:
            self._writer.write(recorded)
        return recorded
