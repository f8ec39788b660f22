"""The registry of clauses and readings, and the names that a command line may use."""

from __future__ import annotations

import pytest

from kobikom_contracts.clauses import CLAUSES, READING_BY_NAME, UnknownName, parse_readings, select
from kobikom_contracts.server_suite.contracts import server_contracts

COUNTS = {"T": 11, "A": 6, "S": 22, "C": 5, "R": 12, "H": 1, "B": 1, "E": 1}


def test_every_clause_is_there() -> None:
    """Every area has as many clauses as the protocol, numbered without a gap."""
    for area, count in COUNTS.items():
        wanted = [f"{area}-{n:02d}" for n in range(1, count + 1)] if area != "E" else ["E"]
        assert wanted == [c.id for c in CLAUSES.values() if c.area == area]


def test_fourteen_readings_each_of_a_clause() -> None:
    """Every reading belongs to a clause and has at least two values."""
    assert 14 == len(READING_BY_NAME)
    assert all(len(r.values) >= 2 and r.clause in CLAUSES for r in READING_BY_NAME.values())


def test_contracts_speak_of_clauses() -> None:
    """Every contract has a sentence, a name of its own, and existing clauses."""
    every = server_contracts()
    assert len(every) == len({one.name for one in every})
    assert all(one.sentence.endswith(".") and set(one.clauses) <= set(CLAUSES) for one in every)


def test_select_takes_ids_and_areas() -> None:
    """Ids and area letters in any case, in protocol order."""
    assert ("A-01", "H-01", "B-01") == select(["b", "h", " a-01"])


@pytest.mark.parametrize("wrong", ["Z-01", "S-99", ""])
def test_select_names_what_it_does_not_know(wrong: str) -> None:
    """An unknown clause is an error that lists the known ones."""
    with pytest.raises(UnknownName, match="clauses are T-01"):
        select([wrong])


def test_readings_are_parsed() -> None:
    """NAME=VALUE and NAME=any."""
    assert {"dates": "padded", "long-text": "any"} == parse_readings(["dates=padded", "long-text=any"])


@pytest.mark.parametrize("wrong", ["dates", "colour=red", "dates=roman"])
def test_wrong_readings_are_named(wrong: str) -> None:
    """No value, no such reading, no such value: one clear line each."""
    with pytest.raises(UnknownName):
        parse_readings([wrong])


def test_inferred_only() -> None:
    """A clause is inferred only if its sources are A and I alone; D or O makes it documented or observed."""
    assert CLAUSES["S-18"].inferred_only
    assert CLAUSES["S-21"].inferred_only
    assert not CLAUSES["R-03"].inferred_only
