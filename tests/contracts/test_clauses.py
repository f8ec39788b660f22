"""The registry of clauses and readings, and the names that a command line may use."""

from __future__ import annotations

import pytest

from kobikom_contracts.clauses import CLAUSES, READING_BY_NAME, STATEMENTS, UnknownName, parse_readings, select
from kobikom_contracts.server_suite.contracts import server_contracts

COUNTS = {"T": 11, "A": 6, "S": 22, "C": 5, "R": 12, "H": 1, "B": 1, "E": 1}


def test_every_clause_is_there() -> None:
    """Every area has as many clauses as the protocol, numbered without a gap."""
    for area, count in COUNTS.items():
        wanted = [f"{area}-{n:02d}" for n in range(1, count + 1)] if area != "E" else ["E"]
        assert wanted == [c.id for c in CLAUSES.values() if c.area == area]


def test_twenty_three_readings_each_of_a_clause() -> None:
    """Every reading belongs to a statement and has at least two values."""
    assert 23 == len(READING_BY_NAME)
    assert all(len(r.values) >= 2 and r.statement in STATEMENTS for r in READING_BY_NAME.values())


def test_contracts_speak_of_statements() -> None:
    """Every contract has a sentence, a name of its own, and existing statements."""
    every = server_contracts()
    assert len(every) == len({one.name for one in every})
    assert all(one.sentence.endswith(".") and set(one.statements) <= set(STATEMENTS) for one in every)


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


def test_statements_have_marks_of_their_own() -> None:
    """Statements are numbered within their clause, and only those that the page says are documented."""
    assert ["T-02.1", "T-02.2", "T-02.3"] == [one.id for one in CLAUSES["T-02"].statements[:3]]
    assert ("A, O", False) == (STATEMENTS["T-02.4"].source, STATEMENTS["T-02.4"].documented)
    assert ("D, A", True) == (STATEMENTS["S-05.1"].source, STATEMENTS["S-05.1"].documented)
    assert "D, A" == CLAUSES["S-15"].source
