"""A run for programs: the JSON report and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib.metadata import version
from typing import Any
from xml.etree import ElementTree as ET

from kobikom_contracts.core.report.text import explained, tool, transcript
from kobikom_contracts.core.verdicts import Outcome, Run, Verdict

SCHEMA_VERSION = 1
"""Of the JSON report; a field that is left out or changes its meaning makes it another one."""


def as_data(run: Run) -> dict[str, Any]:
    """The report as plain data, as ``schemas/report.schema.json`` describes it."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "kobikom-contracts", "version": version("kobikom-emulator")},
        "date": run.date,
        "target": run.target,
        "seed": run.seed,
        "profile": run.profile,
        "options": dict(run.options),
        "seconds": round(run.seconds, 3),
        "cost": dict(run.spent),
        "ended": run.ended or None,
        "disturbances": [{"kind": one.kind, "sentence": one.sentence, "times": one.times} for one in run.disturbances],
        "clauses": [_clause(verdict) for verdict in run.verdicts],
        "summary": run.summary,
    }


def _clause(verdict: Verdict) -> dict[str, Any]:
    detail = verdict.detail
    if verdict.expected is not None:
        detail = f"expected {verdict.expected}; found {verdict.found}; {detail}"
    if verdict.counterexample:
        detail += f"; smallest counterexample {verdict.counterexample}"
    if verdict.traceback:
        detail += f"\n{verdict.traceback}"
    return {
        "id": verdict.clause.id,
        "verdict": verdict.outcome.value,
        "reading": verdict.reading,
        "source": verdict.clause.source,
        "statement": verdict.statement.id if verdict.statement else None,
        "statements": [
            {
                "id": one.statement.id,
                "source": one.statement.source,
                "sentence": one.statement.sentence,
                "verdict": one.outcome.value,
                "detail": one.detail,
                "examples": one.examples,
            }
            for one in verdict.statements
        ],
        "contracts": list(verdict.contracts),
        "examples": verdict.examples,
        "seconds": round(verdict.seconds, 3),
        "expected": verdict.expected,
        "found": verdict.found,
        "counterexample": verdict.counterexample,
        "mend": verdict.mend or None,
        "echoes": list(verdict.echoes),
        "detail": detail,
        "transcript": transcript(verdict.exchanges),
    }


def json_report(run: Run) -> str:
    """The JSON report, one document ending in a newline."""
    return json.dumps(as_data(run), ensure_ascii=False, indent=2) + "\n"


def junit_report(run: Run, command: Callable[[Verdict], str]) -> str:
    """JUnit XML, one test case a clause: ``violated`` is a failure, ``error`` an error, ``not_checkable``
    is skipped, ``differs`` passes with a note on its output. ``command`` repeats one clause.
    """
    counts = run.summary
    suite = ET.Element(
        "testsuite",
        name="kobikom-contracts",
        tests=str(len(run.verdicts)),
        failures=str(counts["violated"]),
        skipped=str(counts["not_checkable"]),
        errors=str(counts["error"] + bool(run.ended)),
        time=f"{run.seconds:.3f}",
        timestamp=run.date.partition("+")[0],
    )
    properties = ET.SubElement(suite, "properties")
    for key, value in _properties(run):
        ET.SubElement(properties, "property", name=key, value=_legal(value))
    for verdict in run.verdicts:
        name = f"{verdict.clause.id} {verdict.clause.subject}"
        case = ET.SubElement(
            suite, "testcase", classname=f"kobikom.{verdict.clause.area}", name=name, time=f"{verdict.seconds:.3f}"
        )
        match verdict.outcome:
            case Outcome.VIOLATED:
                _explain(case, "failure", _message(verdict), verdict, command)
            case Outcome.ERROR:
                _explain(case, "error", verdict.detail, verdict, command)
            case Outcome.NOT_CHECKABLE:
                ET.SubElement(case, "skipped", message=_legal(verdict.detail))
            case Outcome.DIFFERS:
                ET.SubElement(case, "system-out").text = _legal(explained(verdict, command(verdict)))
            case Outcome.HELD:
                pass
    if run.ended:
        suite.set("tests", str(len(run.verdicts) + 1))
        case = ET.SubElement(suite, "testcase", classname="kobikom", name="the run came to its end", time="0.000")
        ET.SubElement(case, "error", message=_legal(run.ended), type="ended")
    sums = {name: suite.get(name, "") for name in ("tests", "failures", "errors", "skipped", "time")}
    suites = ET.Element("testsuites", sums)
    suites.append(suite)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _properties(run: Run) -> list[tuple[str, str]]:
    """What else there is to say of a run."""
    return [
        ("tool", tool()), ("target", run.target), ("seed", str(run.seed)), ("profile", run.profile),
        *((f"cost.{name}", str(count)) for name, count in run.spent.items()),
        *((f"disturbance.{one.kind}", f"{one.sentence} ({one.times} times)") for one in run.disturbances),
    ]  # fmt: skip


def _message(verdict: Verdict) -> str:
    """One line about a violation: the statement, what was expected and what was found."""
    statement = f"{verdict.statement.id} ({verdict.statement.source}): " if verdict.statement else ""
    return f"{statement}expected {verdict.expected}; found {verdict.found}"


def _explain(case: ET.Element, tag: str, message: str, verdict: Verdict, command: Callable[[Verdict], str]) -> None:
    statement = verdict.statement.id if verdict.statement else verdict.clause.id
    element = ET.SubElement(case, tag, message=_legal(message), type=statement)
    element.text = _legal(explained(verdict, command(verdict)))


def _legal(text: str) -> str:
    """The text with characters that XML cannot carry replaced by ``?``."""
    return "".join(c if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff") else "?" for c in text)
