"""A run for programs: the JSON report and JUnit XML."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree as ET

from kobikom_contracts.core.report.text import explained, transcript
from kobikom_contracts.core.verdicts import Outcome, Run, Verdict


def as_data(run: Run) -> dict[str, Any]:
    """The report as plain data: target, seed, profile, clauses, summary."""
    return {
        "target": run.target,
        "seed": run.seed,
        "profile": run.profile,
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
            }
            for one in verdict.statements
        ],
        "examples": verdict.examples,
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
        errors=str(counts["error"]),
        time=f"{run.seconds:.3f}",
    )
    for verdict in run.verdicts:
        name = f"{verdict.clause.id} {verdict.clause.subject}"
        case = ET.SubElement(suite, "testcase", classname=f"kobikom.{verdict.clause.area}", name=name)
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
    suites = ET.Element("testsuites")
    suites.append(suite)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def _message(verdict: Verdict) -> str:
    """One line about a violation: the statement, what was expected and what was found."""
    statement = f"{verdict.statement.id} ({verdict.statement.source}): " if verdict.statement else ""
    return f"{statement}expected {verdict.expected}; found {verdict.found}"


def _explain(case: ET.Element, tag: str, message: str, verdict: Verdict, command: Callable[[Verdict], str]) -> None:
    element = ET.SubElement(case, tag, message=_legal(message))
    element.text = _legal(explained(verdict, command(verdict)))


def _legal(text: str) -> str:
    """The text with characters that XML cannot carry replaced by ``?``."""
    return "".join(c if c in "\t\n" or (c >= " " and c not in "\ufffe\uffff") else "?" for c in text)
