"""Fixtures of the control API's tests: a server in a thread, and a plain HTTP client."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from itertools import count
from typing import Any

import pytest

from kobikom_emulator import Emulator

SPACES = "/_emulator/spaces"


@dataclass(frozen=True)
class Said:
    """An answer: status, headers and the JSON of its body (the text where it is none)."""

    status: int
    headers: HTTPMessage
    body: Any


@dataclass
class Api:
    """Asks a server, on a new connection each time so that nothing is shared between threads."""

    emulator: Emulator
    names: Iterator[int] = field(default_factory=count)

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, *, amount: int = -1
    ) -> Said:
        """One request; `body` is sent as JSON unless it is bytes. `amount` reads so much of a stream that goes on."""
        sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        headers = ({"Content-Type": "application/json"} if path.startswith("/_emulator") else {}) | dict(headers or {})
        connection = HTTPConnection(self.emulator.running.host, self.emulator.running.port, timeout=60)
        try:
            connection.request(method, path, sent, headers)
            answer = connection.getresponse()
            text = (answer.read() if amount < 0 else answer.read1(amount)).decode("utf-8", "replace")
        finally:
            connection.close()
        kind = answer.headers.get_content_type()
        return Said(answer.status, answer.headers, json.loads(text) if text and kind.endswith("json") else text)

    def at(self, space: str, method: str, path: str, body: Any = None) -> Said:
        """One request below a space."""
        return self.ask(method, f"{SPACES}/{space}{path}", body)

    @contextmanager
    def asking(self, space: str, method: str, path: str, body: Any) -> Iterator[Callable[[], Said]]:
        """A request below a space that is under way while the block runs; what is yielded waits for its answer."""
        connection = HTTPConnection(self.emulator.running.host, self.emulator.running.port, timeout=60)
        with closing(connection):
            connection.request(
                method, f"{SPACES}/{space}{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
            )

            def answer() -> Said:
                response = connection.getresponse()
                return Said(response.status, response.headers, json.loads(response.read()))

            # Whatever is asked after this round trip comes after the request above.
            self.ask("GET", "/_emulator/health")
            yield answer

    def open(self, **wanted: Any) -> dict[str, Any]:
        """A fresh space whose clock stands still."""
        wanted = {
            "name": f"fresh-{next(self.names)}",
            "clock": {"set": "2026-01-31T09:00:00+03:00", "freeze": True},
        } | wanted
        said = self.ask("POST", SPACES, wanted)
        assert 201 == said.status, said.body
        return dict(said.body)

    def send(self, space: Mapping[str, Any], to: str = "905329975725", *, prefix: str = "", **words: str) -> str:
        """Send as the space's first account, at the plain URL unless a prefix is given."""
        account = space["accounts"][0]
        gsm = "".join(
            f'<gsm messageId="{own}">{number}</gsm>' if own else f"<gsm>{number}</gsm>"
            for number, _, own in (each.partition("#") for each in to.split())
        )
        body = (
            f"<SMS><dogrulama><kullanici>{account['user']}</kullanici><parola>{account['password']}</parola></dogrulama>"
            f"<mesajiniz><baslik>{words.get('title', 'Kobikom')}</baslik><metin>{words.get('text', 'Merhaba')}</metin>"
            f"{words.get('more', '')}<alicilar>{gsm}</alicilar></mesajiniz></SMS>"
        )
        return str(self.ask("POST", f"{prefix}/api/sendsms/xml/", body.encode()).body)

    def pull(self, space: Mapping[str, Any], ids: str = "", *, prefix: str = "") -> str:
        account = space["accounts"][0]
        wanted = f"&messageid={ids}" if ids else ""
        path = f"{prefix}/api/sendsms/xml/pull?kullanici={account['user']}&parola={account['password']}{wanted}"
        return str(self.ask("GET", path).body)


@pytest.fixture(scope="session")
def api() -> Iterator[Api]:
    with Emulator({"push": {"allow": "any"}}) as emulator:
        yield Api(emulator)


@pytest.fixture
def space(api: Api) -> Iterator[dict[str, Any]]:
    """A fresh space: its view."""
    opened = api.open()
    yield opened
    api.at(opened["name"], "DELETE", "")


@pytest.fixture
def asker() -> type[Api]:
    """Makes one who asks another server."""
    return Api
