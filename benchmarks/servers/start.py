"""Starts each server, and checks that it answers a send before it is measured."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from benchmarks.bodies import ANSWER_TYPE, ONE_ANSWER, ONE_ANSWER_TEMPLATE, SEND_PATH, send_body
from benchmarks.processes import NotStarted, Server, free_port, running, until_it_answers


@contextmanager
def emulator(folder: Path, *flags: str) -> Iterator[Server]:
    """The emulator with an account whose credit is never used up, the journal on and a fault rule armed."""
    config = folder / "emulator.toml"
    config.write_text('faults = [{effect = {kind = "status", code = -1}, match = {to = "49*"}}]\n', "utf-8")
    command = [sys.executable, "-m", "kobikom_emulator", "serve", "--log-level", "warning", "--config", str(config)]
    with _serving([*command, "--account", "test:test:999999999999", *flags], folder, "emulator") as server:
        yield server


@contextmanager
def bare_aiohttp(folder: Path) -> Iterator[Server]:
    with _serving([sys.executable, "-m", "benchmarks.servers.bare_aiohttp"], folder, "bare", port_flag="") as server:
        yield server


@contextmanager
def httpserver(folder: Path) -> Iterator[Server]:
    with _serving(
        [sys.executable, "-m", "benchmarks.servers.httpserver"], folder, "httpserver", port_flag=""
    ) as server:
        yield server


@contextmanager
def wiremock(folder: Path, command: Sequence[str], *, templated: bool) -> Iterator[Server]:
    """WireMock with a journal of the emulator's length.

    `templated`: the number is read from the request, and the id is random.
    """
    answer = ONE_ANSWER.decode()
    if templated:
        answer = ONE_ANSWER_TEMPLATE.format(
            id="{{randomValue length=15 type='NUMERIC'}}", number="{{xPath request.body '//gsm/text()'}}"
        )
    response: dict[str, Any] = {"status": 200, "headers": {"Content-Type": ANSWER_TYPE}, "body": answer}
    if templated:
        response["transformers"] = ["response-template"]
    mapping = {"request": {"method": "POST", "urlPath": SEND_PATH}, "response": response}
    home = folder / ("wiremock-templated" if templated else "wiremock-static")
    (home / "mappings").mkdir(parents=True)
    (home / "mappings" / "send.json").write_text(json.dumps(mapping), "utf-8")
    options = ["--bind-address", "127.0.0.1", "--disable-banner", "--max-request-journal-entries", "1000"]
    if templated:
        options.append("--local-response-templating")
    with _serving([*command, "--root-dir", str(home), *options], folder, home.name) as server:
        yield server


@contextmanager
def mountebank(folder: Path, command: Sequence[str], *, xpath: bool) -> Iterator[Server]:
    """Mountebank with one imposter. `xpath`: it reads the number from the XML before it answers."""
    control, port = free_port(), free_port()
    home = folder / ("mountebank-xpath" if xpath else "mountebank-static")
    home.mkdir()
    stub: dict[str, Any] = {
        "responses": [
            {"is": {"statusCode": 200, "headers": {"Content-Type": ANSWER_TYPE}, "body": ONE_ANSWER.decode()}}
        ]
    }
    if xpath:
        stub["predicates"] = [{"exists": {"body": True}, "xpath": {"selector": "//gsm"}}]
    imposter = {"port": port, "host": "127.0.0.1", "protocol": "http", "stubs": [stub]}
    options = [
        "--port",
        str(control),
        "--localOnly",
        "--nologfile",
        "--loglevel",
        "error",
        "--pidfile",
        str(home / "pid"),
    ]
    log = home / "log"
    with running([*command, *options], log=log, cwd=home) as process:
        until_it_answers(process, control, log=log, path="/imposters", method="GET")
        connection = HTTPConnection("127.0.0.1", control, timeout=10)
        connection.request("POST", "/imposters", json.dumps(imposter).encode(), {"Content-Type": "application/json"})
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        if answer.status != 201:
            raise NotStarted(f"mountebank refused the imposter: {content[:200]!r}")
        until_it_answers(process, port, log=log, path=SEND_PATH, body=send_body(1))
        yield Server(port, process.pid)


@contextmanager
def _serving(command: Sequence[str], folder: Path, name: str, *, port_flag: str = "--port") -> Iterator[Server]:
    """Start a server on a free port, and yield it after it has accepted a send."""
    port = free_port()
    log = folder / f"{name}.log"
    with running([*command, *([port_flag] if port_flag else []), str(port)], log=log) as process:
        answer = until_it_answers(process, port, log=log, path=SEND_PATH, body=send_body(1))
        if b"<status>0</status>" not in answer or len(answer) != len(ONE_ANSWER):
            raise NotStarted(f"{name} answered {answer[:300]!r}")
        yield Server(port, process.pid)
