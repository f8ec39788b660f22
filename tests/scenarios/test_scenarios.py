"""Scenarios: whatever is drawn can be played, replayed from its print, and shrinks to an ordinary day."""

import json

import msgspec
import pytest
from hypothesis import find, given, settings

from kobikom_contracts.scenario import FORMAT, KINDS, OPERATIONS, Scenario, scenarios
from kobikom_emulator.control.models import Scenario as Played
from kobikom_emulator.protocol.readings import Readings


@given(scenario=scenarios())
def test_every_drawn_scenario_can_be_played(scenario: Scenario) -> None:
    """The emulator takes each document that is drawn, and no rule in it is one that can never do anything."""
    played = msgspec.convert(scenario.document(), Played)
    assert [""] * len(scenario.faults) == [rule.problem(0) for rule in played.faults]
    Readings().with_choices(played.readings)


@given(scenario=scenarios(kinds=(*KINDS, "delay", "dribble")))
def test_a_scenario_survives_its_file(scenario: Scenario) -> None:
    """What a file holds is the scenario that was written to it."""
    assert scenario == Scenario.of(json.loads(scenario.to_file()))


@given(scenario=scenarios())
def test_a_scenario_prints_what_replays_it(scenario: Scenario) -> None:
    """The representation in a failing test's output is an expression for the same scenario."""
    assert scenario == eval(repr(scenario), {"Scenario": Scenario})


def test_the_simplest_scenario_is_an_ordinary_day() -> None:
    """Shrinking ends with a document that changes nothing."""
    smallest = find(scenarios(), lambda _: True, settings=settings(database=None, max_examples=5))
    assert {"format": FORMAT} == smallest.document()


@pytest.mark.parametrize("kind", [*KINDS, "delay", "dribble"])
def test_only_what_is_asked_for_goes_wrong(kind: str) -> None:
    """`operations` and `kinds` bound what is drawn."""

    @settings(max_examples=25, database=None)
    @given(scenario=scenarios(operations=("send",), kinds=(kind,)))
    def check(scenario: Scenario) -> None:
        assert {(kind, "send")} >= {(rule["effect"]["kind"], rule["match"]["operation"]) for rule in scenario.faults}

    check()


def test_each_operation_can_be_meddled_with() -> None:
    """Nothing is left out of the draw."""
    few = settings(database=None, max_examples=20)
    for operation in OPERATIONS:
        found = find(scenarios(operations=(operation,)), lambda scenario: bool(scenario.faults), settings=few)
        assert operation == found.faults[0]["match"]["operation"]


@pytest.mark.parametrize("document", [{"format": "else/2"}, {"fault": []}])
def test_a_foreign_document_is_refused(document: dict[str, object]) -> None:
    """A document of another format or with unknown fields is no scenario."""
    with pytest.raises(ValueError, match="scenario"):
        Scenario.of(document)
