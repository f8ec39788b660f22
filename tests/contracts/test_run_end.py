"""However a run ends, it leaves every report and everything that it saw; what it changed at the target is put back."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.errors import FlakyStrategyDefinition

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.deviation import Deviation
from paper_server.httpd import Response

from kobikom_contracts.clauses import CLAUSES
from kobikom_contracts.cli import main
from kobikom_contracts.control import Control
from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.core.ending import Deadline, Interruption, RunEnded
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.report.html import html_report
from kobikom_contracts.core.report.machine import json_report, junit_report
from kobikom_contracts.core.runner import run_contracts, verdicts_of
from kobikom_contracts.core.verdicts import Disturbed, Outcome, Run, Verdict, Violation
from kobikom_contracts.documents import query
from kobikom_contracts.http_client import HttpClient
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.transcript import Transcript

from .failing_servers import by_chance, code_by_chance, failing_after
from .test_core import Quiet, raising

nested = settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.nested_given, HealthCheck.too_slow])
SMALLEST = replace(
    PROFILES["tiny"], name="smallest", examples=2, machine_runs=2, machine_steps=4, threads=2, thrifty=2, shrink=False
)
SOME = st.lists(
    st.sampled_from(["T-01", "A-01", "S-01", "S-10", "C-01", "R-03", "R-05", "H-01"]), min_size=1, max_size=3
)


def controlled(url: str, **more: Any) -> Target:
    """The target with its control API."""
    control = Control(url)
    control.probe()
    return Target(url, "test", "test", control=control, **{"timeout": 3.0, **more})


def reported(run: Run) -> None:
    """Every report can be written, and no contract crashed."""
    assert len(run.verdicts) == len(json.loads(json_report(run))["clauses"])
    assert len(run.verdicts) + bool(run.ended) == len(
        ET.fromstring(junit_report(run, lambda v: v.clause.id)).findall("*/testcase")
    )
    assert html_report(run, lambda v: v.clause.id).endswith("</html>\n")
    assert [] == [v.traceback for v in run.verdicts if v.traceback]


@nested
@given(st.integers(0, 99), st.sampled_from((0.05, 0.3)), SOME)
def test_a_server_that_fails_by_chance_ends_in_a_report(seed: int, share: float, clauses: list[str]) -> None:
    """A share of the answers is damaged: every report is written, none says that the judge crashed."""

    def damaged(answer: Response) -> Response:
        return replace(answer, body=answer.body[: len(answer.body) // 2])

    with by_chance(damaged, share=share, seed=seed).served() as url:
        run = judge_server(controlled(url), profile=SMALLEST, only=clauses, seed=seed)
    reported(run)


@nested
@given(st.integers(12, 120), SOME)
def test_a_server_that_dies_ends_in_a_report(count: int, clauses: list[str]) -> None:
    """Wherever the server dies, control API included, every report is written, and none says that the judge crashed."""
    with failing_after(count, dies=True) as url:
        run = judge_server(controlled(url), profile=SMALLEST, only=clauses)
    reported(run)


@settings(nested, max_examples=4)
@given(st.integers(12, 80))
def test_a_server_that_hangs_ends_in_a_report(count: int) -> None:
    """Wherever the server stops in the middle of an answer: a few requests later the run is over and says why."""
    with failing_after(count, dies=False) as url:
        run = judge_server(controlled(url, timeout=0.1), profile=SMALLEST, wait=lambda _: None)
    reported(run)
    assert re.search("no whole answer to [45] requests in a row", run.ended)
    assert 1 >= sum(verdict.found == "no whole answer in time" for verdict in run.verdicts)


def test_the_time_limit_ends_a_run() -> None:
    """A deadline that has passed raises what ends the run, one that has not or that never comes does not."""
    times = iter((0.0, 9.0, 10.0))
    deadline = Deadline(10, now=lambda: next(times))
    deadline.check()
    Deadline().check()
    with pytest.raises(RunEnded, match="the time limit of 10 s is over"):
        deadline.check()


def test_what_was_seen_before_the_end_is_kept() -> None:
    """A violation that was being shrunk, a filed one and earlier verdicts survive; the rest is not checkable."""

    def check(session: Quiet) -> None:
        """Sees two violations and runs out of time."""
        session.file(Violation("a", "b", statement="S-01.1"))
        session.seen = Violation("c", "d")
        session.deadline = Deadline(0)
        session.example()

    verdicts = _run(raising(), contract_of(check, ("T-02.1",), needs=()), raising(statements=("T-03.1",)))
    outcomes = {clause: verdict.outcome for clause, verdict in verdicts.items()}
    violated, unchecked = Outcome.VIOLATED, Outcome.NOT_CHECKABLE
    assert {"T-01": Outcome.HELD, "S-01": violated, "T-02": violated, "T-03": unchecked} == outcomes
    assert "the run ended before: the time limit of 0 s is over (--max-time)" == verdicts["T-03"].detail


def _run(*contracts: Contract[Quiet]) -> dict[str, Verdict]:
    session = Quiet()
    findings = run_contracts(contracts, session)
    chosen = {clause for contract in contracts for clause in contract.clauses}
    return {v.clause.id: v for v in verdicts_of(findings, CLAUSES, chosen, session, binding=True)}


def failing(times: int, error: Callable[[], Exception]) -> Contract[Quiet]:
    """A contract that fails the first times it is run."""
    runs = []

    def check(_: Quiet) -> None:
        """Fails first."""
        runs.append(1)
        if len(runs) <= times:
            raise error()

    return contract_of(check, ("T-01.1",), needs=())


@pytest.mark.parametrize(("times", "said"), [(1, "in 1 of 3 tries"), (9, "")])
def test_a_violation_is_tried_again_and_the_number_said(times: int, said: str) -> None:
    """A violation that does not come every time is said with the number of tries; one that does is plain."""
    verdict = _run(failing(times, lambda: Violation("a", "b")))["T-01"]
    assert (Outcome.VIOLATED, bool(said), True) == (
        verdict.outcome, "not every time" in verdict.detail, said in verdict.detail
    )  # fmt: skip


def test_a_strategy_that_meets_chance_is_not_checkable() -> None:
    """Hypothesis objects to another course of events: the target's chance, which is no crash of the judge."""
    verdict = _run(raising(FlakyStrategyDefinition("inconsistent")))["T-01"]
    assert (Outcome.NOT_CHECKABLE, True) == (verdict.outcome, "otherwise from one time to the next" in verdict.detail)


def test_a_known_excuse_is_named_instead_of_the_violation() -> None:
    """A contract that holds the second time, and whose session knows why it may not have the first: held."""

    class Excusing(Quiet):
        def excuse(self) -> Disturbed | None:
            return Disturbed("random-code", "a code by chance")

    session = Excusing()
    findings = run_contracts([failing(1, lambda: Violation("a", "b"))], session)
    (verdict,) = verdicts_of(findings, CLAUSES, ("T-01",), session, binding=True)
    assert (Outcome.HELD, ["random-code"]) == (verdict.outcome, list(session.disturbances))


def test_a_code_by_chance_accuses_no_clause_but_its_own() -> None:
    """Now and then -26: named as a disturbance, violated is what says that it never comes by itself, nothing else."""
    with code_by_chance(-26, share=0.02, seed=3).served() as url:
        run = judge_server(controlled(url), profile="tiny", only=["S-01", "S-02", "S-03", "S-20", "S-22", "C-01", "E"])
    assert {"E"} == {v.clause.id for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert ["random-code"] == [one.kind for one in run.disturbances]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_leaves_a_report_and_a_target_in_order(number: int, tmp_path: Path) -> None:
    """Ctrl-C or SIGTERM during a run: a partial report, credit and clock as before, exit 130 or 143."""
    file = tmp_path / "report.json"
    with Deviation("T-01.1", "nothing").served() as url:
        words = ["server", "--url", url, "--user", "test", "--password", "test", "--control", url, "--json", str(file)]
        command = [sys.executable, "-u", "-m", "kobikom_contracts.cli", *words, "--profile", "deep"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as judge:
            assert judge.stdout is not None
            first = judge.stdout.readline()
            judge.send_signal(number)
            rest = judge.stdout.read()
        http = HttpClient(url, Transcript()).post("/api/sendsms/xml/", query("bakiye", "test", "test"))
    assert (128 + number, True) == (judge.returncode, "held" in first)
    assert f"ENDED EARLY: interrupted by {signal.Signals(number).name}" in rest
    assert "<miktar>1000.000<" in http.text
    assert len(CLAUSES) == len(json.loads(file.read_text(encoding="utf-8"))["clauses"])


def test_an_interruption_puts_the_handlers_back() -> None:
    """The second signal has its ordinary effect, and so has any after the block."""
    before = signal.getsignal(signal.SIGTERM)
    with Interruption() as interruption, pytest.raises(RunEnded, match="interrupted by SIGTERM"):
        signal.raise_signal(signal.SIGTERM)
    assert (143, before) == (interruption.status, signal.getsignal(signal.SIGTERM))


def test_cli_exits_3_when_the_time_is_over(tmp_path: Path) -> None:
    """Over before the first contract: exit 3, every clause is in the report, and it is said to be partial."""
    file = tmp_path / "report.json"
    with Deviation("T-01.1", "nothing").served() as url:
        words = ["server", "--url", url, "--user", "test", "--password", "test", "--json", str(file)]
        done = CliRunner().invoke(main, [*words, "--max-time", "0.000001"])
    assert (3, True) == (done.exit_code, "ENDED EARLY: the time limit" in done.output)
    assert {"not_checkable"} == {one["verdict"] for one in json.loads(file.read_text(encoding="utf-8"))["clauses"]}
