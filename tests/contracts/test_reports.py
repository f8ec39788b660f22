"""Reports for programs and people: a published schema, JUnit as CI servers read it, a page with the worst first."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema_rs
import pytest
from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.catalogue import DEVIATIONS

from kobikom_contracts.cli import main
from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.control import Control
from kobikom_contracts.core.findings import Findings, verdict_of
from kobikom_contracts.core.report.html import html_report
from kobikom_contracts.core.report.machine import as_data, junit_report
from kobikom_contracts.core.report.text import explained
from kobikom_contracts.core.verdicts import Disturbance, Outcome, Run, Verdict, Violation
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

SCHEMA = json.loads(files("kobikom_contracts").joinpath("schemas", "report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema_rs.validator_for(SCHEMA, validate_formats=True)


def again(verdict: Verdict) -> str:
    """A command for reports."""
    return f"again {verdict.clause.id}"


@pytest.fixture(scope="module")
def run() -> Run:
    """A run that found reports given twice, was disturbed and ended early, with a way to mend it and an echo."""
    deviation = next(one for one in DEVIATIONS if one.behaviour == "gives reports again")
    with deviation.served() as url:
        control = Control(url)
        control.probe()
        target = Target(url, "test", "test", control=control, timeout=3.0)
        found = judge_server(target, profile="tiny", only=["A-01", "R-03", "R-07"], nonce="x")
    verdicts = tuple(
        replace(one, mend="delete what was given", echoes=("R-04.1",)) if one.clause.id == "R-03" else one
        for one in found.verdicts
    )
    return replace(
        found, verdicts=verdicts, ended="the time is over", disturbances=(Disturbance("slow", "answers take 2 s", 3),)
    )


def client_run() -> Run:
    """A run of the client suite: a violation of one of its clauses."""
    findings, clause = Findings(), CLIENT_CLAUSES["K-01"]
    findings.violated([clause.statements[0].id], "name", 1, Violation("a", "b", mend="c"))
    verdict = verdict_of(clause, findings, reading=None, binding=True)
    return Run("adapter", 1, "quick", (verdict,), spent={"calls": 3})


def test_every_report_validates(run: Run) -> None:
    """A run that ended early, one that did not, and one of a client are all as the shipped schema says."""
    for one in (run, replace(run, ended="", disturbances=()), client_run()):
        assert [] == [error.message for error in VALIDATOR.iter_errors(as_data(one))]


@pytest.mark.parametrize(
    "change", [{"schema_version": 2}, {"date": "yesterday"}, {"ended": 1}, {"cost": {"parts": -1}}, {"more": 1}]
)
def test_the_schema_refuses_what_is_no_report(run: Run, change: dict[str, object]) -> None:
    """Another version, no date, a wrong type, a negative cost and an unknown field are refused."""
    assert not VALIDATOR.is_valid({**as_data(run), **change})


def test_the_report_says_what_a_violation_is(run: Run) -> None:
    """Expected and found, how to mend it, where it showed too, what the run cost and why it ended, each in a field."""
    data = as_data(run)
    clause = next(one for one in data["clauses"] if one["id"] == "R-03")
    assert ("delete what was given", ["R-04.1"]) == (clause["mend"], clause["echoes"])
    assert (True, True) == ("reports" in clause["expected"], clause["seconds"] >= 0)
    assert ("the time is over", [{"kind": "slow", "sentence": "answers take 2 s", "times": 3}]) == (
        data["ended"], data["disturbances"]
    )  # fmt: skip
    assert {"messages", "parts", "requests", "wrong logins"} == set(data["cost"])


def test_the_command_writes_its_options(tmp_path: Path) -> None:
    """Options that were given stand in the report, secrets do not."""
    deviation = next(one for one in DEVIATIONS if one.behaviour == "gives reports again")
    file = tmp_path / "report.json"
    with deviation.served() as url:
        words = ["server", "--url", url, "--user", "test", "--password", "test", "--json", str(file)]
        CliRunner().invoke(main, [*words, "--only", "R-07", "--pace", "5000", "--strict"])
    data = json.loads(file.read_text(encoding="utf-8"))
    assert [] == [error.message for error in VALIDATOR.iter_errors(data)]
    options = data["options"]
    assert ("R-07", 5000.0, True, "password" in options) == (
        options["only"], options["pace"], options["strict"], False
    )  # fmt: skip


ATTRIBUTES = {
    "testsuites": {"tests", "failures", "errors", "skipped", "time"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"classname", "name", "time"},
    "failure": {"message", "type"},
    "error": {"message", "type"},
    "skipped": {"message"},
    "system-out": set(),
}
"""The elements and attributes that both Jenkins and GitLab read."""


def test_junit_is_what_ci_servers_read(run: Run) -> None:
    """Only elements and attributes that they know, a time for each case, counts that agree, an error for the end."""
    root = ET.fromstring(junit_report(run, again))
    assert {} == {one.tag: set(one.attrib) for one in root.iter() if not set(one.attrib) <= ATTRIBUTES[one.tag]}
    cases = root.findall("testsuite/testcase")
    suite = root[0]
    assert [len(cases), len(root.findall(".//failure")), len(root.findall(".//error"))] == [
        int(suite.get(name, "")) for name in ("tests", "failures", "errors")
    ]
    assert [] == [case.get("name") for case in cases if not re.fullmatch(r"[0-9]+\.[0-9]{3}", case.get("time", ""))]
    assert suite.get("tests") == root.get("tests")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", ""))
    assert "the time is over" == root.findall(".//error")[-1].get("message")


def test_the_page_has_the_worst_first(run: Run) -> None:
    """Why the run ended and what disturbed it, then the violated clause, then those that are kept; no script."""
    page = html_report(run, again)
    places = [page.index(text) for text in ("the time is over", "answers take 2 s", "<td>R-03</td>", "<td>A-01</td>")]
    assert sorted(places) == places
    assert (1, 0) == (page.count("<td>R-03</td>"), page.count("<script"))
    assert ("table-layout:fixed" in page, "delete what was given" in page) == (True, True)


def test_the_terminal_says_how_to_mend_it(run: Run) -> None:
    """The explanation of a violation has a line on how to mend it and the statements where it showed too."""
    text = explained(next(one for one in run.verdicts if one.outcome is Outcome.VIOLATED), "again")
    assert ("  mend      delete what was given" in text, "  seen too  R-04.1" in text) == (True, True)
