"""The raw HTTP client against scripted bytes: framing is named, faults are kept, nothing hangs."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

import pytest

from kobikom_contracts.http_client import HttpClient, Unreachable
from kobikom_contracts.http_connection import NoAnswer
from kobikom_contracts.transcript import Transcript


@contextlib.contextmanager
def answering(data: bytes) -> Iterator[HttpClient]:
    """A server that reads something and says these bytes once."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            with contextlib.suppress(OSError):
                peer, _ = listener.accept()
                with peer:
                    peer.recv(65536)
                    peer.sendall(data)

        thread = threading.Thread(target=serve)
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/s/room"
        yield HttpClient(url, Transcript(), timeout=2.0)
        thread.join()


@pytest.mark.parametrize(
    ("data", "framing", "body"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd", "length", b"abc"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n", "chunked", b"abc"),
        (b"HTTP/1.1 200 OK\r\n\r\nabc", "eof", b"abc"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", "length", b"x"),
    ],
)  # fmt: skip
def test_framing_is_named(data: bytes, framing: str, body: bytes) -> None:
    """The framing is named: by length, in chunks, or until the end of the stream; interim answers are skipped."""
    with answering(data) as wire:
        answer = wire.get("/x")
    assert (200, framing, body) == (answer.status, answer.framing, answer.body)


def test_another_version_of_http_is_a_fault() -> None:
    """A status line of HTTP/2 on a plain connection is read, and named."""
    with answering(b"HTTP/2 200 OK\r\nContent-Length: 0\r\n\r\n") as wire:
        answer = wire.get("/x")
    assert (200, ("the version HTTP/2 in the status line",)) == (answer.status, answer.faults)


def test_octets_beyond_the_answer_are_a_fault() -> None:
    """A Content-Length counted in characters leaves octets behind: they are named, not ignored."""
    with answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nışı".encode()) as wire:
        answer = wire.get("/x")
    assert ("ış".encode()[:3], ("3 octets beyond the end of the answer",)) == (answer.body, answer.faults)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"garbage\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
        b"HTTP/1.1 2",
        b"HTTP/1.1 \xb2\xb2\xb2 OK\r\n\r\n",
        b"HTTP/1.1 2000 OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffff\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 999999999999\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * (2 << 20),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 3,
    ],
    ids=lambda data: repr(data[:60]),
)
def test_what_is_no_http_answer_says_so(data: bytes) -> None:
    """Nothing, nonsense, a cut body, impossible numbers and an endless head raise `NoAnswer`, and nothing else."""
    with answering(data) as wire, pytest.raises(NoAnswer):
        wire.get("/x")


def test_malformed_header_lines_are_kept_as_faults() -> None:
    """A header line without a colon, or with a blank before it, is a fault, not an error."""
    with answering(b"HTTP/1.1 200 OK\r\nnonsense\r\nA : b\r\nContent-Length: 0\r\n\r\n") as wire:
        assert 2 == len(wire.get("/x").faults)


def test_requests_are_sent_as_they_are() -> None:
    """Prefix, Host, headers and body stand in the transcript byte for byte."""
    with answering(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as wire:
        wire.post("/api", b"\xff<", (("X", "ö"),))
        sent = wire.transcript.exchanges[0].sent
    assert sent.startswith(b"POST /s/room/api HTTP/1.1\r\nHost: 127.0.0.1:")
    assert sent.endswith("X: ö\r\nContent-Length: 2\r\nConnection: close\r\n\r\n".encode() + b"\xff<")


def test_unreachable_says_where() -> None:
    """Nobody listening is an error of its own that names the address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    with pytest.raises(Unreachable, match=url):
        HttpClient(url, Transcript()).get("/x")
