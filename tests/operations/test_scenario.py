"""A scenario is played whole or not at all, and one that a space begins with is there again after a reset."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

RIGHT: dict[str, list[Any]] = {
    "readings": [{"dates": "padded"}, {"long-text": "split", "unencodable": "question-mark"}],
    "faults": [
        [{"effect": {"kind": "garbage"}}],
        [{"effect": {"kind": "status", "code": -26}, "when": {"until": "2026-01-31T12:00:00+03:00"}}],
    ],
    "delivery": [{"outcomes": [{"status": "REJECTED", "after": 2, "weight": 3}], "jitter": 1}],
    "clock": [{"advance": 60}, {"set": "2026-01-31T10:00:00+03:00", "freeze": True, "rate": 2}],
    "credit": ["0", "12.5"],
}
WRONG: dict[str, list[Any]] = {
    "readings": [{"dates": "roman"}, {"date": "padded"}, []],
    "faults": [
        [{"effect": {"kind": "garbage"}}, {"effect": {"kind": "explode"}}],
        [{"effect": {"kind": "garbage"}}, {"effect": {"kind": "status", "code": 0}}],
        [{"effect": {"kind": "garbage"}}, {"effect": {"kind": "as-printed"}, "match": {"operation": "balance"}}],
        [{"effect": {"kind": "garbage"}}, {"effect": {"kind": "garbage"}, "when": {"until": "2020-01-01T00:00:00Z"}}],
    ],
    "delivery": [{"outcomes": []}, {"outcomes": [{"status": "GONE"}]}, {"jitter": -1}],
    "clock": [{"advance": -1}, {"set": "2026-01-31T10:00:00"}, {"set": "9998-12-31T23:00:00Z", "advance": 7200}],
    "credit": ["-1", "1e40", "NaN"],
    "surprise": [1],
}


@st.composite
def scenarios_with_a_bad_part(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    """The name of the bad part, and a scenario that has it among right ones."""
    bad = draw(st.sampled_from(sorted(WRONG)))
    names = draw(st.lists(st.sampled_from(sorted(RIGHT)), unique=True))
    scenario = {name: draw(st.sampled_from(RIGHT[name])) for name in names if name != bad}
    return bad, {**scenario, bad: draw(st.sampled_from(WRONG[bad]))}


@given(drawn=scenarios_with_a_bad_part())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_scenario_with_a_bad_part_changes_nothing(drawn: tuple[str, dict[str, Any]], server: Any) -> None:
    """It is answered with 422 and the name of that part; the space is as before and nobody is notified."""
    bad, scenario = drawn
    space = server.operations.space("refuses") if server.registry.named("refuses") else server.open(name="refuses")
    before, pulse = server.state(space), space.events.pulse()
    status, answer = server.ask("POST", "/spaces/refuses/scenario", scenario)
    assert (422, True) == (status, answer["field"].startswith(bad)), answer
    assert (before, pulse) == (server.state(space), space.events.pulse())


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in RIGHT.items() for value in values])
def test_each_right_part_is_accepted(name: str, value: Any, server: Any) -> None:
    """The parts that stand beside the bad one above are right by themselves."""
    server.open(name="accepts")
    assert 200 == server.ask("POST", "/spaces/accepts/scenario", {name: value})[0]


def test_a_space_that_began_with_a_scenario_begins_with_it_again(make_server: Any) -> None:
    """After a reset every part of it is back: readings, faults, delivery, clock and credit."""
    scenario = {name: values[-1] for name, values in RIGHT.items()}
    server = make_server(scenario=scenario)
    space = server.operations.space()
    first = server.state(space)
    begun = json.loads(first)
    assert "question-mark" == begun["readings"]["unencodable"]
    assert [-26] == [rule["rule"]["effect"]["code"] for rule in begun["faults"]["rules"]]
    assert ["12.5"] == [record["balance"] for record in begun["records"] if record["record"] == "account"]
    assert {"now": 1769842800000, "frozen": True, "rate": 2.0} == begun["clock"]
    server.ask("DELETE", "/spaces/default/faults")
    server.ask("PATCH", "/spaces/default/readings", {"unencodable": "ucs2"})
    server.ask("PATCH", "/spaces/default/accounts/test", {"credit": "3"})
    server.ask("POST", "/spaces/default/clock", {"advance": 5, "rate": 7})
    server.send("test", "test", "905329975725")
    assert first != server.state(space)
    server.run(space.reset())
    assert first == server.state(space)
