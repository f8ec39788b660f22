"""Octets of a head that are no ASCII harm nothing, on the vendor's addresses and on the emulator's own (T-03, T-08)."""

import json
import socket

import pytest
from raw_http import BALANCE, PULL, SEND

from kobikom_emulator import Emulator

HEADERS = (
    "Accept-Language", "Authorization", "Connection", "Content-Encoding", "Content-Type", "Cookie", "Expect", "Origin",
    "Referer", "Sec-Fetch-Site", "User-Agent", "X-Anything",
)  # fmt: skip
VALUES = (b"\xff", b"a\x80b", b"\xc3\xbc", b"Bearer \xff", b"text/xml; charset=\xff", b"\xed\xb3\xbf", b"tr;q=\xb2")
TARGETS = (
    ("POST", SEND), ("GET", PULL), ("GET", SEND), ("POST", "/s/nowhere/api/sendsms/xml/"), ("GET", "/nothing"),
    ("GET", "/_emulator/"), ("GET", "/_emulator"), ("GET", "/_emulator/inbox/app.js"), ("GET", "/_emulator/health"),
    ("GET", "/_emulator/spaces"), ("GET", "/_emulator/journal"), ("POST", "/_emulator/nothing"),
    ("GET", "/_emulator/openapi.json"), ("GET", "/_emulator/spaces/default/messages"),
)  # fmt: skip


def status(port: int, request: bytes) -> int:
    return int(exchange(port, request)[9:12])


def exchange(port: int, request: bytes) -> bytes:
    """The whole answer to a request, after which the connection is closed."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        connection.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def request(method: str, target: bytes, *headers: bytes, body: bytes = b"") -> bytes:
    lines = [method.encode() + b" " + target + b" HTTP/1.1", *headers, b"Content-Length: %d" % len(body)]
    if not any(line.startswith(b"Host:") for line in headers):
        lines.append(b"Host: localhost")
    if not any(line.startswith(b"Connection:") for line in headers):
        lines.append(b"Connection: close")
    return b"\r\n".join([*lines, b"", b""]) + body


@pytest.mark.parametrize("header", [*HEADERS, "Host"])
def test_any_octet_in_any_header(emulator: Emulator, port: int, header: str) -> None:
    """Every address answers, none with 5xx, and the journal can be read afterwards, each entry of it."""
    for value in VALUES:
        line = header.encode() + b": " + value
        for method, target in TARGETS:
            answered = status(port, request(method, target.encode(), line, body=BALANCE if method == "POST" else b""))
            assert answered < 500, (method, target, value)
    entries = _journal(port)
    assert len(entries) >= len(VALUES)
    shown = [text for entry in entries for name, text in entry["request"]["headers"] if name == header]
    assert "\xff" in shown or header in ("Connection", "Host")


@pytest.mark.parametrize("octets", [b"\xff", b"\xc5\x9f", b"\xed\xb3\xbf"])
def test_any_octet_in_a_target(emulator: Emulator, port: int, octets: bytes) -> None:
    """Whether they are read or refused, every address answers, and the journal can be read afterwards (T-08)."""
    for method, target in TARGETS:
        for place in (target.encode() + octets, target.encode() + b"?a=" + octets, target.encode() + b"/" + octets):
            answered = status(port, request(method, place, body=BALANCE if method == "POST" else b""))
            assert answered < 500, (method, place)
    assert _journal(port)


def test_a_token_may_have_any_characters() -> None:
    """A token outside of ASCII is compared by its octets; a wrong one with odd octets is 401 and no error."""
    with Emulator(seed=1, control={"token": "şifre"}) as emulator:
        port = emulator.running.port
        right = request("GET", b"/_emulator/spaces", "Authorization: Bearer şifre".encode())
        assert 200 == status(port, right)
        for wrong in (b"\xff", "şifre".encode("windows-1254"), b"\xed\xb3\xbf", b"?ifre"):
            assert 401 == status(port, request("GET", b"/_emulator/spaces", b"Authorization: Bearer " + wrong))
        assert 0 == len(emulator.journal)


def _journal(port: int) -> list[dict[str, object]]:
    answer = exchange(port, request("GET", b"/_emulator/spaces/default/journal?limit=1000"))
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 200"), head
    entries: list[dict[str, object]] = json.loads(body)["entries"]
    for entry in entries[:20]:
        assert 200 == status(port, request("GET", f"/_emulator/spaces/default/journal/{entry['id']}".encode()))
    return entries
