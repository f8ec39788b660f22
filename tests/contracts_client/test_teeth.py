"""Law: each deviant client is caught by the clause it breaks and by no unrelated one."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from teeth_clients.catalogue import HERE, LIES, Lie

from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.contracts import judged_client_clauses
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome, Run

TINY = replace(PROFILES["tiny"], name="teeth", examples=5, shrink=False)
# Judged beside the clause of each lie: one of every area, all of them quick.
WITNESSES = ("K-04", "K-13", "K-20", "K-23", "K-29", "K-36")


def judge(command: list[str], only: tuple[str, ...]) -> Run:
    """A tiny run in which nothing is waited for long."""
    return judge_client(command, profile=TINY, seed=3, only=only, strict=True, patience=2.0, short_timeout=0.2)


@pytest.mark.parametrize("lie", LIES, ids=lambda one: one.name)
def test_lie_is_caught(lie: Lie) -> None:
    """The clause a client breaks is violated, and no clause that it keeps."""
    only = () if settings().max_examples > 100 else (lie.clause, *lie.also, *WITNESSES)
    run = judge(lie.command, only)
    broken = {v.clause.id: v for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {lie.clause} == broken.keys() - lie.also, {i: v.found for i, v in broken.items()}
    assert broken[lie.clause].counterexample
    assert "adapter in:" in broken[lie.clause].counterexample


def test_honest_client_is_not_blamed() -> None:
    """The client all lies are told about keeps every clause."""
    run = judge([sys.executable, "-S", "-E", "-B", str(HERE / "honest.py")], ())
    assert {} == {v.clause.id: v.found for v in run.verdicts if v.outcome is not Outcome.HELD}


def test_every_clause_has_a_rule_and_a_lie() -> None:
    """A clause without a rule is not judged, one without a lie may not be called so."""
    assert sorted(CLIENT_CLAUSES) == sorted(judged_client_clauses())
    assert sorted(CLIENT_CLAUSES) == sorted({lie.clause for lie in LIES})


def test_lies_are_told_once() -> None:
    """Each lie has one program, each program one lie, and every clause named exists."""
    names = Counter(lie.name for lie in LIES)
    programs = {path.stem for path in HERE.glob("*.py")} - {"honest", "catalogue", "__init__"}
    assert [] == [name for name, count in names.items() if count > 1]
    assert programs == set(names)
    assert set() == {i for lie in LIES for i in (lie.clause, *lie.also)} - set(CLIENT_CLAUSES)
