"""One HTTP request a call: an answer, or why there is none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, IncompleteRead
from urllib.parse import urlsplit

from fuzz_power.service.settings import Settings


class NoAnswer(Exception):
    """There is no answer. ``why``: not-sent (the server was not reached), timeout or closed."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """``whole``: whether as many bytes came as the server promised."""

    status: int
    content_type: str
    body: bytes
    whole: bool

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace").strip()


class Transport:
    """Sends requests to the vendor.

    ``in_flight`` is called with the body of a request that went out, before its answer is read.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        parts = urlsplit(settings.base_url)
        self._host, self._port = parts.hostname or "", parts.port
        self._path = parts.path.rstrip("/") + "/api/sendsms/xml/"
        self.in_flight: Callable[[bytes], None] = lambda _: None

    def post(self, document: str) -> Answer:
        return self._repeated("POST", self._path, document.encode())

    def get(self, query: str) -> Answer:
        return self._repeated("GET", f"{self._path}pull?{query}", None)

    def _repeated(self, method: str, target: str, body: bytes | None) -> Answer:
        try:
            return self._once(method, target, body)
        except NoAnswer as failure:
            if failure.why != "closed" or method != "POST" or "transport-repeats" not in self._settings.bugs:
                raise
            return self._once(method, target, body)

    def _once(self, method: str, target: str, body: bytes | None) -> Answer:
        connection = HTTPConnection(self._host, self._port, timeout=self._settings.timeout)
        try:
            try:
                connection.connect()
            except OSError as error:
                raise NoAnswer("not-sent") from error
            try:
                connection.request(method, target, body, {"Content-Type": "application/xml"} if body else {})
                self.in_flight(body or b"")
                response = connection.getresponse()
            except TimeoutError as error:
                raise NoAnswer("timeout") from error
            except (OSError, HTTPException) as error:
                raise NoAnswer("closed") from error
            try:
                content = response.read(2048 if "reads-one-block" in self._settings.bugs else None)
                whole = True
            except IncompleteRead as error:
                content, whole = error.partial, False
            except (OSError, HTTPException):
                content, whole = b"", False
            content_type = response.getheader("Content-Type") or ""
            return Answer(status=response.status, content_type=content_type, body=content, whole=whole)
        finally:
            connection.close()
