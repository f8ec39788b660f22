"""Bytes pass the proxy of `kobikom-contracts record` unchanged in both directions, and are in the recording."""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.recording.exchanges import Ended, RecordedExchange
from kobikom_contracts.recording.har_files import HarFile, read_har
from kobikom_contracts.recording.proxy import RecordingProxy, upstream_at
from kobikom_contracts.tls import tls_context

from ..tls_server import certificate
from . import raw_peers

BODY = "<SMS><mesajiniz><metin>ığüş</metin></mesajiniz></SMS>".encode()
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\nNO_DATA"


def post(extra: bytes = b"", body: bytes = BODY, version: bytes = b"1.1") -> bytes:
    length = b"" if b"chunked" in extra else b"Content-Length: %d\r\n" % len(body)
    return b"POST /api/sendsms/xml/ HTTP/" + version + b"\r\nhOsT:  kobikom.com \r\n" + extra + length + b"\r\n" + body


def chunked(body: bytes) -> bytes:
    return b"5;x=y\r\n%b\r\n%X\r\n%b\r\n0\r\nT: 1\r\n\r\n" % (body[:5], len(body) - 5, body[5:])


@contextlib.contextmanager
def recording(url: str, path: Path, **options: object) -> Iterator[RecordingProxy]:
    writer = HarFile(path)
    try:
        with RecordingProxy(upstream_at(url, tls=tls_context, **options), writer) as proxy:  # type: ignore[arg-type]  # any options
            yield proxy
    finally:
        writer.close()


def exchanges(path: Path) -> tuple[RecordedExchange, ...]:
    return read_har(path).exchanges


CONVERSATIONS = {
    "plain": ([post()], [OK]),
    "http 1.0": ([post(version=b"1.0")], [b"HTTP/1.0 200 OK\r\n\r\nNO_DATA"]),
    "odd headers": (
        [post(b"X-Odd :  a\tb \r\nContent-Type: application/xml Accept: */*\r\nEmpty:\r\nX: \xfe\xff\r\n")],
        [
            b"HTTP/1.1 200\r\nContent-Type: text/csv;charset= UTF-8\r\ncontent-LENGTH: 7\r\n"
            b"Same: 1\r\nSame: 2\r\n\r\nNO_DATA"
        ],
    ),
    "chunked": (
        [post(b"Transfer-Encoding: chunked\r\n", chunked(BODY))],
        [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n" + chunked(b"NO_DATA and more")],
    ),
    "expect": ([post(b"Expect: 100-continue\r\n")], [b"HTTP/1.1 100 Continue\r\n\r\n" + OK]),
    "bare line feeds": ([b"GET /api/sendsms/xml/pull?a=b HTTP/1.1\nHost: x\n\n"], [OK]),
    "pipelining": ([post(), b"GET / HTTP/1.1\r\n\r\n", b"\r\n" + post()], [OK, OK, OK]),
    "too short a length": ([post(body=BODY[:-3]) + BODY[-3:]], [OK]),
    "no http": ([b"\x16\x03\x01 hello\r\n\r\nGET / HTTP/1.1\r\n\r\n"], [b"SSH-2.0 bye\r\n"]),
    "cut answer": ([post()], [OK[:-3]]),
    "no answer": ([post()], [b""]),
}


@pytest.mark.parametrize("name", CONVERSATIONS)
def test_bytes_pass_unchanged_and_are_recorded(name: str, tmp_path: Path) -> None:
    """Whatever the two sides send, the other gets the same bytes, half-close included, and the file holds them."""
    requests, answers = CONVERSATIONS[name]

    def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        kept.received.append(raw_peers.to_the_end(peer))
        peer.sendall(b"".join(answers))

    with (
        raw_peers.upstream(answer) as server,
        recording(server.url, tmp_path / "t.har") as proxy,
        raw_peers.connect(proxy.url) as client,
    ):
        client.sendall(b"".join(requests))
        client.shutdown(socket.SHUT_WR)
        received = raw_peers.to_the_end(client)
    assert (b"".join(requests), b"".join(answers)) == (server.received[0], received)
    recorded = exchanges(tmp_path / "t.har")
    assert [(request, reply, True) for request, reply in zip(requests, answers, strict=True)] == [
        (one.request_bytes, one.answer_bytes, one.exact) for one in recorded
    ]
    ended = {"cut answer": Ended.CUT, "no answer": Ended.NO_ANSWER, "no http": Ended.UNREADABLE}
    assert {ended.get(name, Ended.ANSWERED)} == {one.ended for one in recorded}


def test_an_exchange_is_written_before_the_client_has_its_answer(tmp_path: Path) -> None:
    """On a connection that stays open the file holds each exchange as soon as its answer is there, and is whole."""

    def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        for _ in range(2):
            raw_peers.exactly(peer, len(post()))
            peer.sendall(OK)
        raw_peers.to_the_end(peer)

    with (
        raw_peers.upstream(answer) as server,
        recording(server.url, tmp_path / "t.har") as proxy,
        raw_peers.connect(proxy.url) as client,
    ):
        for number in (1, 2):
            client.sendall(post())
            assert OK == raw_peers.exactly(client, len(OK))
            assert number == len(exchanges(tmp_path / "t.har"))
        first = exchanges(tmp_path / "t.har")[0]
    assert ("POST", "/api/sendsms/xml/", BODY, 200, b"NO_DATA", server.url) == (
        first.method,
        first.target,
        first.request_body,
        first.status,
        first.answer_body,
        first.url,
    )
    assert first.ended_at is not None
    assert first.begun_at <= first.ended_at


def test_the_continue_of_a_server_reaches_a_client_that_waits_for_it(tmp_path: Path) -> None:
    """`100 Continue` is passed on at once: the client sends its body only then."""
    head, body = post(b"Expect: 100-continue\r\n").split(b"\r\n\r\n")
    head += b"\r\n\r\n"
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"

    def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        raw_peers.exactly(peer, len(head))
        peer.sendall(interim)
        raw_peers.exactly(peer, len(body))
        peer.sendall(OK)

    with (
        raw_peers.upstream(answer) as server,
        recording(server.url, tmp_path / "t.har") as proxy,
        raw_peers.connect(proxy.url) as client,
    ):
        client.sendall(head)
        raw_peers.exactly(client, len(interim))
        client.sendall(body)
        assert OK == raw_peers.exactly(client, len(OK))
    assert [(head + body, interim + OK)] == [(e.request_bytes, e.answer_bytes) for e in exchanges(tmp_path / "t.har")]


def test_the_end_of_the_recording_keeps_what_is_open(tmp_path: Path) -> None:
    """A request without its answer is in the file when the recording ends, marked as interrupted."""

    def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        kept.received.append(raw_peers.exactly(peer, len(post())))
        peer.sendall(OK[:10])
        raw_peers.to_the_end(peer)

    with raw_peers.upstream(answer) as server, contextlib.ExitStack() as clients:
        with recording(server.url, tmp_path / "t.har") as proxy:
            client = clients.enter_context(raw_peers.connect(proxy.url))
            client.sendall(post())
            raw_peers.exactly(client, 10)
        (exchange,) = exchanges(tmp_path / "t.har")
    assert (Ended.INTERRUPTED, post(), OK[:10]) == (exchange.ended, exchange.request_bytes, exchange.answer_bytes)


def test_an_unreachable_upstream_closes_the_connection(tmp_path: Path) -> None:
    """No byte is made up where no server answers: the connection is closed, and the request is in the file."""
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        with (
            recording(f"http://127.0.0.1:{unused.getsockname()[1]}", tmp_path / "t.har") as proxy,
            raw_peers.connect(proxy.url) as client,
        ):
            client.sendall(post())
            assert b"" == raw_peers.to_the_end(client)
    (exchange,) = exchanges(tmp_path / "t.har")
    assert (Ended.UNREACHABLE, post(), 0) == (exchange.ended, exchange.request_bytes, exchange.status)


@pytest.mark.parametrize("rewrite", [None, False])
def test_over_tls_only_the_host_line_is_replaced(rewrite: bool | None, tmp_path: Path) -> None:
    """To an https upstream the Host header names it, unless it is kept; the recording holds what the client wrote."""
    chain = certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    requests = post() + post(b"X: 1\r\n")

    def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        with context.wrap_socket(peer, server_side=True) as secure:
            data = b""
            while data.count(b"</SMS>") < 2:
                data += secure.recv(65536)
            kept.received.append(data)
            secure.sendall(OK + OK)
            secure.unwrap()

    with raw_peers.upstream(answer) as server:
        url = server.url.replace("http", "https")
        upstream = upstream_at(url, tls=lambda: tls_context(ca=chain), rewrite_host=rewrite)
        writer = HarFile(tmp_path / "t.har")
        with RecordingProxy(upstream, writer) as proxy, raw_peers.connect(proxy.url) as client:
            client.sendall(requests)
            assert OK + OK == raw_peers.exactly(client, 2 * len(OK))
        writer.close()
    host = url.removeprefix("https://")
    sent = requests if rewrite is False else requests.replace(b"hOsT:  kobikom.com ", b"hOsT:  " + host.encode())
    assert [sent] == server.received
    recorded = exchanges(tmp_path / "t.har")
    assert requests == b"".join(one.request_bytes for one in recorded)
    assert {"" if rewrite is False else host} == {one.host_sent for one in recorded}


@pytest.mark.parametrize(
    "url", ["ftp://a", "127.0.0.1:80", "http://a/api", "http://a:x", "http://u:p@a", "http://", "http://a?b"]
)
def test_an_upstream_is_scheme_host_and_port(url: str) -> None:
    """Another URL is refused in one line: a path could only be added by changing bytes."""
    with pytest.raises(CannotRun) as refusal:
        upstream_at(url, tls=tls_context)
    assert 1 == len(str(refusal.value).splitlines())


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:8080", True),
        ("http://127.9.9.9", True),
        ("http://[::1]:80", True),
        ("http://localhost", True),
        ("http://10.0.0.1", False),
        ("https://api.example.com", False),
        ("http://127.0.0.1.example.com", False),
    ],
)
def test_this_machine_is_distinguished_from_others(url: str, loopback: bool) -> None:
    """Only an address of this machine is free of charge."""
    assert loopback == upstream_at(url, tls=tls_context).loopback
