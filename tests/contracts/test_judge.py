"""The verdicts held, violated, not checkable, differs and error, and every way to report them."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.deviation import Deviation

from kobikom_contracts import pytest_mode
from kobikom_contracts.cli import main
from kobikom_contracts.control import Control, ControlError
from kobikom_contracts.core.report.html import html_report
from kobikom_contracts.core.report.machine import as_data, json_report, junit_report
from kobikom_contracts.core.report.terminal import Terminal
from kobikom_contracts.core.verdicts import CannotRun, Outcome, Run, Verdict
from kobikom_contracts.documents import query
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.contracts import server_contracts
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need, Target
from kobikom_contracts.transcript import Transcript

CORRECT = Deviation("T-01.1", "nothing")
REMOTE = Target("https://sms.example.org", "u", "p")


def deviant(behaviour: str) -> Deviation:
    """The deviation of the catalogue with this behaviour."""
    return next(one for one in DEVIATIONS if one.behaviour == behaviour)


def controlled(url: str, **more: Any) -> Target:
    """The target with its control API probed."""
    control = Control(url)
    control.probe()
    return Target(url, "test", "test", control=control, timeout=3.0, **more)


def alone(verdict: Verdict) -> str:
    """A command for reports."""
    return f"again {verdict.clause.id}"


@pytest.fixture
def correct() -> Iterator[str]:
    """The URL of a correct server."""
    with CORRECT.served() as url:
        yield url


@pytest.fixture
def broken() -> Iterator[Run]:
    """A run that found reports given twice."""
    with deviant("gives reports again").served() as url:
        yield judge_server(controlled(url), profile="tiny", seed=7, only=["R-03", "R-07"], nonce="x")


def test_same_seed_same_verdicts() -> None:
    """Two runs with one seed at one kind of server agree in every word of their reports."""
    reports = []
    for _ in range(2):
        with deviant("splits into parts of 154").served() as url:
            run = judge_server(controlled(url), profile="tiny", seed=3, only=["S-10", "R-07", "B-01"], nonce="n")
            clauses = as_data(run)["clauses"]
            reports.append([{k: v for k, v in one.items() if k not in ("transcript", "seconds")} for one in clauses])
    assert reports[0] == reports[1]


def test_violation_is_reported_in_full(broken: Run) -> None:
    """Expected, found, reading and the wire of the failing example are in the verdict."""
    verdict = broken.of("R-03")
    assert (Outcome.VIOLATED, "reports given before and again: ()") == (verdict.outcome, verdict.expected)
    assert verdict.statement is not None
    assert ("R-03.1", "D") == (verdict.statement.id, verdict.statement.source)
    assert [True] == [b"<DeliveryReport>" in one.received for one in verdict.exchanges if b"/pull?" in one.sent][-1:]
    assert "pull-refusal=positive" == broken.of("R-07").reading
    assert broken.failed()


def test_counterexample_is_small() -> None:
    """A text that costs too little is shrunk: the counterexample is printed with the verdict."""
    with deviant("counts extension characters once").served() as url:
        run = judge_server(controlled(url), profile="tiny", seed=1, only=["S-10"], nonce="x")
    assert Outcome.VIOLATED is run.of("S-10").outcome


def test_inferred_clause_differs_without_the_control_api() -> None:
    """Without the control API an I statement differs, with --strict it is violated."""
    with deviant("ignores a DOCTYPE").served() as url:
        target = Target(url, "test", "test", timeout=3.0)
        soft = judge_server(target, profile="tiny", only=["T-11"])
        hard = judge_server(replace(target, strict=True), profile="tiny", only=["T-11"])
    assert (Outcome.DIFFERS, Outcome.VIOLATED) == (
        soft.of("T-11").outcome,
        hard.of("T-11").outcome,
    )
    assert (False, True, True) == (soft.failed(), soft.failed(strict=True), hard.failed())


def test_without_control_nothing_holds_unchecked(correct: str) -> None:
    """What needs credit, time or outcomes is not checkable with a reason, never held."""
    target = Target(correct, "test", "test", timeout=3.0, patience=0.0)
    run = judge_server(target, profile="tiny", only=["C", "R-05", "R-09", "S-19", "S-21"], wait=lambda _: None)
    assert {"C-01", "C-02", "C-03", "C-04", "C-05", "R-05", "S-21"} <= {
        v.clause.id for v in run.verdicts if v.outcome is Outcome.NOT_CHECKABLE and v.detail
    }


def test_part_of_a_clause_may_hold_unchecked_in_the_rest(correct: str) -> None:
    """Where one statement of a clause could be judged, the others say why they were not."""
    target = Target(correct, "test", "test", timeout=3.0, patience=0.0)
    verdict = judge_server(target, profile="tiny", only=["S-19"], wait=lambda _: None).of("S-19")
    outcomes = {one.statement.id: one.outcome for one in verdict.statements}
    assert (Outcome.HELD, Outcome.NOT_CHECKABLE) == (outcomes["S-19.1"], outcomes["S-19.2"])
    assert "in part: needs a local target with the control API" in verdict.detail


def test_safe_sends_nothing(correct: str) -> None:
    """With --safe no message is sent, and clauses that need one are not checkable."""
    run = judge_server(Target(correct, "test", "test", safe=True), profile="tiny")
    assert (0, 0) == (run.spent["messages"], run.spent["parts"])
    assert Outcome.NOT_CHECKABLE is run.of("S-02").outcome
    assert Outcome.HELD is run.of("A-03").outcome
    assert not run.failed()


def test_budget_is_kept(correct: str) -> None:
    """No run spends more parts than its budget."""
    target = Target(correct, "test", "test", budget=30, timeout=3.0, patience=0.0)
    run = judge_server(target, profile="tiny", only=["T", "S"], wait=lambda _: None)
    assert 0 < run.spent["parts"] <= 30
    assert "budget of 30" in run.of("S-20").detail


def test_real_phones_get_no_message() -> None:
    """At a public address nothing is sent unless numbers are named, and only to those."""
    named = replace(REMOTE, recipients=("905551112233",))
    assert "strangers" in (REMOTE.lacks(Need.SEND) or "")
    assert None is named.lacks(Need.SEND)
    assert None is not named.lacks(Need.NUMBERS)


def test_a_controlled_target_is_put_back(correct: str) -> None:
    """Credit, clock and accounts are put back when the run is over."""
    control = controlled(correct).control
    assert control is not None
    before = control.now()
    run = judge_server(controlled(correct), profile="tiny", only=["C-02", "R-05", "R-06", "H-01"])
    after = control.now()
    assert before is not None
    assert after is not None
    assert not run.failed()
    assert 60 > (after - before).total_seconds()
    http = HttpClient(correct, Transcript()).post("/api/sendsms/xml/", query("bakiye", "test", "test"))
    assert "<miktar>1000.000<" in http.text


def test_insisted_reading_is_held_against_the_target(correct: str) -> None:
    """A target that follows another reading than the one named is violated, `any` is content."""
    target = controlled(correct)
    outcomes = [
        judge_server(replace(target, readings={"long-text": value}), profile="tiny", only=["S-11"]).of("S-11")
        for value in ("cut", "split", "any")
    ]
    assert [Outcome.HELD, Outcome.VIOLATED, Outcome.HELD] == [v.outcome for v in outcomes]
    assert "long-text=cut" == outcomes[0].reading


def test_a_refused_login_ends_the_run(correct: str) -> None:
    """A wrong password stops the run with one clear line."""
    with pytest.raises(CannotRun, match="refuses the login of 'test'"):
        judge_server(Target(correct, "test", "wrong"), profile="tiny")


def test_junit_counts_failures(broken: Run) -> None:
    """One case a clause, the violated one with its story."""
    suite = ET.fromstring(junit_report(broken, alone))[0]
    assert ("2", "1") == (suite.get("tests"), suite.get("failures"))
    assert "again R-03" in (suite.findtext("testcase/failure") or "")


def test_html_is_one_self_contained_page(broken: Run) -> None:
    """No script and nothing loaded from elsewhere; the broken clause is named in words."""
    page = html_report(broken, alone)
    assert [] == [word for word in ("<script", "src=", "href=", "@import") if word in page]
    assert "1 of 2 checked clauses are violated" in page


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_terminal_has_a_live_bar(correct: str) -> None:
    """The bar grows in one line, is wiped when the run is over, and elsewhere each contract has a plain line."""
    shown = {}
    for out in (Screen(), io.StringIO()):
        terminal = Terminal(out)
        run = judge_server(Target(correct, "test", "test"), profile="tiny", only=["R-07", "B-01"], watch=terminal.watch)
        terminal.finish(run, alone)
        shown[out.isatty()] = out.getvalue()
    bars = re.findall(r"\r\x1b\[2K([█·]{30}) (\d+/\d+) \w+(?:, about \d+ s left)?(?=\r)", shown[True])
    assert [f"{n}/{len(bars)}" for n in range(1, len(bars) + 1)] == [count for _, count in bars] != []
    assert "█" * 30 == bars[-1][0]
    assert ("\x1b" in shown[True], "\x1b" in shown[False]) == (True, False)
    assert len(bars) == len(re.findall(r"^\S+ +(?:held|not_checkable) +\w+_\w+", shown[False], re.MULTILINE))


def test_passwords_are_masked(broken: Run) -> None:
    """No report shows a password."""
    text = json_report(broken) + html_report(broken, alone)
    assert [] == [shown for shown in ("<parola>test", "parola=test") if shown in text]


def test_cli_judges_and_writes(correct: str, tmp_path: Path) -> None:
    """Exit 0 and three reports for a server that keeps to the clauses asked for."""
    names = ("json", "junit", "html")
    files = [word for name in names for word in (f"--{name}", str(tmp_path / name))]
    done = CliRunner().invoke(main, [*_server(correct), "--only", "R-07,A", *files])
    assert (0, True) == (done.exit_code, "7 held, 0 violated" in done.output)
    assert sorted(names) == sorted(path.name for path in tmp_path.iterdir())


def test_cli_takes_the_address_of_the_page(correct: str) -> None:
    """With the API's path, as the vendor prints it, or without: the same target."""
    done = CliRunner().invoke(main, [*_server(f"{correct}/api/sendsms/xml/"), "--only", "R-07"])
    assert 0 == done.exit_code, done.output


def test_cli_reports_a_server_without_tls(correct: str) -> None:
    """https at a server of http: it can't be reached, in one line."""
    done = CliRunner().invoke(main, _server(correct.replace("http:", "https:")))
    assert (2, 1) == (done.exit_code, len(done.stderr.strip().splitlines()))


def test_cli_exits_1_for_a_violation() -> None:
    """Exit 1, and the violation is printed with a command that repeats it."""
    with deviant("answers 5 to a missing user").served() as url:
        done = CliRunner().invoke(main, [*_server(url), "--only", "R-07"])
    assert 1 == done.exit_code
    assert "--only R-07" in done.output


def test_cli_exits_3_for_a_crash_of_the_judge(correct: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A contract that crashes is the verdict `error`: the other clause is judged, all reports hold the traceback."""

    @contract("B-01.1")
    def broken(session: ServerSession) -> None:
        """Reads a result that is not there."""
        session.answer(session.ask_balance()).results[0]

    every = server_contracts()
    monkeypatch.setattr("kobikom_contracts.server_suite.judge.server_contracts", lambda: (broken, *every))
    files = {name: tmp_path / name for name in ("json", "junit", "html")}
    options = [word for name, path in files.items() for word in (f"--{name}", str(path))]
    done = CliRunner().invoke(main, [*_server(correct), "--only", "R-07,B-01", *options])
    assert (3, True) == (done.exit_code, "1 held, 0 violated, " in done.output), done.output
    assert {"R-07": "held", "B-01": "error"} == {
        clause["id"]: clause["verdict"] for clause in json.loads(files["json"].read_text(encoding="utf-8"))["clauses"]
    }
    suite = ET.parse(files["junit"]).getroot()[0]
    assert ("1", "0") == (suite.get("errors"), suite.get("failures"))
    for text in (done.output, *(path.read_text(encoding="utf-8") for path in files.values())):
        assert "IndexError: tuple index out of range" in text
        assert "Traceback (most recent call last)" in text


def test_cli_writes_to_any_terminal() -> None:
    """On a terminal that knows ASCII only the run ends as anywhere else, with its last line."""
    with deviant("writes a plus before plain numbers").served() as url:
        done = subprocess.run(
            [sys.executable, "-m", "kobikom_contracts.cli", *_server(url), "--only", "S-01,S-21"],
            capture_output=True, text=True, timeout=60, check=False,
            env={**os.environ, "PYTHONIOENCODING": "ascii"},
        )  # fmt: skip
    assert (1, "") == (done.returncode, done.stderr)
    assert "1 violated" in done.stdout.splitlines()[-1]


def test_cli_writes_the_other_reports_when_one_cannot_be_written(correct: str, tmp_path: Path) -> None:
    """A report file that is a broken link: exit 2 and one line, and the report beside it is written."""
    unwritable = tmp_path / "loop"
    unwritable.symlink_to(unwritable)
    page = tmp_path / "page.html"
    options = ["--only", "R-07", "--json", str(unwritable), "--html", str(page)]
    done = CliRunner().invoke(main, [*_server(correct), *options])
    assert (2, True, 1) == (done.exit_code, page.is_file(), len(done.stderr.strip().splitlines()))


@pytest.mark.parametrize(
    "wrong",
    [
        ["--password", "wrong"], ["--only", "Z-9"], ["--reading", "dates=roman"],
        ["--url", "http://127.0.0.1:1"], ["--url", "nonsense"], ["--control", "http://127.0.0.1:1"],
        ["--url", "http://[::1"], ["--url", "http://127.0.0.1:99999"], ["--control", "nonsense"],
        ["--profile", "slow"], ["--no-such-option"], ["--json", "/no/such/folder/report.json"],
        ["--recipient", "abc"], ["--second-user", "nobody", "--second-password", "x"], ["--timeout", "0"],
    ],
)  # fmt: skip
def test_cli_exits_2_with_one_line(correct: str, wrong: list[str]) -> None:
    """What can't be run says why in one line on standard error."""
    done = CliRunner().invoke(main, [*_server(correct), *wrong])
    assert (2, 1) == (done.exit_code, len(done.stderr.strip().splitlines()))


def _server(url: str) -> list[str]:
    return ["server", "--url", url, "--user", "test", "--password", "test"]


LOADED = {
    "as installed": ("-p", "no:schemathesis", "-p", "no:playwright"),
    "the judge first": ("-p", "kobikom_contracts.pytest_mode", "-p", "kobikom_emulator.pytest_plugin"),
    "the emulator first": ("-p", "kobikom_emulator.pytest_plugin", "-p", "kobikom_contracts.pytest_mode"),
}


@pytest.mark.parametrize("loaded", list(LOADED))
def test_pytest_mode(correct: str, tmp_path: Path, loaded: str) -> None:
    """Under pytest each clause is a test: passed, or skipped with the reason, whichever plugin adds --kobikom-url. It
    leaves nothing in the folder.
    """
    import kobikom_contracts
    import kobikom_emulator

    roots = [str(Path(one.__file__).parents[1]) for one in (kobikom_contracts, kobikom_emulator)]
    environment = {"PATH": "", "PYTHONPATH": os.pathsep.join(roots)}
    if loaded != "as installed":
        environment["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    done = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *LOADED[loaded], "-c", "/dev/null",
            "--rootdir", str(tmp_path), "--pyargs", "kobikom_contracts", "--kobikom-url", correct,
            "-k", "A-03 or C-02 or R-07",
        ],
        capture_output=True, text=True, timeout=120, check=False, env=environment, cwd=tmp_path,
    )  # fmt: skip
    assert "2 passed, 1 skipped" in done.stdout, done.stdout + done.stderr
    assert [] == list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("workers", "dist", "scattered"), [(2, "load", True), (2, "loadfile", False), (1, "load", False)]
)
def test_workers_may_not_share_one_judgement(workers: int, dist: str, scattered: bool) -> None:
    """Dealt out to several workers, runs would move one clock and spend one credit: it says so instead."""
    config = SimpleNamespace(workerinput={"workercount": workers}, getoption={"dist": dist}.__getitem__)
    assert scattered == pytest_mode.spread_over_workers(config)  # type: ignore[arg-type]


@pytest.mark.parametrize("path", ["", "/", "/_emulator/", "/api/sendsms/xml/", "/s/mine", "/s/mine/api/sendsms/xml"])
@pytest.mark.parametrize("base", ["http://127.0.0.1:8080", "https://tools.example/kobikom"])
def test_the_control_api_is_below_the_path_of_its_server(base: str, path: str) -> None:
    """Behind a proxy a server has a path; that of the API or of the page may follow it."""
    assert f"{base}/_emulator" == Control(base + path).root


@pytest.mark.parametrize(
    "url", ["", "nonsense", "127.0.0.1:8080", "ftp://a", "http://", "http://[::1", "http://a:99999"]
)
def test_what_is_no_address_of_a_control_api_is_refused(url: str) -> None:
    """The error says so, and repeats it."""
    with pytest.raises(ControlError, match=f"^the control API's address {re.escape(repr(url))} is not an http"):
        Control(url)


def test_the_control_api_s_token_is_sent() -> None:
    """A control API that wants a token is said to want one; with it everything is there."""
    from kobikom_emulator import Emulator

    with Emulator({"control": {"token": "t0ken"}}) as emulator:
        options = ["--control", emulator.url, "--only", "R-07"]
        without = CliRunner().invoke(main, [*_server(emulator.url), *options])
        having = CliRunner().invoke(main, [*_server(emulator.url), *options, "--token", "t0ken"])
    assert (2, 0) == (without.exit_code, having.exit_code)
    assert "wants its token" in without.stderr


@pytest.mark.parametrize(
    "command", [["server", "--url", "u", "--user", "a", "--password", "b"], ["client", "--command", "x"]]
)
def test_without_its_extra_the_command_says_what_to_install(command: list[str]) -> None:
    """An installation without Hypothesis gets one line that says how to mend it, and exit 2: no traceback."""
    code = (
        "import sys; sys.modules['hypothesis'] = None; "
        f"from kobikom_contracts.cli import main; sys.argv = ['kobikom-contracts', *{command!r}]; main()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
    (line,) = done.stderr.splitlines()
    assert (2, "") == (done.returncode, done.stdout)
    assert "hypothesis" in line
    assert "-m pip install faker hypothesis pytest" in line
