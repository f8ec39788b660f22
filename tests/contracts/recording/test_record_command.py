"""The command `kobikom-contracts record`: its files, its end, its warning, and large bodies."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kobikom_contracts.cli import main
from kobikom_contracts.recording.har_files import HarFile, har_in, read_har
from kobikom_contracts.recording.proxy import RecordingProxy, upstream_at
from kobikom_contracts.tls import tls_context

from . import raw_peers
from .test_proxy import BODY, OK, post

RECORD = [sys.executable, "-m", "kobikom_contracts.cli", "record", "--listen", "127.0.0.1:0"]


def answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
    """An upstream that answers requests of the tests until the connection ends."""
    while peer.recv(len(post()), socket.MSG_WAITALL):
        peer.sendall(OK)


def ask(url: str, times: int = 1) -> None:
    with raw_peers.connect(url) as client:
        for _ in range(times):
            client.sendall(post())
            assert OK == raw_peers.exactly(client, len(OK))


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("out", ["file", "-"])
def test_a_signal_ends_with_a_whole_recording(ending: signal.Signals, out: str, tmp_path: Path) -> None:
    """Ctrl-C and SIGTERM end with status 0 and a whole HAR, in a file or on standard output."""
    name = "-" if out == "-" else str(tmp_path / "t.har")
    with raw_peers.upstream(answer) as server:
        command = [*RECORD, "--upstream", server.url, "--out", name]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
            assert process.stderr is not None
            line = process.stderr.readline().decode()
            ask(re.findall(r"http://127\.0\.0\.1:\d+", line)[0], 2)
            process.send_signal(ending)
            written, said = process.communicate(timeout=20)
    recording = har_in(written, "-") if out == "-" else read_har(tmp_path / "t.har")
    assert (0, 2, ()) == (process.returncode, len(recording.exchanges), recording.notes), said
    assert "warning" not in line + said.decode()


@pytest.mark.parametrize(
    "words",
    [
        ["--upstream", "ftp://a", "--out", "t.har"],
        ["--upstream", "http://a/path", "--out", "t.har"],
        ["--upstream", "http://127.0.0.1:1", "--out", "no/such/folder/t.har"],
        ["--upstream", "http://127.0.0.1:1", "--out", "-", "--rotate", "1000"],
        ["--upstream", "http://127.0.0.1:1", "--out", "t.har", "--listen", "nonsense"],
        ["--upstream", "http://127.0.0.1:1", "--out", "t.har", "--keep", "-1"],
        ["--upstream", "http://127.0.0.1:1"],
    ],
    ids=" ".join,
)
def test_bad_options_are_one_line(words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit status 2, and one line that says what is wrong."""
    monkeypatch.chdir(tmp_path)
    ended = CliRunner().invoke(main, ["record", *words])
    assert (2, 1) == (ended.exit_code, len(ended.output.splitlines())), ended.output


def test_a_recording_never_replaces_a_file(tmp_path: Path) -> None:
    """A file that exists is left alone: exit status 2."""
    file = tmp_path / "t.har"
    file.write_text("mine", encoding="utf-8")
    ended = CliRunner().invoke(main, ["record", "--upstream", "http://127.0.0.1:1", "--out", str(file)])
    assert (2, "mine") == (ended.exit_code, file.read_text(encoding="utf-8"))


def test_another_machine_is_warned_of_once(tmp_path: Path) -> None:
    """An upstream that is not this machine is one line before anything is sent; an occupied port ends with status 2."""
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        listen = f"127.0.0.1:{occupied.getsockname()[1]}"
        words = ["--upstream", "http://192.0.2.1", "--out", str(tmp_path / "t.har"), "--listen", listen]
        ended = CliRunner().invoke(main, ["record", *words])
    assert 2 == ended.exit_code
    assert ["warning", "kobikom-contracts"] == [line.partition(":")[0] for line in ended.output.splitlines()]


def test_files_rotate_by_size(tmp_path: Path) -> None:
    """Another file begins before one grows larger; each is whole, none holds a part of an exchange."""
    writer = HarFile(tmp_path / "t.har", rotate=6000)
    with (
        raw_peers.upstream(answer) as server,
        RecordingProxy(upstream_at(server.url, tls=tls_context), writer) as proxy,
    ):
        ask(proxy.url, 9)
    writer.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(path.name for path in writer.files)
    assert 1 < len(writer.files)
    assert list(range(1, 10)) == [
        entry["_kobikom"]["connection"] * number
        for number, entry in enumerate(
            (entry for path in writer.files for entry in json.loads(path.read_bytes())["log"]["entries"]), 1
        )
    ]
    assert all(path.stat().st_size <= 6000 for path in writer.files)


@pytest.mark.parametrize("framing", ["length", "chunked", "until close"])
def test_large_bodies_pass_and_are_kept_in_part(framing: str, tmp_path: Path) -> None:
    """Both sides get every octet of a body over the limit; the file holds its beginning, and says what is left out."""
    large = bytes(range(256)) * 2000
    request = post(body=large)
    body = b"".join(b"1000\r\n" + large[at : at + 4096] + b"\r\n" for at in range(0, len(large), 4096)) + b"0\r\n\r\n"
    reply = {
        "length": b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(large) + large,
        "chunked": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + body,
        "until close": b"HTTP/1.1 200 OK\r\n\r\n" + large,
    }[framing]

    def large_answer(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        kept.received.append(raw_peers.exactly(peer, len(request)))
        peer.sendall(reply)

    writer = HarFile(tmp_path / "t.har")
    with (
        raw_peers.upstream(large_answer) as server,
        RecordingProxy(upstream_at(server.url, tls=tls_context), writer, most_body=1000) as proxy,
        raw_peers.connect(proxy.url) as client,
    ):
        client.sendall(request)
        received = raw_peers.to_the_end(client)
    writer.close()
    assert (request, reply) == (server.received[0], received)
    (exchange,) = read_har(tmp_path / "t.har").exchanges
    assert (large[:1000], len(large) - 1000) == (exchange.request_body, exchange.request_left_out)
    assert large[:1000] == exchange.answer_body.replace(b"", b"")
    assert len(reply) == len(exchange.answer_bytes) + exchange.answer_left_out
    assert "answered" == exchange.ended
    (entry,) = json.loads((tmp_path / "t.har").read_bytes())["log"]["entries"]
    assert "not in this file" in entry["response"]["content"]["comment"]


def test_a_message_after_a_large_one_is_kept_whole(tmp_path: Path) -> None:
    """On one connection what follows a body over the limit is recorded as if nothing were left out."""
    large = post(body=BODY * 100)

    def two_answers(peer: socket.socket, kept: raw_peers.Upstream) -> None:
        raw_peers.exactly(peer, len(large) + len(post()))
        peer.sendall(OK + OK)

    writer = HarFile(tmp_path / "t.har")
    with (
        raw_peers.upstream(two_answers) as server,
        RecordingProxy(upstream_at(server.url, tls=tls_context), writer, most_body=len(BODY)) as proxy,
        raw_peers.connect(proxy.url) as client,
    ):
        client.sendall(large + post())
        assert OK + OK == raw_peers.exactly(client, 2 * len(OK))
    writer.close()
    first, second = read_har(tmp_path / "t.har").exchanges
    assert (99 * len(BODY), BODY) == (first.request_left_out, first.request_body)
    assert (0, post()) == (second.request_left_out, second.request_bytes)
