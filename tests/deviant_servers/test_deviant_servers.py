"""Each deviant server is caught by the statement it breaks, as its mark says, and by no unrelated clause."""

from __future__ import annotations

import sys
import zlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from paper_server import READINGS

from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.deviation import Deviation
from deviant_servers.proof import every_deviation, page, recorded_in
from deviant_servers.proxy import Proxy, forward
from kobikom_contracts.clauses import CLAUSES, STATEMENTS
from kobikom_contracts.control import Control
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.contracts import judged_clauses, judged_statements
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target

# Two of them are judged beside the clause of each deviation: quick ones from every area that few deviations touch.
WITNESSES = ("T-01", "A-01", "S-22", "R-07", "B-01", "A-06")
# Printed one way of several, each of which is a reading: a server that goes another documented way breaks none of them.
READINGS_OF_THE_PAGE = frozenset({"R-02.3", "R-02.4"})
# Which statement is broken is the same for the first example that breaks it and for the smallest.
TINY = replace(PROFILES["tiny"], shrink=settings().max_examples > 100)
BROKEN = (Outcome.VIOLATED, Outcome.DIFFERS)


def judge(url: str, only: tuple[str, ...], *, readings: Mapping[str, str] | None = None) -> Run:
    """A tiny run against a server with the control API, which is bound by the page only."""
    control = Control(url)
    control.probe()
    target = Target(url, "test", "test", control=control, timeout=3.0, strict=False, readings=readings or {})
    return judge_server(target, profile=TINY, seed=1, only=only, nonce="deviant")


def judged_for(deviation: Deviation) -> tuple[str, ...]:
    """Clauses judged for one deviation: its own, related ones, and two others by its name; in a deep run all."""
    if settings().max_examples > 100:
        return ()
    unrelated = [one for one in WITNESSES if one not in {deviation.clause, *deviation.also}]
    first = zlib.crc32(deviation.id.encode()) % len(unrelated)
    return (deviation.clause, *deviation.also, *(unrelated * 2)[first : first + 2])


@pytest.mark.parametrize("deviation", DEVIATIONS, ids=lambda one: one.id)
def test_deviation_is_caught(deviation: Deviation) -> None:
    """The statement a server breaks is violated if the page says it, differs if not; no clause it keeps is either."""
    with deviation.served() as url:
        run = judge(url, judged_for(deviation))
    broken = {v.clause.id for v in run.verdicts if v.outcome in BROKEN}
    assert {deviation.clause} == broken - deviation.also
    outcomes = {one.statement.id: one.outcome for v in run.verdicts for one in v.statements if one.outcome in BROKEN}
    expected = Outcome.VIOLATED if STATEMENTS[deviation.statement].documented else Outcome.DIFFERS
    assert expected is outcomes.get(deviation.statement), outcomes


def test_correct_server_keeps_every_clause() -> None:
    """The server that all deviations start from keeps every clause, and every reading that it claims to follow."""
    with Deviation("T-01.1", "none").served() as url:
        run = judge(url, (), readings=READINGS)
    assert {} == {v.clause.id: v.detail + str(v.found) for v in run.verdicts if v.outcome is not Outcome.HELD}


def test_every_judged_clause_has_a_deviation() -> None:
    """A clause without a deviation that it catches may not be called judged."""
    assert sorted(judged_clauses()) == sorted({one.clause for one in DEVIATIONS})


def test_every_judged_statement_of_the_page_has_a_deviation() -> None:
    """A statement marked D that a contract judges has caught a server that breaks it."""
    judged = {one for one in judged_statements() if STATEMENTS[one].documented} - READINGS_OF_THE_PAGE
    assert [] == sorted(judged - {one.statement for one in DEVIATIONS})


def test_deviations_have_names_of_their_own() -> None:
    """No two deviations share a name, and each names existing clauses."""
    names = Counter(one.id for one in DEVIATIONS)
    assert [] == [name for name, count in names.items() if count > 1]
    assert set() == {one.statement for one in DEVIATIONS} - set(STATEMENTS)
    assert set() == {clause for one in DEVIATIONS for clause in one.also} - set(CLAUSES)


def test_proof_page_is_up_to_date() -> None:
    """docs/proof.md says what the catalogues hold, around the figures of the recorded measure."""
    root = Path(__file__).resolve().parents[2]
    present = (root / "docs" / "proof.md").read_text(encoding="utf-8")
    assert page(recorded_in(present)) == present


def test_every_deviation_is_listed() -> None:
    """The list of all deviations names each of them."""
    listed = every_deviation()
    assert [] == [one.id for one in DEVIATIONS if one.behaviour not in listed]


def test_deviation_in_front_of_any_server() -> None:
    """A deviation made by a proxy in front of a correct server is caught, too."""
    deviation = next(one for one in DEVIATIONS if one.behaviour == "drops the plus from the echo")
    with (
        Deviation("T-01.1", "none").served() as correct,
        Proxy(forward(correct), deviation.middleware).listening() as proxy,
    ):
        run = judge(proxy.url, ("S-01", "T-10", "A-03"))
    broken = {v.clause.id for v in run.verdicts if v.outcome in BROKEN}
    assert {"S-01"} == broken
