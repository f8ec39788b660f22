"""Sends the requests of a recording to a target, in their order, and keeps the answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from kobikom_contracts import reader
from kobikom_contracts.answer_reader import NoAnswer
from kobikom_contracts.control import Control
from kobikom_contracts.documents import Send
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.recording.conversation import exchange_of
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.replay.accounts import Accounts, user_of
from kobikom_contracts.replay.rewriting import addressed, logged_in, request_bytes, with_ids
from kobikom_contracts.server_suite.audit import echo
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query
from kobikom_contracts.trace.exchanges import JudgedExchange, judged_exchanges

MOST_SILENT = 3
"""Requests in a row that may remain without an answer before the target is taken as gone."""
_NOT_REPEATED = frozenset({Ended.UNREACHABLE, Ended.UNREADABLE})


@dataclass(frozen=True, slots=True)
class Replayed:
    """An exchange of the recording, and the same request to the target."""

    then: JudgedExchange
    now: JudgedExchange


@dataclass(slots=True)
class Replayer:
    """One replay.

    ``control`` moves the target's clock as the recorded time went on; without it at most ``most_wait`` seconds pass
    before a pull, as many as passed in the recording. ``ids``: the target's id for each that the recorded server made.
    """

    client: HttpClient
    accounts: Accounts
    control: Control | None = None
    most_wait: float = 30.0
    wait: Callable[[float], None] = time.sleep
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ids: dict[str, str] = field(default_factory=dict)
    ended: str = ""
    """Why it ended before the last exchange; empty when it did not."""
    _began: tuple[datetime, datetime] | None = None
    _moved: timedelta = timedelta(0)

    def replay(self, exchanges: Sequence[JudgedExchange]) -> Iterator[Replayed]:
        """Each pair, as soon as it is there; raises ``Unreachable`` where there is no connection."""
        silent = 0
        for one in exchanges:
            if one.recorded.ended in _NOT_REPEATED or one.recorded.request_left_out:
                continue
            self._pass_time(one)
            pair = Replayed(one, self._exchange(one))
            self._learn_ids(pair)
            yield pair
            silent = 0 if pair.now.http is not None or pair.then.http is None else silent + 1
            if silent == MOST_SILENT:
                self.ended = f"the target gave no whole answer to {MOST_SILENT} requests in a row"
                return

    def _pass_time(self, one: JudgedExchange) -> None:
        """Bring the target's time as far from the beginning as it was in the recording."""
        recorded = one.at or one.recorded.begun_at
        if self._began is None:
            self._began = (recorded, self.now())
        behind = (recorded - self._began[0]) - (self.now() - self._began[1]) - self._moved
        seconds = round(behind.total_seconds())
        if self.control is not None:
            if seconds > 0:
                self.control.advance(seconds)
                self._moved += timedelta(seconds=seconds)
        elif seconds > 0 and isinstance(one.request, PullRequest):
            waited = min(float(seconds), self.most_wait)
            self.wait(waited)
            self._moved += timedelta(seconds=seconds - waited)

    def _exchange(self, one: JudgedExchange) -> JudgedExchange:
        recorded, parts = one.recorded, urlsplit(self.client.url)
        request = addressed(
            request_bytes(recorded),
            recorded_authority=urlsplit(recorded.url).netloc or (recorded.request_header("Host") or ""),
            authority=self.client.authority,
            prefix=parts.path.rstrip("/"),
        )
        request = with_ids(request, self.ids)
        sent = request
        if (account := self.accounts.of(one)) is not None:
            password = (one.request.password or "") if one.request is not None else ""
            sent = logged_in(request, user_of(one), password if set(password) - {"*"} else "", account)
        begun_at = self.now()
        ended = Ended.ANSWERED
        with self.client.connect() as connection:
            connection.write(sent)
            try:
                connection.read(head=recorded.method == "HEAD")
            except NoAnswer:
                ended = Ended.CUT if connection.received else Ended.NO_ANSWER
            answer = connection.received
        return self._judged(one, request, answer, ended, begun_at)

    def _judged(
        self, one: JudgedExchange, request: bytes, answer: bytes, ended: Ended, begun_at: datetime
    ) -> JudgedExchange:
        """The exchange as a recording has it: the request with masked passwords, at the same position."""
        recorded: RecordedExchange = exchange_of(
            number=one.recorded.number,
            begun_at=begun_at,
            ended_at=self.now(),
            ended=ended,
            request_bytes=request,
            answer_bytes=answer,
            url=self.client.url,
            password=one.recorded.password,
        )
        (judged,) = judged_exchanges([recorded])
        at = judged.at
        if at is None and self.control is not None and isinstance(one.request, PullRequest):
            at = self.control.now()
        return replace(judged, decoded=replace(judged.decoded, position=one.position), at=at)

    def _learn_ids(self, pair: Replayed) -> None:
        if not isinstance(pair.then.request, Send) or pair.then.http is None or pair.now.http is None:
            return
        then, now = (reader.results(one.http.text) for one in (pair.then, pair.now) if one.http is not None)
        rows = echo.pairs(pair.then.request, then)
        if rows is None or len(then) != len(now):
            return
        for (_, recipient, before), after in zip(rows, now, strict=True):
            if before.message_id and after.message_id and not (recipient.message_id or "").strip():
                self.ids[before.message_id] = after.message_id


def is_free(one: JudgedExchange) -> bool:
    """Whether a request costs nothing and takes no report from others: a query, or a pull that names its ids."""
    return isinstance(one.request, Query) or (isinstance(one.request, PullRequest) and bool(one.request.ids))


def costs(exchanges: Sequence[JudgedExchange]) -> tuple[int, int]:
    """How many of the requests are sends or cannot be read, and how many recipients they have."""
    sends = [one for one in exchanges if one.operation == "send" and not isinstance(one.request, Query)]
    recipients = sum(one.request.recipients for one in sends if isinstance(one.request, Send))
    return len(sends), recipients
