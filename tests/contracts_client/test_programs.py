"""``client --run`` and ``proxy`` judge a program by what it writes."""

import json
import shlex
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from kobikom_contracts.cli import main
from kobikom_contracts.client_suite.http_values import NOTHING, Ending, Reply
from kobikom_contracts.client_suite.program_judge import judge_program
from kobikom_contracts.client_suite.program_run import environment, run_program
from kobikom_contracts.client_suite.proxy import PROXY_CLAUSES, judge_forwarded
from kobikom_contracts.client_suite.pushing import Unreceived, push
from kobikom_contracts.client_suite.scripted_server import ScriptedServer, unused_url
from kobikom_contracts.client_suite.scripts import CallScript
from kobikom_contracts.client_suite.strategies import pull
from kobikom_contracts.core.verdicts import CannotRun, Outcome, Run
from kobikom_contracts.documents import SEND_PATH

PROGRAM = [sys.executable, "-S", "-E", "-B", str(Path(__file__).parent / "programs" / "sends.py")]


def judge(*wrong: str, upstream: str | None = None) -> Run:
    """A run of the program in which nothing is waited for long."""
    return judge_program([*PROGRAM, *wrong], profile="tiny", strict=True, patience=5.0, silence=3.0, upstream=upstream)


def found(run: Run) -> dict[str, str]:
    """Every clause that is not held, with its outcome."""
    return {one.clause.id: one.outcome.value for one in run.verdicts if one.outcome is not Outcome.HELD}


def test_a_sound_program_keeps_every_clause() -> None:
    """A program that sends each message once, as documented, is accused of nothing."""
    run = judge()
    assert ({}, ()) == (found(run), run.disturbances)
    assert ["K-01", "K-02", "K-03", "K-07", "K-11", "K-12", "K-22", "K-39", "K-40", "K-41"] == [
        one.clause.id for one in run.verdicts
    ]


@pytest.mark.parametrize(
    ("wrong", "clause"),
    [("path", "K-01"), ("short", "K-11"), ("wide", "K-40"), ("again", "K-22"), ("follow", "K-41"), ("patient", "K-39")],
)
def test_what_a_program_does_wrong_shows_on_the_wire(wrong: str, clause: str) -> None:
    """Each fault is found at its clause, with the exchange that shows it, and no other clause is accused."""
    run = judge(wrong)
    assert {clause: "violated"} == found(run)
    assert run.of(clause).exchanges
    assert run.of(clause).mend


def test_a_program_that_sends_nothing_is_not_judged() -> None:
    """Without a request on the wire, no clause is held or violated."""
    assert {Outcome.NOT_CHECKABLE} == {one.outcome for one in judge("nothing").verdicts}


def test_another_server_may_give_the_correct_answers() -> None:
    """With ``upstream`` the correct answers are those of that server, and a repeated send is found all the same."""
    with ScriptedServer(CallScript(pull(), None)) as upstream:
        assert {"K-22": "violated"} == found(judge("again", upstream=upstream.url))
        assert len(upstream.take()) > 0


def test_a_program_that_cannot_be_run_ends_the_run() -> None:
    """A program that is not there, or an upstream without a scheme, is one line."""
    with pytest.raises(CannotRun, match="no program 'no-such-program-at-all'"):
        judge_program("no-such-program-at-all --x")
    with pytest.raises(CannotRun, match="not an http or https URL"):
        judge_program(PROGRAM, upstream="127.0.0.1:8080")
    with pytest.raises(CannotRun, match="without an adapter only K-01"):
        judge_program(PROGRAM, only=("K-26",))


def test_the_command_writes_reports(tmp_path: Path) -> None:
    """``client --run`` exits 1 for a violation, and its JSON names the clause."""
    report = tmp_path / "report.json"
    words = ["client", "--run", shlex.join([*PROGRAM, "short"]), "--only", "K-11", "--json", str(report)]
    result = CliRunner().invoke(main, [*words, "--profile", "quick"])
    clauses = json.loads(report.read_text(encoding="utf-8"))["clauses"]
    assert (1, [("K-11", "violated")]) == (result.exit_code, [(one["id"], one["verdict"]) for one in clauses])
    assert "kobikom-contracts client --run" in result.output


@pytest.mark.parametrize(
    "words",
    [("--run", "x", "--command", "y"), ("--command", "y", "--env", "NAME"), ("--command", "y", "--upstream", "u"), ()],
)
def test_options_that_exclude_each_other_are_refused(words: tuple[str, ...]) -> None:
    """A program and an adapter at once, or options of the one with the other, exit 2."""
    assert 2 == CliRunner().invoke(main, ["client", *words]).exit_code


@pytest.mark.parametrize(("wrong", "expected"), [((), {}), (("short",), {"K-11": "violated"})])
def test_a_proxy_judges_what_it_forwards(wrong: tuple[str, ...], expected: dict[str, str]) -> None:
    """An application's requests reach the server behind the proxy, and their faults are reported."""
    with ScriptedServer(CallScript(pull(), None)) as upstream:
        run = judge_forwarded(upstream.url, lambda url: run_program([*PROGRAM, *wrong], environment(url), 20.0))
        assert (2, {"requests": 2}) == (len(upstream.take()), run.spent)
    assert expected == found(run)
    assert set(PROXY_CLAUSES) == {one.clause.id for one in run.verdicts}


@pytest.mark.parametrize(
    ("reply", "status"),
    [
        (Reply(b"HTTP/1.0 200 OK\r\n\r\n<results></results>", Ending.CLOSE), 200),
        (Reply(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Ending.CLOSE), 404),
        (NOTHING, None),
    ],
)
def test_answers_pass_a_proxy(reply: Reply, status: int | None) -> None:
    """The status of an answer is passed on, and where the server gives no answer, neither does the proxy."""
    passed: list[int | None] = []

    def wait(url: str) -> None:
        try:
            passed.append(push(url + SEND_PATH, b"<SMS/>", 5.0)[0])
        except Unreceived:
            passed.append(None)

    with ScriptedServer(lambda _: reply) as upstream:
        judge_forwarded(upstream.url, wait)
    assert [status] == passed


def test_a_proxy_without_a_server_behind_it_answers_502() -> None:
    """Where nothing listens at the upstream, the application gets 502."""
    passed: list[int] = []
    judge_forwarded(unused_url(), lambda url: passed.append(push(url + SEND_PATH, b"<SMS/>", 5.0)[0]))
    assert [502] == passed


def test_the_proxy_command_ends_at_a_signal(tmp_path: Path) -> None:
    """SIGTERM ends the proxy with the report of what it has forwarded, and the exit status of the findings."""
    report = tmp_path / "report.json"
    with ScriptedServer(CallScript(pull(), None)) as upstream:
        words = ["-m", "kobikom_contracts.cli", "proxy", "--upstream", upstream.url, "--port", "0"]
        process = subprocess.Popen(
            [sys.executable, *words, "--json", str(report)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        try:
            assert process.stdout is not None
            url = process.stdout.readline().split()[1]
            run_program([*PROGRAM, "short"], environment(url), 20.0)
            process.send_signal(signal.SIGTERM)
            output, _ = process.communicate(timeout=30)
        finally:
            process.kill()
            process.wait()
    clauses = {one["id"]: one["verdict"] for one in json.loads(report.read_text(encoding="utf-8"))["clauses"]}
    assert (1, "violated", "held") == (process.returncode, clauses["K-11"], clauses["K-12"]), output
