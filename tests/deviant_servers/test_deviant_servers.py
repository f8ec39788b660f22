"""Each deviant server is caught by the clause it breaks and by no unrelated one."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.deviation import Deviation
from deviant_servers.proof import page
from deviant_servers.proxy import Proxy, forward
from kobikom_contracts.clauses import CLAUSES
from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.contracts import judged_clauses
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

# Judged beside the clause of each deviation: quick ones from every area that few deviations touch.
WITNESSES = ("T-01", "A-01", "S-22", "R-07", "B-01", "A-06")


def judge(url: str, only: tuple[str, ...]) -> Run:
    """A tiny run against a server with the control API."""
    control = Control(url)
    control.probe()
    target = Target(url, "test", "test", control=control, timeout=3.0)
    return judge_server(target, profile="tiny", seed=1, only=only, nonce="deviant")


def judged_for(deviation: Deviation) -> tuple[str, ...]:
    """Clauses judged for one deviation: its own, related and unrelated ones; in a deep run all."""
    if settings().max_examples > 100:
        return ()
    return (deviation.clause, *deviation.also, *WITNESSES)


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: one.id)
def test_deviation_is_caught(deviation: Deviation) -> None:
    """The clause a server breaks is violated, and no clause that it keeps."""
    with deviation.served() as url:
        run = judge(url, judged_for(deviation))
    broken = {v.clause.id for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {deviation.clause} == broken - deviation.also


def test_correct_server_keeps_every_clause() -> None:
    """The server that all deviations start from keeps every clause."""
    with Deviation("T-01", "none").served() as url:
        run = judge(url, ())
    assert {} == {v.clause.id: v.detail + str(v.found) for v in run.verdicts if v.outcome is not Outcome.HELD}


def test_every_judged_clause_has_a_deviation() -> None:
    """A clause without a deviation that it catches may not be called judged."""
    assert sorted(judged_clauses()) == sorted({one.clause for one in DEVIATIONS})


def test_deviations_have_names_of_their_own() -> None:
    """No two deviations share a name, and each names existing clauses."""
    names = Counter(one.id for one in DEVIATIONS)
    assert [] == [name for name, count in names.items() if count > 1]
    assert set() == {i for one in DEVIATIONS for i in (one.clause, *one.also)} - set(CLAUSES)


def test_proof_page_is_up_to_date() -> None:
    """docs/proof.md says what the catalogue says."""
    root = Path(__file__).resolve().parents[2]
    assert page() == (root / "docs" / "proof.md").read_text(encoding="utf-8")


def test_deviation_in_front_of_any_server() -> None:
    """A deviation made by a proxy in front of a correct server is caught, too."""
    deviation = next(one for one in DEVIATIONS if one.behaviour == "drops the plus from the echo")
    with (
        Deviation("T-01", "none").served() as correct,
        Proxy(forward(correct), deviation.middleware).listening() as proxy,
    ):
        run = judge(proxy.url, ("S-01", "T-10", "A-03"))
    broken = {v.clause.id for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {"S-01"} == broken
