"""Days are shrunk to the smallest on which the command still fails, in few attempts."""

from typing import Any

from hypothesis import given, settings

from kobikom_contracts import Scenario, scenarios
from kobikom_contracts.fuzz.shrink import shrink, simpler

DROP = {"effect": {"kind": "drop", "moment": "after"}, "match": {"operation": "send"}, "when": {"times": 2, "skip": 1}}
GARBAGE = {"effect": {"kind": "garbage"}, "match": {"operation": "pull", "user": "x"}, "when": {"probability": 0.5}}
BIG: dict[str, Any] = {
    "format": "kobikom-emulator-scenario/1",
    "name": "big",
    "sentence": "Much is different.",
    "faults": [GARBAGE, DROP],
    "readings": {"dates": "padded", "amount": "grouped"},
    "delivery": {"outcomes": [{"status": "SENT"}, {"status": "REJECTED"}]},
    "credit": "1",
    "steps": [{"after": {"operation": "send"}, "advance": 60}],
}


def drops(document: Any) -> bool:
    return any(rule["effect"]["kind"] == "drop" for rule in document.get("faults", []))


def test_what_is_not_needed_goes() -> None:
    """One rule is left, on the first request, once."""
    smallest = {"effect": DROP["effect"], "match": {"operation": "send"}, "when": {"times": 1}}
    assert {"format": BIG["format"], "faults": [smallest]} == shrink(BIG, drops)


def test_what_is_needed_together_stays() -> None:
    """A failure that needs credit and one of two ways to end keeps both."""
    small = shrink(
        BIG, lambda day: "credit" in day and {"status": "REJECTED"} in day.get("delivery", {}).get("outcomes", [])
    )
    expected = {"format": BIG["format"], "credit": "1", "delivery": {"outcomes": [{"status": "REJECTED"}]}}
    assert expected == small


def test_a_part_that_needs_its_size_stays() -> None:
    """A failure at the second of two requests keeps both numbers."""
    small = shrink(BIG, lambda day: DROP in day.get("faults", []))
    assert {"format": BIG["format"], "faults": [DROP]} == small


def test_no_document_is_tried_twice_and_attempts_are_bounded() -> None:
    """Each attempt is a run of the command."""
    tried: list[Any] = []

    def fails(document: Any) -> bool:
        assert document not in tried
        tried.append(document)
        return drops(document)

    shrink(BIG, fails, attempts=7)
    assert 7 == len(tried)
    assert BIG == shrink(BIG, lambda _: False)


@settings(max_examples=60)
@given(scenario=scenarios())
def test_every_simpler_day_is_a_scenario(scenario: Scenario) -> None:
    """It can be read, and says less than the day it was made from."""
    document = scenario.document()
    for candidate in simpler(document):
        assert len(repr(candidate)) < len(repr(document)) or candidate["faults"] != document["faults"]
        assert candidate == Scenario.of(candidate).document()
