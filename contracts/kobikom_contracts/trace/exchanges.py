"""A recorded exchange as it is judged: what was asked, and the answer as a strict reader reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parsedate_to_datetime

from kobikom_contracts import reader
from kobikom_contracts.answer_reader import AnswerReader, HttpAnswer, NoAnswer
from kobikom_contracts.core.verdicts import Violation
from kobikom_contracts.documents import Send
from kobikom_contracts.learning.decoded import Decoded, decoded
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.server_suite.audit.meaning import PullRequest, Query
from kobikom_contracts.server_suite.audit.soundness import BALANCE, PULL, SEND, TITLES
from kobikom_contracts.server_suite.encodings import decompressed
from kobikom_contracts.transcript import Exchange


@dataclass(frozen=True, slots=True)
class JudgedExchange:
    """One exchange with the API.

    ``http``: the answer, None unless all of it is there. ``operation``: send, titles, balance or pull; of a request
    that nobody can read, what the answer is. ``at``: the server's time at the answer, None when it is unknown.
    """

    decoded: Decoded
    http: HttpAnswer | None
    operation: str
    at: datetime | None

    @property
    def position(self) -> int:
        """The place of the exchange in the recordings, from 0."""
        return self.decoded.position

    @property
    def recorded(self) -> RecordedExchange:
        """The exchange as it was recorded."""
        return self.decoded.recorded

    @property
    def request(self) -> Send | Query | PullRequest | None:
        """What was asked; None where it can be read in several ways, or not at all."""
        return self.decoded.request

    @property
    def has_exact_head(self) -> bool:
        """The head of the answer is that of the wire."""
        return self.recorded.exact and bool(self.recorded.answer_bytes)

    @property
    def has_exact_body(self) -> bool:
        """The body of the answer is that of the wire."""
        return self.recorded.exact or self.recorded.by_server

    @property
    def statuses(self) -> tuple[str, ...]:
        """The statuses of the results, empty when there are none."""
        return () if self.http is None else tuple(result.status for result in reader.results(self.http.text))

    @property
    def served(self) -> bool:
        """The answer is that of a request that was granted: an accepted recipient, a document, reports or NO_DATA."""
        if self.http is None or self.http.status != 200:
            return False
        text = self.http.text
        if self.operation == SEND:
            return "0" in self.statuses
        marks = {TITLES: ("<basliklar",), BALANCE: ("<bakiye",), PULL: ("<DeliveryReport", "NO_DATA")}
        return any(mark in text for mark in marks[self.operation])


class _RecordedAnswer(AnswerReader):
    """Octets that are all there."""

    def __init__(self, octets: bytes) -> None:
        super().__init__()
        self._buffer = octets

    @property
    def surplus(self) -> int:
        """Octets behind the answer that was read."""
        return len(self._buffer)

    def _more(self) -> bool:
        return False


def judged_exchanges(exchanges: Sequence[RecordedExchange]) -> tuple[JudgedExchange, ...]:
    """The exchanges with the API among some, in their order."""
    return tuple(_judged(one) for one in decoded(exchanges))


def _judged(one: Decoded) -> JudgedExchange:
    http = http_answer(one.recorded)
    return JudgedExchange(one, http, _operation(one, http), server_time(one.recorded))


def http_answer(recorded: RecordedExchange) -> HttpAnswer | None:
    """The answer of an exchange; None where it is not known to be whole, or cannot be read."""
    if not recorded.status or recorded.ended != Ended.ANSWERED or recorded.answer_left_out:
        return None
    if not (recorded.exact and recorded.answer_bytes):
        pairs = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in recorded.answer_headers)
        return HttpAnswer(
            recorded.status, recorded.reason, recorded.answer_version, pairs, recorded.answer_body, "length"
        )
    answer = _RecordedAnswer(recorded.answer_bytes)
    try:
        http = answer.read_answer(head=recorded.method == "HEAD")
    except NoAnswer:
        return None
    if answer.surplus:
        http = replace(http, faults=(*http.faults, f"{answer.surplus} octets beyond the end of the answer"))
    if (http.header("Content-Encoding") or "identity").strip().lower() != "identity":
        return decompressed(http)
    return http


def server_time(recorded: RecordedExchange) -> datetime | None:
    """The server's time at the end of an exchange: by its Date header, or by the journal that it wrote itself."""
    if recorded.by_server:
        return recorded.begun_at
    try:
        moment = parsedate_to_datetime(recorded.answer_header("Date") or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def evidence(recorded: RecordedExchange, label: str = "") -> Exchange:
    """The exchange for a report; heads are put together again where the recording has none."""
    seconds = (recorded.ended_at - recorded.begun_at).total_seconds() if recorded.ended_at else 0.0
    sent, received = recorded.request_bytes, recorded.answer_bytes
    if not sent:
        line = f"{recorded.method} {recorded.target} {recorded.request_version}\r\n".encode("utf-8", "replace")
        sent = line + _head(recorded.request_headers) + recorded.request_body
    if not received and recorded.status:
        line = f"{recorded.answer_version} {recorded.status} {recorded.reason}\r\n".encode("utf-8", "replace")
        received = line + _head(recorded.answer_headers) + recorded.answer_body
    ended = "" if recorded.ended == Ended.ANSWERED else str(recorded.ended)
    return Exchange(sent, received, seconds, recorded.url, recorded.begun_at.timestamp(), ended=ended, label=label)


def with_evidence(violation: Violation, label: str, recorded: RecordedExchange) -> Violation:
    """The violation with the exchange that shows it."""
    if not violation.exchanges:
        violation.exchanges = (evidence(recorded, label),)
        violation.found = f"{violation.found} ({label})"
        violation.args = (f"expected {violation.expected}; found {violation.found}",)
    return violation


def _head(headers: Sequence[tuple[bytes, bytes]]) -> bytes:
    return b"".join(name + b": " + value + b"\r\n" for name, value in headers) + b"\r\n"


def _operation(one: Decoded, http: HttpAnswer | None) -> str:
    match one.request:
        case Send():
            return SEND
        case PullRequest():
            return PULL
        case Query(root=root):
            return TITLES if root == "basliklar" else BALANCE
    text = "" if http is None else http.text
    return TITLES if "<basliklar" in text else BALANCE if "<bakiye" in text else SEND
