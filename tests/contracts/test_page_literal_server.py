"""A server that does what the vendor's page prints is never called in violation."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from page_literal_server import PageLiteralServer

from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

DEEP = settings().max_examples > 100


def judge(*, credit: int, profile: str, strict: bool = False, **choices: bool) -> Run:
    """A run without the control API, with real pauses replaced by the server's own clock."""
    literal = PageLiteralServer(credit=credit, **choices)
    with literal.listening() as url:
        target = Target(url, "test", "test", exclusive=True, strict=strict or None, timeout=5.0, patience=5.0)
        return judge_server(target, profile=profile, seed=1, nonce="page", wait=literal.let_pass)


def violated(run: Run) -> dict[str, str]:
    """The statements that are violated, and how."""
    return {
        one.statement.id: one.detail
        for verdict in run.verdicts
        for one in verdict.statements
        if one.outcome in {Outcome.VIOLATED, Outcome.ERROR}
    }


@pytest.mark.parametrize(("credit", "profile"), [(914, "tiny"), (914_000_000, "quick" if DEEP else "tiny")])
def test_nothing_is_violated(credit: int, profile: str) -> None:
    """With little credit and with plenty: no statement is violated, whatever differs."""
    run = judge(credit=credit, profile=profile)
    assert {} == violated(run)
    assert not run.failed()


@pytest.mark.parametrize(
    ("choice", "reading", "credit"),
    [
        ("grouped", "amount=grouped", 18_532),
        ("as_printed", "result-shape=as-printed", 914_000_000),
        *([("grouped", "amount=grouped", 914_000_000)] if DEEP else []),
        *([("as_printed", "result-shape=as-printed", 18_532)] if DEEP else []),
    ],
)
def test_what_else_the_page_may_mean_is_not_violated(choice: str, reading: str, credit: int) -> None:
    """Its 18.532 may be eighteen thousand, and its second answer may be meant; deep: each with either credit."""
    run = judge(credit=credit, profile="tiny", **{choice: True})
    assert {} == violated(run)
    assert reading in ", ".join(verdict.reading or "" for verdict in run.verdicts)


def test_its_readings_are_reported() -> None:
    """The report names what the server chose, and says which readings it left open."""
    run = judge(credit=914, profile="tiny")
    readings = ", ".join(verdict.reading or "" for verdict in run.verdicts)
    expected = (
        "answer-layout=lines", "message-id=10-digits", "login-codes=wrong", "dates=as-written",
        "sent-attribute=senddate", "report-close=as-printed", "amount=shortest or grouped", "pull-refusal=positive",
    )  # fmt: skip
    assert [] == [one for one in expected if one not in readings]


def test_strict_holds_the_rest_against_it() -> None:
    """With `strict` what the page does not say binds it, too: only statements that are not D are then violated."""
    run = judge(credit=914, profile="tiny", strict=True)
    statements = [one for v in run.verdicts for one in v.statements if one.outcome is Outcome.VIOLATED]
    assert [] == [one.statement.id for one in statements if one.statement.documented]
    assert "T-08.4" in {one.statement.id for one in statements}
