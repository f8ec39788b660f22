"""The command `kobikom-contracts learn`: its files, what it prints, and one line where it cannot go on."""

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from asking import AT_ONCE, MORNING, PASSWORD, RECIPIENT, TERMS, USER
from click.testing import CliRunner, Result

from kobikom_contracts.cli import main
from kobikom_contracts.learning.trace import learn_from_files
from kobikom_emulator import Emulator

SHOWN = {"message-id": "10-digits", "dates": "padded", "turkish-table": "single", "short-credit": "whole-request"}


def emulator(**more: Any) -> Emulator:
    return Emulator(**{"accounts": [TERMS], "clock": {"start": MORNING}, "delivery": AT_ONCE} | more)


def learn(url: str, *options: str, password: str = PASSWORD, budget: int = 40, user: str = USER) -> Result:
    words = ["learn", "--url", url, "--user", user, "--recipient", RECIPIENT, "--budget", str(budget), *options]
    return CliRunner().invoke(main, words, env={"KOBIKOM_PASSWORD": password})


def test_the_written_readings_configure_an_emulator(tmp_path: Path) -> None:
    """An emulator with the written file follows the same readings, and the recording alone says the same."""
    out, trace = tmp_path / "readings.toml", tmp_path / "trace.har"
    with emulator(readings=SHOWN) as service:
        hidden = service.running.registry.default.readings.chosen()
        ended = learn(service.url, "--exclusive", "--out", str(out), "--trace", str(trace))
    assert (0, "") == (ended.exit_code, ended.stderr)
    with Emulator(config=out) as configured:
        assert hidden == configured.running.registry.default.readings.chosen()
    result, notes = learn_from_files([trace], exclusive=True)
    assert (hidden, ()) == (result.decided, notes)
    written = trace.read_bytes() + out.read_bytes() + ended.output.encode()
    assert [] == [secret for secret in (PASSWORD, "wrong-") if secret.encode() in written]


def test_the_result_as_json(tmp_path: Path) -> None:
    """Every reading with its values and evidence, why it is open, and what was spent."""
    file = tmp_path / "result.json"
    with emulator() as service:
        ended = learn(service.url, "--json", str(file), "--exclusive", budget=5)
    result = json.loads(file.read_text(encoding="utf-8"))
    rows = {row["name"]: row for row in result["readings"]}
    assert (0, 23) == (ended.exit_code, len(rows))
    assert ("decided", ["15-digits"], None) == tuple(rows["message-id"][key] for key in ("state", "values", "because"))
    assert ("open", "parts, and" in rows["short-credit"]["because"]) == (rows["short-credit"]["state"], True)
    assert all(row["because"] for row in rows.values() if row["state"] == "open")
    assert (5, None) == (result["budget"], result["stopped"])
    assert 0 < result["parts"] <= 5
    assert str(40 * result["parts"]) == result["credits"]


def test_a_dry_run_sends_nothing(tmp_path: Path) -> None:
    """The plan and its price need no server and no password."""
    address = "https://sms.example.com"
    file = tmp_path / "plan.json"
    ended = learn(address, "--dry-run", "--exclusive", "--price", "0.25", "--json", str(file), password="")
    assert (0, "") == (ended.exit_code, ended.stderr)
    assert "At most 16 parts (4 credits) of a budget of 40." == ended.stdout.splitlines()[-1]
    plan = json.loads(file.read_text(encoding="utf-8"))
    assert plan["parts"] == sum(probe["parts"] for probe in plan["plan"])
    assert (16, "4", 40) == (plan["parts"], plan["credits"], plan["budget"])
    assert [0] * 5 == [probe["parts"] for probe in plan["plan"][:5]]


def test_a_recording_is_not_asked_again(tmp_path: Path) -> None:
    """What the recording of another run decides is not sent again."""
    trace = tmp_path / "trace.har"
    with emulator() as service:
        learn(service.url, "--exclusive", "--trace", str(trace))
        spent = credit_of(service)
        again = learn(service.url, "--from", str(trace), "--json", str(tmp_path / "again.json"))
        result = json.loads((tmp_path / "again.json").read_text(encoding="utf-8"))
        assert (0, spent) == (again.exit_code, credit_of(service) + 40 * result["parts"])
    assert result["parts"] <= 3


def credit_of(service: Emulator) -> Any:
    return service.kobikom.account(USER).credit


BAD_CALLS = {
    "other machine": (["--url", "http://192.0.2.1"], "give --yes"),
    "no address": (["--url", "sms.example.com"], "is not an http:// or https:// address"),
    "no number": (["--recipient", "12345"], "is not a Turkish mobile number"),
    "no recording": (["--from", "no-such.har"], "no-such.har"),
    "no price": (["--price", "free"], "is not a price"),
    "negative budget": (["--budget", "-1"], "--budget"),
    "no folder": (["--out", "no-such-folder/readings.toml"], "no-such-folder"),
}


@pytest.mark.parametrize("case", BAD_CALLS)
def test_a_wrong_call_is_one_line(case: str) -> None:
    """A call that cannot be carried out ends with 2 and one line that says why, and sends nothing."""
    words, said = BAD_CALLS[case]
    ended = learn("http://127.0.0.1:9", *words)
    assert (2, "") == (ended.exit_code, ended.stdout)
    assert 1 == len(ended.stderr.splitlines())
    assert said in ended.stderr


def test_a_missing_password_is_one_line() -> None:
    """Without a terminal nobody can be asked for the password."""
    ended = learn("http://127.0.0.1:9", password="")
    assert (2, ["kobikom-contracts: give the password in KOBIKOM_PASSWORD or with --password"]) == (
        ended.exit_code,
        ended.stderr.splitlines(),
    )


def on_a_terminal(
    url: str, *options: str, answer_to: bytes, answer: str, password: str = ""
) -> tuple[int, bytes, bytes]:
    """Exit status, standard output, and what a terminal showed on which a question was answered."""
    terminal, programs_end = os.openpty()
    words = ["learn", "--url", url, "--user", USER, "--recipient", RECIPIENT, "--budget", "0", *options]
    environment = {name: value for name, value in os.environ.items() if name != "KOBIKOM_PASSWORD"}
    process = subprocess.Popen(
        [sys.executable, "-m", "kobikom_contracts.cli", *words],
        env=environment | ({"KOBIKOM_PASSWORD": password} if password else {}),
        stdin=programs_end,
        stdout=subprocess.PIPE,
        stderr=programs_end,
        start_new_session=True,
    )
    os.close(programs_end)
    shown = b""
    while answer_to not in shown:
        shown += os.read(terminal, 1000)
    os.write(terminal, f"{answer}\n".encode())
    printed, _ = process.communicate(timeout=60)
    with suppress(OSError):  # the end of a terminal that nobody writes to
        while data := os.read(terminal, 1000):
            shown += data
    os.close(terminal)
    return process.returncode, printed, shown


needs_terminal = pytest.mark.skipif(os.name == "nt", reason="there are no pseudo-terminals")


@needs_terminal
def test_the_password_is_asked_for_and_never_shown() -> None:
    """On a terminal it asks for the password, which is neither echoed nor printed."""
    with emulator() as service:
        status, printed, shown = on_a_terminal(service.url, answer_to=b"Password", answer=PASSWORD)
    assert (0, True) == (status, b"readings are decided" in printed)
    assert PASSWORD.encode() not in shown + printed


@needs_terminal
def test_another_machine_is_asked_about() -> None:
    """On a terminal it asks before it sends to another machine; without a yes nothing is sent."""
    url = "http://192.0.2.1:9"
    status, printed, shown = on_a_terminal(url, answer_to=b"Continue?", answer="n", password=PASSWORD)
    assert (2, b"") == (status, printed)
    assert shown.rstrip().endswith(b"kobikom-contracts: nothing was sent")


def test_an_existing_recording_is_kept(tmp_path: Path) -> None:
    """A recording is a new file: another one is never overwritten, and nothing is sent."""
    trace = tmp_path / "trace.har"
    trace.write_text("mine")
    ended = learn("http://127.0.0.1:9", "--trace", str(trace))
    assert (2, "mine", 1) == (ended.exit_code, trace.read_text(), len(ended.stderr.splitlines()))


def test_a_server_that_is_not_there() -> None:
    """No connection: status 2 and one line."""
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        ended = learn(f"http://127.0.0.1:{closed.getsockname()[1]}")
    assert (2, "") == (ended.exit_code, ended.stdout)
    assert ended.stderr.startswith("kobikom-contracts: cannot reach http://127.0.0.1")


STOPS = {
    "password": ({}, {"password": "falsch"}, 2, "the login is refused (-5)"),
    "path": ({}, {"url": "/elsewhere"}, 2, "answers HTTP 404"),
    "page": ({"faults": [{"effect": {"kind": "garbage"}}]}, {}, 2, "not the API's"),
    "no credit": ({"accounts": [{**TERMS, "credit": "39"}]}, {}, 3, "no credit for a message (-2)"),
    "title": ({}, {"title": "Nobody"}, 3, "'Nobody' to 905321112233 gets -34: give one of the"),
    "network": (
        {"accounts": [{**TERMS, "coverage": ["DE"]}]},
        {},
        3,
        "with the title 'Kahve' to 905321112233 gets -3\n",
    ),
    "silence": (
        {"faults": [{"effect": {"kind": "drop", "moment": "before"}, "when": {"skip": 8}}]},
        {},
        3,
        "no whole answer",
    ),
}


@pytest.mark.parametrize("case", STOPS)
def test_a_run_that_cannot_go_on_keeps_what_it_learned(case: str, tmp_path: Path) -> None:
    """One line says why, the status says whether anything was learned, and both files are written."""
    settings, call, status, said = STOPS[case]
    out, trace = tmp_path / "readings.toml", tmp_path / "trace.har"
    with emulator(**settings) as service:
        title = ["--title", call["title"]] if "title" in call else []
        url, password = service.url + call.get("url", ""), call.get("password", PASSWORD)
        ended = learn(url, "--out", str(out), "--trace", str(trace), *title, password=password)
    assert (status, 1) == (ended.exit_code, len(ended.stderr.splitlines()))
    assert said in ended.stderr
    assert (status == 3) == ("readings are decided" in ended.stdout)
    decided = {line.partition(" ")[0] for line in out.read_text().splitlines() if line and line[0] not in "#["}
    assert ({"pull-refusal", "login-codes"} <= decided) == (status == 3)
    assert learn_from_files([trace])[0].labels


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process")
def test_an_interrupted_run_keeps_what_it_learned(tmp_path: Path) -> None:
    """Ctrl-C while it waits for reports: status 130, and the files hold what was learned until then."""
    out, trace = tmp_path / "readings.toml", tmp_path / "trace.har"
    with emulator(delivery={"outcomes": [{"status": "DELIVERED", "after": 7200}]}) as service:
        words = ["learn", "--url", service.url, "--user", USER, "--recipient", RECIPIENT, "--budget", "9"]
        process = subprocess.Popen(
            [sys.executable, "-m", "kobikom_contracts.cli", *words, "--out", str(out), "--trace", str(trace)],
            env=os.environ | {"KOBIKOM_PASSWORD": PASSWORD},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert process.stderr is not None
        assert "waiting for the reports of" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        printed, said = process.communicate(timeout=60)
    assert (130, "kobikom-contracts: interrupted by SIGINT") == (process.returncode, said.splitlines()[-1])
    assert 'message-id = "15-digits"' in out.read_text()
    assert "the run ended before it was decided" in printed
    assert learn_from_files([trace])[0].decided["message-id"] == "15-digits"
