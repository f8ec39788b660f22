"""Each deviant client is caught by the clause it breaks and by no unrelated one, and sound clients by none."""

import sys
import zlib
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent.parent))

from deviant_clients.catalogue import DEVIANT_CLIENTS, HERE, SOUND_CLIENTS, DeviantClient, program

from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES
from kobikom_contracts.client_suite.contracts import judged_client_clauses
from kobikom_contracts.client_suite.judge import judge_client
from kobikom_contracts.core.profiles import PROFILES
from kobikom_contracts.core.verdicts import Outcome, Run

TINY = replace(PROFILES["tiny"], name="deviant", examples=5, shrink=False)
# Two of them are judged beside the clause of each deviation: one of every area, all of them quick.
WITNESSES = ("K-04", "K-13", "K-20", "K-23", "K-29", "K-36")


def judge(command: list[str], only: tuple[str, ...]) -> Run:
    """A tiny run in which nothing is waited for long."""
    return judge_client(
        command, profile=TINY, seed=3, only=only, strict=True, patience=3.0, short_timeout=0.2, silence=2.0
    )


def judged_for(deviant: DeviantClient) -> tuple[str, ...]:
    """Clauses judged for one client: its own, related ones, and two others by its name; in a deep run all."""
    if settings().max_examples > 100:
        return ()
    unrelated = [one for one in WITNESSES if one not in {deviant.clause, *deviant.also}]
    first = zlib.crc32(deviant.name.encode()) % len(unrelated)
    return (deviant.clause, *deviant.also, *(unrelated * 2)[first : first + 2])


def broken(run: Run) -> dict[str, str | None]:
    """What was found, by the clause that is violated."""
    return {v.clause.id: v.found for v in run.verdicts if v.outcome is Outcome.VIOLATED}


def unjudged(run: Run) -> dict[str, str]:
    """Why, by the clause that could not be judged; echoes of another clause and what nobody claims are left out."""
    known = ("the same cause as", "the adapter does not claim")
    return {
        v.clause.id: v.detail
        for v in run.verdicts
        if v.outcome is Outcome.NOT_CHECKABLE and not v.detail.startswith(known)
    }


@pytest.mark.parametrize("deviant", DEVIANT_CLIENTS, ids=lambda one: one.name)
def test_deviant_client_is_caught(deviant: DeviantClient) -> None:
    """The clause a client breaks is violated, and no clause that it keeps."""
    run = judge(deviant.command, judged_for(deviant))
    assert {deviant.clause} == broken(run).keys() - deviant.also, broken(run)
    verdict = run.of(deviant.clause)
    assert verdict.mend
    assert verdict.exchanges or "adapter in:" in (verdict.counterexample or "")


def test_correct_client_keeps_every_clause() -> None:
    """The client that all deviant ones start from keeps every clause."""
    run = judge(program("correct"), ())
    assert {} == {v.clause.id: v.found for v in run.verdicts if v.outcome is not Outcome.HELD}


@pytest.mark.parametrize("name", SOUND_CLIENTS)
def test_sound_client_of_another_style_keeps_every_clause(name: str) -> None:
    """A client that does correctly, in another way, what the protocol leaves open is accused of nothing."""
    run = judge(program(name), ())
    assert ({}, {}) == (broken(run), unjudged(run))


@pytest.mark.parametrize(
    "name", ["unescaped_text", "made_up_field", "undeclared_latin5", "wrong_path", "never_unicode"]
)
def test_a_fault_in_writing_hides_no_clause(name: str) -> None:
    """A client whose every second request is wrong is judged on all other clauses all the same."""
    deviant = next(one for one in DEVIANT_CLIENTS if one.name == name)
    run = judge(deviant.command, ())
    assert {deviant.clause} == broken(run).keys() - deviant.also
    assert {} == unjudged(run)


@pytest.mark.parametrize(
    ("first", "second", "clauses"),
    [
        ("unescaped_text", "html_is_success", {"K-04", "K-21"}),
        ("made_up_field", "lost_is_nothing", {"K-07", "K-30"}),
        ("one_id_for_all", "no_chunks", {"K-10", "K-16"}),
        ("never_long", "refusal_is_success", {"K-11", "K-15"}),
        ("length_in_characters", "dates_as_utc", {"K-02", "K-27"}),
        ("loses_message_ids", "missing_is_success", {"K-13", "K-18"}),
        ("missing_is_success", "half_is_enough", {"K-18", "K-20"}),
        ("forgets_the_error", "knows_no_minus", {"K-26", "K-29"}),
        ("wrong_path", "lost_is_transport", {"K-01", "K-19"}),
    ],
)
def test_two_faults_are_two_findings(first: str, second: str, clauses: set[str]) -> None:
    """A client with two independent faults violates the clauses of both; a deep run judges the others beside them."""
    # On a wrong path, what follows lost answers is found by the contract of a third clause.
    every_clause = settings().max_examples > 100 or first == "wrong_path"
    only = () if every_clause else tuple(sorted(clauses))
    assert clauses == clauses & broken(judge(program("pair", first, second), only)).keys()


def test_every_clause_has_a_contract_and_a_deviant_client() -> None:
    """Every clause is judged, and has caught a client."""
    assert sorted(CLIENT_CLAUSES) == sorted(judged_client_clauses())
    assert sorted(CLIENT_CLAUSES) == sorted({deviant.clause for deviant in DEVIANT_CLIENTS})


def test_the_catalogue_names_every_program_once() -> None:
    """Each deviant client has one program, and every clause named exists."""
    names = Counter(deviant.name for deviant in DEVIANT_CLIENTS)
    programs = {path.stem for path in HERE.glob("*.py")} - {"correct", "catalogue", "pair", "__init__"}
    assert [] == [name for name, count in names.items() if count > 1]
    assert programs == {*names, *SOUND_CLIENTS}
    assert set() == {i for deviant in DEVIANT_CLIENTS for i in (deviant.clause, *deviant.also)} - set(CLIENT_CLAUSES)
