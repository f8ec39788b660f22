"""Scenarios: what is drawn can be played and replayed from its file, loses nothing, and shrinks to no change at all."""

import copy
import json
from typing import Any

import msgspec
import pytest
from hypothesis import Phase, find, given, seed, settings
from hypothesis import strategies as st

from kobikom_contracts.catalogue.drawing import scenarios
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import (
    EFFECTS,
    FIELDS,
    FINAL_STATUSES,
    FORMAT,
    OPERATIONS,
    READINGS,
    is_possible,
)
from kobikom_contracts.scenario_words import KINDS as DRAWN_KINDS
from kobikom_emulator.domain.terms import DeliveryOutcome, DeliverySettings
from kobikom_emulator.faults.kinds import KINDS
from kobikom_emulator.faults.rule import Match, Rule, When
from kobikom_emulator.protocol.readings import BY_NAME
from kobikom_emulator.space.scenario import ClockChange
from kobikom_emulator.space.scenario import Scenario as Played
from kobikom_emulator.space.steps import After, Step


@given(scenario=scenarios(kinds=tuple(EFFECTS), operations=OPERATIONS))
def test_every_drawn_scenario_can_be_played(scenario: Scenario) -> None:
    """The emulator takes each document that is drawn, and no rule in it is one that can never do anything."""
    played = msgspec.convert(scenario.document(), Played)
    assert [""] * len(scenario.faults) == [rule.problem(0) for rule in played.faults]


@given(scenario=scenarios(kinds=tuple(EFFECTS), operations=OPERATIONS))
def test_a_scenario_survives_its_file(scenario: Scenario) -> None:
    """What a file holds is the scenario that was written to it."""
    assert scenario == Scenario.from_file(scenario.to_file())


@given(scenario=scenarios())
def test_a_scenario_prints_what_replays_it(scenario: Scenario) -> None:
    """The representation in a failing test's output is an expression for the same scenario."""
    assert scenario == eval(repr(scenario), {"Scenario": Scenario})


def test_the_simplest_scenario_changes_nothing() -> None:
    """Shrinking ends with a document that changes nothing."""
    smallest = find(scenarios(), lambda _: True, settings=settings(database=None, max_examples=5))
    assert {"format": FORMAT} == smallest.document()


@pytest.mark.parametrize("kind", list(EFFECTS))
def test_only_what_is_asked_for_is_drawn(kind: str) -> None:
    """`operations` and `kinds` bound what is drawn."""
    operation = next(name for name in OPERATIONS if is_possible(EFFECTS[kind][0], name))

    @settings(max_examples=25, database=None)
    @given(scenario=scenarios(operations=(operation,), kinds=(kind,)))
    def check(scenario: Scenario) -> None:
        drawn = {(rule["effect"]["kind"], rule["match"]["operation"]) for rule in scenario.faults}
        assert {(kind, operation)} >= drawn

    check()


def test_a_fault_is_drawn_for_each_operation() -> None:
    """Nothing is left out of the draw."""
    few = settings(database=None, max_examples=20)
    for operation in OPERATIONS:
        drawn = find(scenarios(operations=(operation,)), lambda scenario: bool(scenario.faults), settings=few)
        assert operation == drawn.faults[0]["match"]["operation"]


RULES = st.fixed_dictionaries(
    {"effect": st.sampled_from([effect for effects in EFFECTS.values() for effect in effects])},
    optional={
        "match": st.fixed_dictionaries(
            {}, optional={name: st.text(max_size=5) for name in ("user", "to", "title", "text")}
        ),
        "when": st.fixed_dictionaries(
            {},
            optional={
                "skip": st.integers(0, 9),
                "times": st.integers(1, 9) | st.none(),
                "probability": st.sampled_from((0.25, 1)),
                "until": st.just("2026-01-31T09:00:00+03:00"),
            },
        ),
    },
)
OUTCOMES = st.fixed_dictionaries(
    {"status": st.sampled_from(FINAL_STATUSES)},
    optional={"after": st.integers(0, 99), "weight": st.integers(1, 9), "gsm_error": st.integers(0, 99) | st.none()},
)
DOCUMENTS = st.fixed_dictionaries(
    {},
    optional={
        "format": st.just(FORMAT),
        "readings": st.fixed_dictionaries({}, optional={name: st.sampled_from(READINGS[name]) for name in READINGS}),
        "faults": st.lists(RULES, max_size=3),
        "delivery": st.fixed_dictionaries(
            {}, optional={"outcomes": st.lists(OUTCOMES, min_size=1, max_size=3), "jitter": st.integers(0, 9)}
        ),
        "clock": st.fixed_dictionaries(
            {},
            optional={
                "set": st.just("2026-01-31T09:00:00+03:00"),
                "advance": st.integers(0, 9),
                "freeze": st.booleans(),
                "rate": st.sampled_from((0.5, 60)),
            },
        ),
        "credit": st.sampled_from(("0", "12.345")),
        "steps": st.lists(
            st.fixed_dictionaries(
                {},
                optional={
                    "after": st.fixed_dictionaries(
                        {}, optional={"operation": st.sampled_from(("send", "pull")), "count": st.integers(1, 9)}
                    ),
                    "advance": st.integers(0, 9),
                    "credit": st.just("1.5"),
                },
            ),
            max_size=2,
        ),
        "seed": st.integers(0, 9),
        "name": st.text(max_size=5),
        "sentence": st.text(max_size=5),
        "inputs": st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=2),
    },
)
"""Every document of a scenario: each field may be there or not."""


@given(document=DOCUMENTS)
def test_a_file_loses_nothing_when_it_is_read_back(document: dict[str, Any]) -> None:
    """Read, written and read again a scenario is the same, and the emulator understands the same by it as before."""
    scenario = Scenario.of(document)
    assert scenario == Scenario.from_file(scenario.to_file())
    assert msgspec.convert(document, Played) == msgspec.convert(json.loads(scenario.to_file()), Played)


def test_the_documents_have_every_field() -> None:
    """The property above is about all fields there are: those of the emulator's structures."""
    structures = {
        "scenario": Played,
        "rule": Rule,
        "match": Match,
        "when": When,
        "delivery": DeliverySettings,
        "outcome": DeliveryOutcome,
        "clock": ClockChange,
        "step": Step,
        "after": After,
        **KINDS,
    }
    expected = {name: set(structure.__struct_fields__) for name, structure in structures.items()}
    expected |= {kind: expected[kind] | {"kind"} for kind in KINDS} | {"readings": set(BY_NAME)}
    assert expected == {name: set(fields) for name, fields in FIELDS.items()}


WHOLE: dict[str, Any] = {
    "readings": {"dates": "padded"},
    "faults": [{"effect": {"kind": "drop", "moment": "after"}, "match": {"to": "9*"}, "when": {"times": 1}}],
    "delivery": {"outcomes": [{"status": "SENT"}]},
    "clock": {"advance": 1},
    "steps": [{"after": {"operation": "send"}, "advance": 1}],
}
PLACES: tuple[tuple[str | int, ...], ...] = (
    (),
    ("readings",),
    ("faults", 0),
    ("faults", 0, "effect"),
    ("faults", 0, "match"),
    ("faults", 0, "when"),
    ("delivery",),
    ("delivery", "outcomes", 0),
    ("clock",),
    ("steps", 0),
    ("steps", 0, "after"),
)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: ".".join(map(str, place)) or "scenario")
def test_an_unknown_name_is_refused_at_every_depth(place: tuple[str | int, ...]) -> None:
    """By the contracts, which name it, and by the emulator."""
    document = copy.deepcopy(WHOLE)
    assert WHOLE["clock"] == Scenario.of(document).clock
    inner: Any = document
    for step in place:
        inner = inner[step]
    inner["fault-y"] = "x"
    with pytest.raises(ValueError, match="scenario has no field fault-y; the fields are"):
        Scenario.of(document)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, Played)


@pytest.mark.parametrize(
    "document",
    [
        {"format": "else/2"},
        {"faults": {}},
        {"faults": "drop"},
        {"faults": [{}]},
        {"faults": [{"effect": {"kind": "noise"}}]},
        {"faults": [{"effect": {"kind": []}}]},
        {"delivery": []},
        {"delivery": {"outcomes": {}}},
        {"clock": None},
        {"readings": []},
        {"steps": {}},
        {"steps": [1]},
        {"inputs": []},
    ],
    ids=str,
)
def test_a_document_of_another_shape_is_refused(document: dict[str, Any]) -> None:
    """The error says what is wrong with it, and the emulator refuses it too."""
    with pytest.raises(ValueError, match="scenario"):
        Scenario.of(document)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(document, Played)


def test_the_kinds_that_are_drawn_by_default_are_those_that_cost_no_real_time() -> None:
    """All of them but for those that make an answer slow."""
    assert set(KINDS) - {"delay", "dribble", "stall"} == set(DRAWN_KINDS)


@pytest.mark.parametrize("number", range(10 if settings().max_examples > 100 else 4))
def test_the_lost_answer_is_drawn_in_every_run(number: int) -> None:
    """A hundred scenarios with any operation and kind have one whose first send is carried out and not answered.

    A deep run tries more seeds.
    """

    def loses(scenario: Scenario) -> bool:
        return any(
            ("send", "after", 0)
            == (rule["match"]["operation"], rule["effect"].get("moment"), rule["when"].get("skip", 0))
            for rule in scenario.faults
        )

    drawn: list[bool] = []

    @seed(number)
    @settings(max_examples=100, database=None, phases=[Phase.generate], deadline=None)
    @given(scenario=scenarios())
    def draw(scenario: Scenario) -> None:
        drawn.append(loses(scenario))

    draw()
    assert any(drawn)
