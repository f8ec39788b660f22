"""The command `serve` as a process: its ready line, signals, exit codes and error messages."""

import contextlib
import json
import re
import signal
import socket
import sqlite3
import threading
from pathlib import Path

import pytest
from raw_http import PULL, Line, ask, asking, credit, eventually, order
from serve_process import Run, Start

from kobikom_emulator import Emulator

DELAYED = '[[faults]]\neffect = { kind = "delay", seconds = 0.3 }\nmatch = { operation = "send" }\n'
ENDLESS = DELAYED.replace("0.3", "3000")
STOPS = [signal.SIGTERM, signal.SIGINT]


def test_the_server_answers_after_its_ready_line(start: Start) -> None:
    """The ready line has the address, and a request directly after it is answered."""
    served = start("--port", "0")
    heard = ask(served.port, asking(order()))
    assert ("127.0.0.1", 0) == (served.host, heard.results[0][0])
    assert (0, "", "") == served.stop()


def test_only_the_ready_line_is_printed(start: Start) -> None:
    """No request makes the server print more than its ready line."""
    served = start("--port", "0")
    for request in (asking(order()), asking(None, target=PULL), b"garbage\r\n\r\n", asking(b"x", target="/x")):
        ask(served.port, request)
    assert (0, "", "") == served.stop()


@pytest.mark.parametrize(
    ("account", "known"), [((), "test, test"), (("--account", "acme:very-secret"), "acme, as configured")]
)
def test_what_a_newcomer_needs_stands_on_standard_error(start: Start, account: tuple[str, ...], known: str) -> None:
    """The base URL, the account, the page, where refusals are explained; then a line for each request. No password."""
    served = start("--port", "0", *account, KOBIKOM_LOG_LEVEL="info")
    url = f"http://127.0.0.1:{served.port}"
    ask(served.port, asking(order()))
    ended = served.stop()
    lines = [line.rsplit("  ", 1)[-1].strip() for line in ended.err.splitlines()[:3]]
    assert [url, known, f"page with messages and requests {url}/_emulator/"] == lines
    assert (True, 1, False) == (
        "kobikom explain FILE" in ended.err,
        ended.err.count("INFO default send"),
        "very-secret" in ended.err,
    )


def test_a_store_is_for_one_server_at_a_time(start: Start, run: Run, tmp_path: Path) -> None:
    """Sends are in the file, and a second server on it ends with one line and exit code 2."""
    file = tmp_path / "store.sqlite"
    served = start("--port", "0", "--store", str(file))
    assert 0 == ask(served.port, asking(order())).results[0][0]
    second = run("serve", "--port", "0", KOBIKOM_STORE=str(file))
    assert (2, "", f"kobikom-emulator: the store {file} is in use by another server\n") == (
        second.code, second.out, second.err,
    )  # fmt: skip
    assert 0 == served.stop().code
    with contextlib.closing(sqlite3.connect(file)) as database:
        assert [(1,)] == database.execute("SELECT count(*) FROM batches").fetchall()
    assert 0 == start("--port", "0", "--store", str(file)).stop().code


def test_the_server_begins_with_a_state(start: Start, run: Run, tmp_path: Path) -> None:
    """One that was exported; a wrong one ends the start, and the error names the file."""
    file = tmp_path / "state.json"
    with Emulator() as emulator:
        emulator.kobikom.account(credit="12.5")
        file.write_text(json.dumps(emulator.kobikom.state()), "utf-8")
    served = start("--port", "0", "--state", str(file))
    assert "12.500" == credit(served.port)
    assert (0, "", "") == served.stop()
    file.write_text('{"format": "?"}')
    ended = run("serve", "--port", "0", "--state", str(file))
    assert (2, True) == (ended.code, ended.err.startswith(f"kobikom-emulator: {file}: format"))
    ended = run("serve", "--state", "a", "--scenario", "b")
    assert (2, True) == (ended.code, "choose one" in ended.err)


def test_the_demo_prints_where_it_is_and_no_line_for_each_request_of_its_week(start: Start) -> None:
    """A request that comes later has its line."""
    served = start("--port", "0", "--still", command="demo")
    ask(served.port, asking(order()))
    ended = served.stop()
    assert f"the inbox: http://127.0.0.1:{served.port}/_emulator/\n" == ended.out
    assert 1 == len(ended.err.splitlines())


def test_behind_a_proxy_the_address_that_people_see_is_named(start: Start) -> None:
    """The line on standard output keeps the address at which the server listens."""
    served = start("--port", "0", "--public-url", "https://sms.example/fake", KOBIKOM_LOG_LEVEL="info")
    lines = served.stop().err.splitlines()
    assert ["https://sms.example/fake", "https://sms.example/fake/_emulator/"] == [
        line.split()[-1] for line in (lines[0], lines[2])
    ]


def test_the_log_is_json_where_that_is_asked_for(start: Start) -> None:
    """Each line is one object, also that with the address for the application."""
    served = start("--port", "0", "--log-format", "json", KOBIKOM_LOG_LEVEL="info")
    ask(served.port, asking(order()))
    ask(served.port, asking(None, target=PULL))
    introduction, *logged = [json.loads(line) for line in served.stop().err.splitlines()]
    url = f"http://127.0.0.1:{served.port}"
    assert (url, "test", "test") == tuple(introduction[name] for name in ("base_url", "user", "password"))
    assert [("send", "accepted"), ("pull", "empty")] == [(line["operation"], line["outcome"]) for line in logged]


@pytest.mark.parametrize("number", STOPS)
def test_a_signal_lets_the_current_request_finish(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    """After SIGTERM or SIGINT the current request is answered, new ones are not accepted, and the exit status is 0."""
    config = tmp_path / "kobikom.toml"
    config.write_text(DELAYED)
    served = start("--port", "0", "--config", str(config))
    with Line(served.port) as line:
        line.say(asking(order()))
        eventually(lambda: credit(served.port) == "999.000")
        served.process.send_signal(number)
        heard = line.hear()
        assert ((200, 0), b"") == ((heard.status, heard.results[0][0]), line.rest())
    assert (0, "", "") == served.ended()
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", served.port), timeout=5)


@pytest.mark.parametrize("number", STOPS)
def test_open_connections_do_not_delay_the_end(start: Start, tmp_path: Path, number: signal.Signals) -> None:
    """Idle connections, unfinished requests and long delays do not keep the server from stopping."""
    config = tmp_path / "kobikom.toml"
    config.write_text(ENDLESS)
    served = start("--port", "0", "--config", str(config))
    with contextlib.ExitStack() as stack:
        lines = [stack.enter_context(Line(served.port)) for _ in range(5)]
        lines[1].say(asking(b"<bakiye/>"))
        assert 200 == lines[1].hear().status
        lines[2].say(asking(order())[:40])
        lines[4].say(asking(order())[:-40])
        lines[3].say(asking(order()))
        eventually(lambda: credit(served.port) == "999.000")
        watchdog = threading.Timer(8, served.process.kill)
        watchdog.start()
        ended = served.stop(number)
        watchdog.cancel()
        assert 0 == lines[3].hear().results[0][0]
    assert (0, "", "") == ended


def test_a_second_signal_changes_nothing(start: Start, tmp_path: Path) -> None:
    """Further signals while the server stops do not cause a crash."""
    config = tmp_path / "kobikom.toml"
    config.write_text(DELAYED)
    served = start("--port", "0", "--config", str(config))
    with Line(served.port) as line:
        line.say(asking(order()))  # the first signal may arrive before or after it is read
        watchdog = threading.Timer(8, served.process.kill)
        watchdog.start()
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGINT):
            served.process.send_signal(number)
        ended = served.ended()
        watchdog.cancel()
    assert (0, "", "") == ended


BROKEN = {
    "unknown.toml": 'colour = "red"\n',
    "nested.toml": "[limits]\nmax-bodies = 3\n",
    "not.toml": "port = = 1\n",
    "wrong.toml": 'seed = "many"\n',
    "reading.toml": '[readings]\nlong-text = "bogus"\n',
    "never.toml": '[[faults]]\neffect = { kind = "drop", moment = "after" }\nwhen = { until = 2020-01-01T00:00:00Z }\n',
    "accounts.toml": '[[accounts]]\nuser = "a"\n',
    "twice.toml": '[[accounts]]\nuser = "a"\npassword = "b"\n[[accounts]]\nuser = "a"\npassword = "b"\n',
    "zone.toml": "[clock]\nstart = 2026-01-31T09:00:00\n",
}
INVALID_ARGUMENTS = [
    ["--port", "x"],
    ["--port", "70000"],
    ["--port", "-1"],
    ["--host", "no.such.host.invalid"],
    ["--seed", "x"],
    ["--log-level", "loud"],
    ["--reading", "no-such=value"],
    ["--reading", "long-text=bogus"],
    ["--reading", "long-text"],
    ["--account", "nopassword"],
    ["--set", "nothing=1"],
    ["--set", "limits.max-body=0"],
    ["--bogus"],
    ["surplus"],
    ["--config", "missing.toml"],
    ["--config", "."],
    *(["--config", name] for name in BROKEN),
]


@pytest.mark.parametrize("arguments", INVALID_ARGUMENTS, ids=" ".join)
def test_invalid_arguments_are_one_line_and_exit_2(
    run: Run, arguments: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Invalid arguments print one line on standard error that begins with the command's name; exit 2."""
    monkeypatch.chdir(tmp_path)
    for name, text in BROKEN.items():
        Path(name).write_text(text)
    ended = run("serve", "--port", "0", *arguments)
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n")), ended.err
    assert ended.err.startswith("kobikom-emulator: ")
    if arguments[0] == "--config":
        assert arguments[1] in ended.err


def test_a_port_that_is_taken(run: Run, start: Start) -> None:
    """A second server on the same port names the port and exits; the first is not affected."""
    served = start("--port", "0")
    ended = run("serve", "--port", str(served.port))
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n"))
    assert str(served.port) in ended.err
    assert 200 == ask(served.port, asking(order())).status


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("KOBIKOM_PORT", "x"),
        ("KOBIKOM_READINGS__LONG_TEXT", "bogus"),
        ("KOBIKOM_ACCOUNTS", "["),
    ],
)
def test_invalid_environment_variables(run: Run, variable: str, value: str) -> None:
    """An invalid variable prints one line that names it; exit 2."""
    ended = run("serve", **{"KOBIKOM_PORT": "0"} | {variable: value})
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n")), ended.err
    assert variable in ended.err


def test_variables_of_others_do_not_stop_the_server(start: Start) -> None:
    """The link to a service called kobikom is ignored and a flag wins; each of the warnings is a line."""
    served = start(
        "--port", "0", KOBIKOM_PORT="tcp://10.0.0.1:8080", KOBIKOM_SERVICE_HOST="10.0.0.1", KOBIKOM_COLOUR="red"
    )
    err = served.stop().err
    assert ["KOBIKOM_COLOUR", "KOBIKOM_PORT, KOBIKOM_SERVICE_HOST"] == re.findall(
        r"warning: environment (.*?)(?: is|:)", err
    )


def test_settings_from_the_environment(start: Start) -> None:
    """Port, accounts and readings are read from KOBIKOM_ variables; flags have precedence."""
    accounts = [{"user": "test", "password": "test", "credit": "5.000"}]
    served = start(
        "--reading",
        "pull-refusal=negative",
        KOBIKOM_PORT="0",
        KOBIKOM_ACCOUNTS=json.dumps(accounts),
        KOBIKOM_READINGS__PULL_REFUSAL="positive",
        KOBIKOM_READINGS__REFUSAL_SHAPE="per-recipient",
    )
    assert "5.000" == credit(served.port)
    assert b"-5" == ask(served.port, asking(None, target=PULL + "x")).body
    assert [(-6, "", "")] == ask(served.port, asking(order("<gsm></gsm>"))).results
    assert (0, "", "") == served.stop()


def test_the_same_seed_gives_the_same_ids(start: Start) -> None:
    """Two processes with the same seed give the same ids; another seed gives others."""
    ids = [ask(start("--port", "0", "--seed", seed).port, asking(order())).results for seed in ("7", "7", "8")]
    assert ids[0] == ids[1] != ids[2]


def test_malformed_requests_print_no_traceback(start: Start) -> None:
    """Requests that are not HTTP, cut bodies and invalid chunks leave standard error empty."""
    served = start("--port", "0")
    for request in (
        b"garbage\r\n\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        asking(order())[:-9],
        asking(None, "Transfer-Encoding: chunked", method="POST") + b"3\r\nabc\r\nzz\r\n",
        asking(order(), target="/x")[:-9],
    ):
        with Line(served.port) as line:
            line.say(request)
            line.finish()
            assert line.rest()[9:12] in (b"400", b"404")
    assert (0, "", "") == served.stop()


def test_ready_checks_whether_the_server_answers(run: Run, start: Start) -> None:
    """`ready` exits with 0 if a server answers, otherwise with 1 and one line."""
    served = start("--port", "0")
    assert (0, "", "") == run("ready", "--url", served.url, "--wait", "10")
    assert (0, "", "") == run("ready", KOBIKOM_PORT=str(served.port))
    served.stop()
    stopped = run("ready", "--url", served.url)
    assert (1, "", 1) == (stopped.code, stopped.out, stopped.err.count("\n"))


def test_ready_waits(run: Run, start: Start) -> None:
    """`ready --wait` that is started before the server exits with 0 when the server answers."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
    waited: list[object] = []
    waiting = threading.Thread(target=lambda: waited.append(run("ready", "--wait", "25", KOBIKOM_PORT=port)))
    waiting.start()
    start("--port", port)
    waiting.join(40)
    assert [(0, "", "")] == waited


@pytest.mark.parametrize("wait", ["-1", "x", "1e9"])
def test_ready_refuses_an_invalid_time(run: Run, wait: str) -> None:
    """An invalid value of --wait prints one line; exit 2."""
    ended = run("ready", "--wait", wait)
    assert (2, "", 1) == (ended.code, ended.out, ended.err.count("\n"))


def test_explain_reads_standard_input(run: Run) -> None:
    """`explain -` exits with 0 for a request that would be accepted, otherwise with 1 and the clause."""
    accepted = run("explain", "-", stdin=order().decode())
    refused = run("explain", "-", stdin=order(more="<flash>7</flash>").decode())
    assert (0, "", 1, "") == (accepted.code, accepted.err, refused.code, refused.err)
    assert "S-17" in refused.out


@pytest.mark.parametrize("command", ["readings", "config", "--help", "--version"])
def test_commands_that_only_print(run: Run, command: str) -> None:
    """Commands that only print exit with 0 and print nothing on standard error."""
    ended = run(command)
    assert (0, "") == (ended.code, ended.err)
    assert ended.out


def test_no_arguments_show_the_help(run: Run) -> None:
    """The command without arguments prints its help and no traceback."""
    ended = run()
    assert "serve" in ended.out + ended.err
    assert "Traceback" not in ended.err
