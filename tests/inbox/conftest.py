"""A running emulator and a plain HTTP client for it, for the inbox's tests without a browser."""

import http.client
import json
import socket
from collections.abc import Iterator
from typing import Any, Self
from urllib.parse import urlsplit

import pytest

from kobikom_emulator import Emulator

START = "2026-01-31T09:00:00+03:00"


class Asker:
    """Asks one emulator over HTTP."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.address = urlsplit(emulator.url)

    def raw(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """Status, headers (names in lower case) and body of an answer."""
        connection = http.client.HTTPConnection(self.address.hostname or "", self.address.port, timeout=10)
        try:
            content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
            content_type = {"Content-Type": "application/json"} if path.startswith("/_emulator") else {}
            connection.request(method, path, content, content_type | (headers or {}))
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def json(self, method: str, path: str, body: Any = None) -> Any:
        """The JSON of a successful answer of the default space."""
        status, _, content = self.raw(method, f"/_emulator/spaces/default{path}", body)
        assert 200 <= status < 300, content
        return json.loads(content) if content else None

    def send(self, text: str = "Merhaba", *to: str, fields: str = "", password: str = "test") -> bytes:
        """Post a send of the account test."""
        numbers = "".join(f"<gsm>{number}</gsm>" for number in to or ("905321234567",))
        body = (
            f"<SMS><dogrulama><kullanici>test</kullanici><parola>{password}</parola></dogrulama>\n<mesajiniz>"
            f"<metin>{text}</metin>{fields}<alicilar>{numbers}</alicilar></mesajiniz></SMS>"
        )
        return self.raw("POST", "/api/sendsms/xml/", body.encode())[2]

    def follow(self, space: str = "default") -> "Stream":
        """The events of a space."""
        return Stream(self.address.port or 0, space)


class Stream:
    """A raw connection that reads server-sent events."""

    def __init__(self, port: int, space: str) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=10)
        self.socket.sendall(f"GET /_emulator/spaces/{space}/events HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.file = self.socket.makefile("rb")
        self.head = self._block()

    def _block(self) -> str:
        lines: list[str] = []
        while (line := self.file.readline()) not in (b"\r\n", b"\n", b""):
            lines.append(line.decode().rstrip("\r\n"))
        return "\n".join(lines)

    def event(self) -> tuple[str, Any]:
        """The next event's name and data."""
        while True:
            fields = dict(line.split(": ", 1) for line in self._block().splitlines() if line[:1] != ":")
            if "event" in fields:
                return fields["event"], json.loads(fields["data"])

    def rest(self) -> bytes:
        """What comes until the server closes."""
        return self.file.read()

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


@pytest.fixture
def asker_of() -> type[Asker]:
    """Makes an asker of any emulator."""
    return Asker


@pytest.fixture
def asker() -> Iterator[Asker]:
    with Emulator(seed=1, clock={"start": START}) as emulator:
        yield Asker(emulator)
