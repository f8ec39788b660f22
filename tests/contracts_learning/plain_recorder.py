"""A plain client of the API that keeps each exchange as a recording does, in the process of the test."""

import http.client
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from urllib.parse import urlsplit

from kobikom_contracts.recording.exchanges import RecordedExchange

START = datetime(2026, 3, 5, 6, 4, 7, tzinfo=UTC)


class Recorder:
    """Asks a server, and keeps the exchanges while `recording`; each takes a second, one after the other.

    `wait` lets time pass until messages are delivered.
    """

    def __init__(self, url: str, wait: Callable[[], object]) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=20)
        self._seconds: Iterator[int] = count(0, 2)
        self.exchanges: list[RecordedExchange] = []
        self.recording = True
        self.wait = wait

    def post(self, body: bytes) -> bytes:
        return self._ask("POST", "/api/sendsms/xml/", body)

    def get(self, target: str) -> bytes:
        return self._ask("GET", target, b"")

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, target: str, body: bytes) -> bytes:
        self._connection.request(method, target, body or None)
        answer = self._connection.getresponse()
        answer_body = answer.read()
        begun_at = START + timedelta(seconds=next(self._seconds))
        if self.recording:
            self.exchanges.append(
                RecordedExchange(
                    number=len(self.exchanges) + 1,
                    begun_at=begun_at,
                    ended_at=begun_at + timedelta(seconds=1),
                    method=method,
                    target=target,
                    request_body=body,
                    status=answer.status,
                    answer_headers=tuple((name.encode(), value.encode()) for name, value in answer.getheaders()),
                    answer_body=answer_body,
                    exact=True,
                )
            )
        return answer_body
