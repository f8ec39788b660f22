"""HTTP as bytes on a socket, without an HTTP library, for tests that check every byte of the server.

Everything that waits has a timeout, so no test can hang.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import NamedTuple, Self

PATIENCE = 20.0
"""Seconds until a test fails; far more than any request takes, even on a busy machine."""

SEND = "/api/sendsms/xml/"
PULL = "/api/sendsms/xml/pull?kullanici=test&parola=test"
CSV = "text/csv;charset= UTF-8"
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"
NUMBER = "905329975725"
BALANCE = f"<bakiye>{LOGIN}</bakiye>".encode()


def order(*numbers: str, text: str = "Merhaba", more: str = "") -> bytes:
    """A send to some numbers (or `<gsm …>` elements), in UTF-8."""
    gsm = "".join(number if number.startswith("<") else f"<gsm>{number}</gsm>" for number in numbers or (NUMBER,))
    return (
        f"<SMS>{LOGIN}<mesajiniz><baslik>Kobikom</baslik><metin>{text}</metin>{more}"
        f"<alicilar>{gsm}</alicilar></mesajiniz></SMS>"
    ).encode()


def asking(
    body: bytes | None = None,
    *headers: str,
    target: str = SEND,
    version: str = "1.1",
    method: str | None = None,
    host: str | None = "kobikom.com",
) -> bytes:
    """The bytes of a request: a POST if there is a body, otherwise a GET."""
    lines = [f"{method or ('GET' if body is None else 'POST')} {target} HTTP/{version}"]
    lines += [f"Host: {host}"] if host is not None else []
    lines += headers
    lines += [f"Content-Length: {len(body)}"] if body is not None else []
    return "\r\n".join([*lines, "", ""]).encode() + (body or b"")


def chunked(body: bytes, size: int) -> bytes:
    """A body in chunks of `size`, with the last, empty chunk."""
    pieces = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


class Heard(NamedTuple):
    """One answer as it was received."""

    line: str
    headers: list[tuple[str, str]]
    body: bytes

    @property
    def status(self) -> int:
        return int(self.line.split()[1])

    def header(self, name: str) -> str | None:
        """The value of a header; None if the header is missing."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        assert len(values) <= 1
        return values[0] if values else None

    @property
    def results(self) -> list[tuple[int, str, str]]:
        """Status, id and destination of each result."""
        matches = RESULT.findall(self.body.decode())
        return [(int(status), message_id, destination) for status, message_id, destination in matches]


RESULT = re.compile(r"<status>(-?\d+)</status>\s*<messageid>([^<]*)</messageid>\s*<destination>([^<]*)</destination>")


class Line:
    """A connection that writes bytes and reads answers."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.left = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def say(self, *pieces: bytes) -> None:
        """Write each piece separately."""
        for piece in pieces:
            self.socket.sendall(piece)

    def finish(self) -> None:
        """Close the sending side of the connection."""
        self.socket.shutdown(socket.SHUT_WR)

    def more(self) -> bytes:
        return self.socket.recv(65536)

    def until(self, mark: bytes) -> bytes:
        """Read up to `mark` and return what was read, including it."""
        while mark not in self.left:
            if not (piece := self.more()):
                raise EOFError(f"closed after {self.left!r}")
            self.left += piece
        before, _, self.left = self.left.partition(mark)
        return before + mark

    def hear(self, *, head_only: bool = False) -> Heard:
        """Read the next answer; the connection stays open."""
        line, *fields = self.until(b"\r\n\r\n").decode("latin-1").split("\r\n")[:-2]
        headers = [(name, value) for name, _, value in (field.partition(": ") for field in fields)]
        heard = Heard(line, headers, b"")
        length = int(heard.header("Content-Length") or 0) if not head_only else 0
        while len(self.left) < length:
            if not (piece := self.more()):
                raise EOFError(f"closed after {len(self.left)} of {length} bytes")
            self.left += piece
        body, self.left = self.left[:length], self.left[length:]
        return heard._replace(body=body)

    def rest(self) -> bytes:
        """Read everything until the server closes the connection."""
        while piece := self.more():
            self.left += piece
        rest, self.left = self.left, b""
        return rest


def ask(port: int, request: bytes) -> Heard:
    """One request on a new connection."""
    with Line(port) as line:
        line.say(request)
        return line.hear()


def credit(port: int, user: str = "test") -> str:
    """The balance of a user, as the server writes it."""
    body = BALANCE.replace(b"<kullanici>test<", b"<kullanici>%s<" % user.encode())
    amount = re.search(rb"<miktar>([\d.]+)</miktar>", ask(port, asking(body)).body)
    assert amount is not None
    return amount[1].decode()


def eventually(holds: Callable[[], object]) -> None:
    """Ask the server until its answer is true; fail after PATIENCE seconds. Each question's round trip is the pause."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the condition never became true"


@contextmanager
def together(*work: Callable[[], object]) -> Iterator[None]:
    """Run each function in a thread while the block runs; an exception in one of them is raised at the end."""
    errors: list[BaseException] = []

    def guarded(function: Callable[[], object]) -> None:
        try:
            function()
        except BaseException as error:  # noqa: BLE001 - raised where the test can see it
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,), daemon=True) for function in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for thread in threads:
            thread.join(PATIENCE * 2)
    assert not any(thread.is_alive() for thread in threads)
    if errors:
        raise errors[0]
