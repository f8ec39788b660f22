"""Passwords and the control token are in no line that the server writes, at any level, whatever a client sends."""

import random
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serve_process import Run, Served, environment

PASSWORD, TOKEN, GUESS = "Pa55-of-the-account", "T0ken-of-the-control-api", "Gue55-of-a-client"
SECRETS = (PASSWORD, TOKEN, GUESS)
LOGIN = f"<dogrulama><kullanici>anna</kullanici><parola>{PASSWORD}</parola></dogrulama>"

REQUESTS = (
    f"GET /api/sendsms/xml/pull?kullanici=anna&parola={PASSWORD} HTTP/1.1\r\nHost: a\r\n\r\n",
    f"GET /api/sendsms/xml/pull?kullanici=anna&parola={GUESS} HTTP/7.7\r\nHost: a\r\n\r\n",
    f"GET /nothing/{PASSWORD} HTTP/1.1\r\nHost: a\r\nAuthorization: Basic {GUESS}\r\n\r\n",
    f"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\nContent-Length: 400\r\n\r\n<bakiye>{LOGIN}</bakiye>",
    f"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\nContent-Length: 90\r\n\r\n<bakiye>{LOGIN}</bakiye>",
    f"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n{PASSWORD}\r\n{LOGIN}\r\n0\r\n",
    f"GET /_emulator/spaces HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n\r\n",
    f"GET /_emulator/spaces HTTP/1.1\r\nHost: {TOKEN}.example\r\nAuthorization: Bearer {GUESS}\r\n\r\n",
    f"PUT /_emulator/spaces/default/state HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {TOKEN}\r\n"
    f'Content-Type: application/json\r\nContent-Length: 30\r\n\r\n{{"password": "{GUESS}"}}',
    f"GET /api/sendsms/xml/pull?parola={PASSWORD} HTTP/1.1\r\nHost: a\r\n{GUESS}\r\n\r\n",
    f"GET /_emulator/spaces HTTP/1.1\r\nHost: localhost\r\nAuthorization : Bearer {TOKEN}\r\n\r\n",
    f"\x16\x03\x01{PASSWORD}\r\n\r\n",
    f"GET http://anna:{PASSWORD}@host:port/api/sendsms/xml/pull HTTP/1.1\r\nHost: anna:{PASSWORD}@host\r\n\r\n",
)
"""Requests with secrets in each place that can hold one, some of them no HTTP."""

PIECES = (b"\r\n", b"\xff", b"\x00", b" ", b": ", b"HTTP/9.9", b"Content-Length: x\r\n", b"\r", b"%", b"\xed\xb3\xbf")


def _fuzzed(dice: random.Random) -> bytes:
    """One of the requests, cut, doubled or with something in it that does not belong there."""
    request = dice.choice(REQUESTS).encode()
    for _ in range(dice.randrange(4)):
        at = dice.randrange(len(request) + 1)
        match dice.randrange(4):
            case 0:
                request = request[:at] + dice.choice(PIECES) + request[at:]
            case 1:
                request = request[:at] + request[at + dice.randrange(1, 9) :]
            case 2:
                request = request[:at]
            case _:
                request += dice.choice(REQUESTS).encode()
    return request


def _send(port: int, request: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        try:
            connection.sendall(request)
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(65536):
                pass
        except ConnectionError:
            pass  # it was closed for what was sent


@pytest.mark.parametrize("level", ["debug", "warning"])
def test_no_secret_is_logged(tmp_path: Path, level: str) -> None:
    """Malformed requests with passwords and tokens in every place leave none of them in the output (a fuzz of 400)."""
    command = [sys.executable, "-m", "kobikom_emulator", "serve", "--port", "0", "--log-level", level]
    command += ["--account", f"anna:{PASSWORD}", "--set", f"control.token={TOKEN}"]
    log = tmp_path / "log"
    variables = environment(PYTHONASYNCIODEBUG="1" if level == "debug" else "")
    with (
        log.open("wb") as errors,
        subprocess.Popen(command, env=variables, stdout=subprocess.PIPE, stderr=errors, text=True) as process,
    ):
        try:
            served = Served(process)
            _send_all(served.port)
            ended = served.stop(signal.SIGTERM)
        finally:
            process.kill()
    assert 0 == ended.code
    output = ended.out + log.read_text()
    assert [] == [secret for secret in SECRETS if secret in output]
    assert level != "debug" or "not HTTP" in output


def _send_all(port: int) -> None:
    dice = random.Random(7)
    for request in (*(request.encode() for request in REQUESTS), *(_fuzzed(dice) for _ in range(400))):
        _send(port, request)


@pytest.mark.parametrize(
    ("arguments", "variables"),
    [
        (["--account", f":{PASSWORD}"], {}),
        (["--account", f"anna:{PASSWORD}:much"], {}),
        (["--account", f"anna:{PASSWORD}", "--account", f"anna:{PASSWORD}"], {}),
        (["--account", f"anna:{PASSWORD * 40}"], {}),
        (["--set", f"control={TOKEN}", "--set", "control.token=x"], {}),
        (["--set", f"control.token {TOKEN}"], {}),
        (["--set", f"control.tokn={TOKEN}"], {}),
        (["--set", f'control.token=["{TOKEN}"]'], {}),
        (["--set", f'accounts=[{{"user": "anna", "password": "{PASSWORD}"'], {}),
        (["--set", f'accounts=[{{"user": "anna", "password": ["{PASSWORD}"]}}]'], {}),
        ([], {"KOBIKOM_ACCOUNTS": f"anna:{PASSWORD}"}),
        ([], {"KOBIKOM_ACCOUNTS": f'[{{"user": "anna", "password": "{PASSWORD}", "credit": "{PASSWORD}"}}]'}),
        ([], {"KOBIKOM_CONTROL": f'{{"token": "{TOKEN}"', "KOBIKOM_CONTROL__HOSTS": '["a"]'}),
        ([], {"KOBIKOM_CONTROL__TOKEN": f'{{"a": "{TOKEN}"}}'}),
    ],
)
def test_no_error_of_a_setting_quotes_a_secret(run: Run, arguments: list[str], variables: dict[str, str]) -> None:
    """Settings with a secret in the right or the wrong place are refused in a line that does not show it."""
    ended = run("config", *arguments, **variables)
    assert (2, True) == (ended.code, ended.err.startswith("kobikom-emulator: "))
    assert [] == [secret for secret in SECRETS if secret in ended.out + ended.err]


def test_no_warning_of_a_variable_quotes_its_value(run: Run) -> None:
    """A variable that names no setting is a warning with its name alone."""
    ended = run("config", KOBIKOM_TOKEN=TOKEN)
    assert (0, True) == (ended.code, "KOBIKOM_TOKEN" in ended.err)
    assert [] == [secret for secret in SECRETS if secret in ended.out + ended.err]
