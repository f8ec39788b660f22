"""A server process goes on without descriptors or output, and ends when it is asked to, whatever is in flight."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import pytest
from serve_process import READY, Start, environment

from kobikom_emulator.bootstrap import SHUTDOWN_GRACE

PATIENCE = 30
JSON = {"Content-Type": "application/json"}
LOGIN = "<dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama>"


def ask(port: int, method: str, path: str, body: str = "") -> tuple[int, bytes]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    with contextlib.closing(connection):
        connection.request(method, path, body, JSON)
        answer = connection.getresponse()
        return answer.status, answer.read()


def opened(port: int, text: str = "") -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
    connection.sendall(text.encode())
    return connection


def request(method: str, path: str, body: str = "", length: int | None = None) -> str:
    return (
        f"{method} {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body) if length is None else length}\r\n\r\n{body}"
    )


SPACE = "/_emulator/spaces/default"
IN_FLIGHT = {
    "a wait": request("POST", f"{SPACE}/messages/wait", '{"match":{"text":"never"},"timeout":300}'),
    "a wait for a status": request("POST", f"{SPACE}/messages/wait", '{"match":{"status":"DELIVERED"},"timeout":300}'),
    "a wait for answers that are held": request("POST", f"{SPACE}/faults/release", '{"count":3,"timeout":300}'),
    "a drain": request("POST", f"{SPACE}/drain", '{"timeout":300}'),
    "half a head": "POST /api/sendsms/xml/ HTTP/1.1\r\nHost:",
    "half a body": request("POST", "/api/sendsms/xml/", "<SMS>", 1000),
    "half a change": request("POST", f"{SPACE}/clock", "{", 1000),
    "nothing": "",
    "a stream of events": request("GET", f"{SPACE}/events"),
    "a delayed answer": request("POST", "/api/sendsms/xml/", f"<bakiye>{LOGIN}</bakiye>"),
}


@pytest.mark.parametrize("name", IN_FLIGHT)
def test_a_signal_ends_it_within_the_grace(name: str, start: Start) -> None:
    """Whatever it was answering, the process ends by itself, with status 0 and without a word."""
    served = start("--port", "0")
    if name == "a delayed answer":
        rule = '{"effect":{"kind":"delay","seconds":600},"match":{"operation":"balance"}}'
        assert 201 == ask(served.port, "POST", f"{SPACE}/faults", rule)[0]
    if name == "a drain":
        _push_to_a_silent_receiver(served.port)
    with contextlib.closing(opened(served.port, IN_FLIGHT[name])) as connection:
        ask(served.port, "GET", "/_emulator/health")  # what was sent before is read by then
        served.process.send_signal(signal.SIGTERM)
        out, err = served.process.communicate(timeout=SHUTDOWN_GRACE + 5)
        answer = connection.recv(65536)
    assert (0, "", "") == (served.process.returncode, out, err)
    if name.startswith(("a wait", "a drain")):
        assert b"503" in answer.partition(b"\r\n")[0]
        assert b"the server is stopping" in answer


def _push_to_a_silent_receiver(port: int) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{silent.getsockname()[1]}/"
    message = f"<metin>x</metin><pushurl>{url}</pushurl><alicilar><gsm>905321234567</gsm></alicilar>"
    ask(port, "POST", "/api/sendsms/xml/", f"<SMS>{LOGIN}<mesajiniz>{message}</mesajiniz></SMS>")
    ask(port, "POST", f"{SPACE}/clock", '{"advance":5}')
    silent.settimeout(PATIENCE)
    accepted, _ = silent.accept()  # the push is under way; both sockets end with the process that made them
    _KEPT.extend([silent, accepted])


_KEPT: list[socket.socket] = []


@pytest.fixture(autouse=True)
def _close_kept() -> Iterator[None]:
    yield
    while _KEPT:
        _KEPT.pop().close()


def test_a_client_that_does_not_read_its_answer_holds_up_no_end(start: Start) -> None:
    """A large journal that nobody reads is given up within the grace."""
    served = start("--port", "0")
    for _ in range(8):
        ask(served.port, "POST", "/api/sendsms/xml/", "<SMS>" + "x" * 1_000_000)
    with contextlib.closing(socket.socket()) as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", served.port))
        connection.sendall(request("GET", "/_emulator/journal?limit=100").encode())
        connection.recv(1)
        served.process.send_signal(signal.SIGTERM)
        served.process.communicate(timeout=SHUTDOWN_GRACE + 5)
    assert 0 == served.process.returncode


@contextlib.contextmanager
def running(arguments: list[str], stdout: Any, *, before: str = "") -> Iterator[subprocess.Popen[str]]:
    """A command of the emulator whose standard output is something else than a pipe that is read; `before` are commands
    of the shell that it inherits from.
    """
    process = subprocess.Popen(
        ["sh", "-c", f'{before}\nexec "$@"', "sh", sys.executable, *arguments],
        env=environment(KOBIKOM_LOG_LEVEL="warning"), stdout=stdout, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    with process:
        try:
            yield process
        finally:
            process.kill()


def _answers(port: int) -> bool:
    try:
        return ask(port, "GET", "/_emulator/health")[0] == 200
    except OSError:
        return False


def eventually(holds: Callable[[], object]) -> None:
    """Ask until the answer is true; each question's round trip is the pause."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "the condition never became true"


def _output(kind: str) -> Any:
    if kind == "full":
        return Path("/dev/full").open("w")
    if kind == "closed pipe":
        reading, writing = os.pipe()
        os.close(reading)
        return os.fdopen(writing, "w")
    return None


OUTPUTS = ["full", "closed pipe", "closed"]
full = pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")


@full
@pytest.mark.parametrize("kind", OUTPUTS)
def test_a_server_goes_on_without_its_output(kind: str, unused_tcp_port: int) -> None:
    """It serves and ends with 0; at most one line says that nothing could be printed."""
    before = "exec >&-" if kind == "closed" else ""
    output = _output(kind)
    with running(["-m", "kobikom_emulator", "serve", "--port", str(unused_tcp_port)], output, before=before) as process:
        if output is not None:
            output.close()
        eventually(lambda: _answers(unused_tcp_port))
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
    assert (0, True) == (process.returncode, len(err.splitlines()) <= 1), err
    assert "Traceback" not in err
    assert "Exception" not in err


COMMANDS = {
    "readings": ["-m", "kobikom_emulator", "readings"],
    "readings --json": ["-m", "kobikom_emulator", "readings", "--json"],
    "config": ["-m", "kobikom_emulator", "config"],
    "--help": ["-m", "kobikom_emulator", "--help"],
    "kobikom-contracts days": ["-m", "kobikom_contracts.cli", "days"],
    "kobikom-contracts server --help": ["-m", "kobikom_contracts.cli", "server", "--help"],
    "kobikom-client --help": ["-c", "import sys; from kobikom_client.cli import main; sys.exit(main(['--help']))"],
}


@full
@pytest.mark.parametrize("kind", OUTPUTS)
@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_a_command_without_its_output_is_one_line(command: list[str], kind: str) -> None:
    """No traceback, neither while it prints nor when it ends."""
    before = "exec >&-" if kind == "closed" else ""
    output = _output(kind)
    with running(command, output, before=before) as process:
        if output is not None:
            output.close()
        _, err = process.communicate(timeout=PATIENCE)
    assert len(err.splitlines()) <= 1, err
    assert "Traceback" not in err
    assert process.returncode in (0, 1, 2, 4)


def test_a_server_without_descriptors_answers_503_and_recovers() -> None:
    """More connections than descriptors: those that find none get 503 or wait, the log says it a line a second at most,
    and afterwards everything is as before.
    """
    began = time.monotonic()
    with running(["-m", "kobikom_emulator", "serve", "--port", "0"], subprocess.PIPE, before="ulimit -n 64") as process:
        assert process.stdout is not None
        ready = READY.fullmatch(process.stdout.readline())
        assert ready is not None
        port = int(ready[3])
        with contextlib.ExitStack() as connections:
            many = [connections.enter_context(contextlib.closing(opened(port))) for _ in range(200)]
            refused = many[-1]
            refused.sendall(request("GET", "/_emulator/health").encode())
            assert b"HTTP/1.1 503" == refused.recv(65536)[:12]
        eventually(lambda: _answers(port))
        assert b"<miktar>" in ask(port, "POST", "/api/sendsms/xml/", f"<bakiye>{LOGIN}</bakiye>")[1]
        process.send_signal(signal.SIGTERM)
        _, err = process.communicate(timeout=PATIENCE)
    lines = err.splitlines()
    assert (0, True) == (process.returncode, 1 <= len(lines) <= 2 + time.monotonic() - began), err
    assert ["out of file descriptors" in line for line in lines] == [True] * len(lines)


@pytest.mark.parametrize(
    ("arguments", "warned"),
    [
        (["--host", "0.0.0.0"], True),
        (["--host", "0.0.0.0", "--set", "control.token=s3cret"], False),
        (["--host", "127.0.0.1"], False),
        (["--host", "localhost"], False),
    ],
)
def test_a_server_that_is_open_to_others_says_so(arguments: list[str], warned: bool, start: Start) -> None:
    """One line that says what to do, where others can connect and no token is wanted."""
    served = start("--port", "0", *arguments)
    ended = served.stop()
    lines = ended.err.splitlines()
    assert warned == (len(lines) == 1) == ("control.token" in ended.err), ended.err
    assert "s3cret" not in ended.err


def test_an_idle_connection_is_closed(start: Start) -> None:
    """One that never asked, one that asked before, one in the middle of a head; not one that waits for its answer."""
    served = start("--port", "0", "--set", "limits.idle-timeout=0.3")
    answers: dict[str, bytes] = {}

    def keep(name: str, text: str) -> None:
        with contextlib.closing(opened(served.port, text)) as connection:
            received = b""
            while piece := connection.recv(65536):
                received += piece
            answers[name] = received

    texts = {
        "silent": "", "asked": request("GET", "/_emulator/health"), "half a head": "GET / HTTP/1.1\r\nHos",
        "half a body": request("POST", "/api/sendsms/xml/", "<SMS>", 1000),
        "waiting": request("POST", f"{SPACE}/messages/wait", '{"match":{"text":"never"},"timeout":1.5}'),
    }  # fmt: skip
    threads = [threading.Thread(target=keep, args=item) for item in texts.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    heads = {name: answer.partition(b"\r\n")[0][9:12] for name, answer in answers.items()}
    assert {"silent": b"", "asked": b"200", "half a head": b"", "half a body": b"400", "waiting": b"408"} == heads
