"""The catalogue of days: each can be played, has sentences in two languages, and names are refused with the nearest."""

import subprocess
import sys
from typing import Any

import msgspec
import pytest

from kobikom_contracts import Day, days, scenarios
from kobikom_contracts.catalogue.all_days import SURROUNDINGS
from kobikom_contracts.catalogue.sentences import tell
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import EFFECTS, OPERATIONS, READINGS
from kobikom_emulator.space.scenario import Scenario as Played

FAULTS = {*EFFECTS} - {"delay", "dribble"}
ALL = days(operations=OPERATIONS, kinds=[*FAULTS, *SURROUNDINGS])


@pytest.mark.parametrize("day", ALL, ids=str)
def test_every_day_can_be_played(day: Day) -> None:
    """The emulator takes the document, and no rule or step in it is one that can never do anything."""
    played = msgspec.convert(day.document(), Played)
    problems = [rule.problem(0) for rule in played.faults] + [step.problem() for step in played.steps]
    assert [""] * len(problems) == problems


@pytest.mark.parametrize("day", ALL, ids=str)
def test_every_day_has_its_own_sentences(day: Day) -> None:
    """A sentence in each language, and no two days share one."""
    others = [other for other in ALL if other != day]
    assert day.sentence.endswith(".")
    assert day.turkish.endswith(".")
    assert day.sentence != day.turkish
    assert {day.name, day.sentence, day.turkish}.isdisjoint(
        {text for other in others for text in (other.name, other.sentence, other.turkish)}
    )


def test_a_day_is_the_scenario_of_its_file() -> None:
    """What a day's document says survives reading, with its name and sentence."""
    for day in ALL:
        scenario = Scenario.of(day.document())
        assert (day.name, day.sentence) == (scenario.name, scenario.sentence)
        assert day.document() == scenario.document()


def test_the_catalogue_is_complete() -> None:
    """Every kind that costs no real time, every reading with every value, and each operation are in it."""
    assert set(EFFECTS) - {"delay", "dribble"} <= {day.kind for day in ALL}
    chosen = {pair for day in ALL for pair in day.scenario.readings.items()}
    assert {(name, value) for name, values in READINGS.items() for value in values[1:]} == chosen
    assert set(OPERATIONS) == {operation for day in ALL for operation in day.operations}


def test_days_are_chosen_by_kind_operation_and_difference() -> None:
    """Only what is asked for is in the list."""
    assert {"drop"} == {day.kind for day in days(kinds=["drop"])}
    assert {("pull",), ()} == {day.operations for day in days(operations=["pull"])}
    assert {True} == {day.different for day in days(different=True)}
    assert {False} == {day.different for day in days(different=False)}
    assert len(days()) == len(days(different=True)) + len(days(different=False))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"kinds": ["htpp"]}, "no kind .*'htpp'; did you mean http"),
        ({"operations": ["sent"]}, "no operation .*'sent'; did you mean send"),
        ({"kinds": "drop"}, "list of names is needed, not the text 'drop'"),
        ({"kinds": ["xyz"]}, "the names are .*drop"),
    ],
    ids=str,
)
def test_an_unknown_name_is_refused_with_the_nearest(wrong: dict[str, Any], message: str) -> None:
    """By the catalogue and by the drawing alike."""
    with pytest.raises(ValueError, match=message):
        scenarios(**wrong)
    with pytest.raises(ValueError, match=message):
        days(**wrong)


@pytest.mark.parametrize(
    ("document", "english", "turkish"),
    [
        ({}, ["Nothing is different."], ["Hiçbir şey farklı değil."]),
        (
            {
                "faults": [
                    {
                        "effect": {"kind": "status", "code": -3, "scope": "recipient", "places": [-1]},
                        "match": {"operation": "send"},
                        "when": {"times": 1, "skip": 1},
                    }
                ],
                "credit": "2.5",
            },
            [
                "At the second send, the last recipient is refused with -3, the others are accepted.",
                "The credit is 2.5.",
            ],
            ["İkinci gönderimde son alıcı -3 ile reddedilir, ötekiler kabul edilir.", "Kredi 2.5."],
        ),
        (
            {"steps": [{"after": {"operation": "pull"}, "advance": 7200, "credit": "0"}]},
            ["After the first pull of reports the clock goes 2 hours on and the credit becomes 0."],
            ["İlk rapor çekmeden sonra saat 2 saat ilerler ve kredi 0 olur."],
        ),
    ],
    ids=["nothing", "one recipient", "step"],
)
def test_a_scenario_has_sentences(document: dict[str, Any], english: list[str], turkish: list[str]) -> None:
    """One for each thing that is different."""
    assert (english, turkish) == (tell(document), tell(document, "tr"))


def test_without_the_extra_the_error_names_it() -> None:
    """`scenarios` needs Hypothesis, which only the extra installs; the catalogue does not."""
    program = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "from kobikom_contracts import days\n"
        "assert days()\n"
        "try:\n    from kobikom_contracts import scenarios\n"
        "except ImportError as error: print(error)\n"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "kobikom_contracts.scenarios needs hypothesis: python -m pip install hypothesis\n" == run.stdout
