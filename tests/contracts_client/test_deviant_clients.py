"""Each deviant client is caught by the clause it breaks and by no unrelated one."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_clients.catalogue import DEVIANT_CLIENTS, HERE, DeviantClient

from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.contracts import judged_client_clauses
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome, Run

TINY = replace(PROFILES["tiny"], name="deviant", examples=5, shrink=False)
# Judged beside the clause of each deviation: one of every area, all of them quick.
WITNESSES = ("K-04", "K-13", "K-20", "K-23", "K-29", "K-36")


def judge(command: list[str], only: tuple[str, ...]) -> Run:
    """A tiny run in which nothing is waited for long."""
    return judge_client(command, profile=TINY, seed=3, only=only, strict=True, patience=2.0, short_timeout=0.2)


@pytest.mark.parametrize("deviant", DEVIANT_CLIENTS, ids=lambda one: one.name)
def test_deviant_client_is_caught(deviant: DeviantClient) -> None:
    """The clause a client breaks is violated, and no clause that it keeps."""
    only = () if settings().max_examples > 100 else (deviant.clause, *deviant.also, *WITNESSES)
    run = judge(deviant.command, only)
    broken = {v.clause.id: v for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {deviant.clause} == broken.keys() - deviant.also, {i: v.found for i, v in broken.items()}
    assert broken[deviant.clause].counterexample
    assert "adapter in:" in broken[deviant.clause].counterexample


def test_correct_client_keeps_every_clause() -> None:
    """The client that all deviant ones start from keeps every clause."""
    run = judge([sys.executable, "-S", "-E", "-B", str(HERE / "correct.py")], ())
    assert {} == {v.clause.id: v.found for v in run.verdicts if v.outcome is not Outcome.HELD}


def test_every_clause_has_a_contract_and_a_deviant_client() -> None:
    """Every clause is judged, and has caught a client."""
    assert sorted(CLIENT_CLAUSES) == sorted(judged_client_clauses())
    assert sorted(CLIENT_CLAUSES) == sorted({deviant.clause for deviant in DEVIANT_CLIENTS})


def test_the_catalogue_names_every_program_once() -> None:
    """Each deviant client has one program, and every clause named exists."""
    names = Counter(deviant.name for deviant in DEVIANT_CLIENTS)
    programs = {path.stem for path in HERE.glob("*.py")} - {"correct", "catalogue", "__init__"}
    assert [] == [name for name, count in names.items() if count > 1]
    assert programs == set(names)
    assert set() == {i for deviant in DEVIANT_CLIENTS for i in (deviant.clause, *deviant.also)} - set(CLIENT_CLAUSES)
