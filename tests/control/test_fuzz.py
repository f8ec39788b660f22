"""Fuzzes every operation of the control API from its own document, and checks each answer against that document."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

schemathesis = pytest.importorskip("schemathesis", reason="schemathesis is not installed")

from schemathesis.checks import positive_data_acceptance  # noqa: E402
from schemathesis.generation import GenerationMode  # noqa: E402  # after the skip

from kobikom_emulator import Emulator  # noqa: E402

with Emulator() as _emulator:
    DOCUMENT: dict[str, Any] = json.loads(_emulator.ask_control("GET", "/_emulator/openapi.json")[1])

# Without the stream of events, which has no end.
OPERATIONS = {
    operation.definition.raw["operationId"]: operation
    for operation in (found.ok() for found in schemathesis.openapi.from_dict(DOCUMENT).get_all_operations())
    if operation.definition.raw["operationId"] != "followEvents"
}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with Emulator() as emulator:
        yield emulator.url


def test_every_operation_is_fuzzed() -> None:
    """None of the document's operations is left out but the stream."""
    documented = {operation["operationId"] for item in DOCUMENT["paths"].values() for operation in item.values()}
    assert documented - {"followEvents"} == set(OPERATIONS)


def nobody_waits(case: Any) -> None:
    """Take the patience out of a request, without making a wrong one right."""
    if not isinstance(case.body, dict):
        if not isinstance(case.body, list | str | int | float | bool | None):  # there is none
            case.body, case.media_type = {"timeout": 0}, "application/json"
        return
    patience = case.body.setdefault("timeout", 0)
    if isinstance(patience, int | float) and not isinstance(patience, bool) and 0 < patience <= 300:
        case.body["timeout"] = 0


@pytest.mark.parametrize("name", OPERATIONS)
def test_no_request_breaks_the_control_api(name: str, url: str) -> None:
    """Whatever is asked, the answer is one that the document names: its status, type and shape, and never a 500."""
    operation = OPERATIONS[name]
    wanted = operation.as_strategy(generation_mode=GenerationMode.POSITIVE)
    unwanted = operation.as_strategy(generation_mode=GenerationMode.NEGATIVE)

    @settings(max_examples=3 if name == "importState" else 8, suppress_health_check=list(HealthCheck))
    @given(case=wanted | unwanted if operation.body or operation.query else wanted, real=st.integers(0, 3))
    def fuzz(case: Any, real: int) -> None:
        parameters = case.path_parameters or {}
        if real:  # mostly what is there, sometimes what is not
            parameters |= {each: it for each, it in {"space": "default", "user": "test"}.items() if each in parameters}
        if name in {"waitForMessages", "drain"}:
            nobody_waits(case)
        # Not every value of the right shape makes sense, so that a valid one may be refused: with a problem, though.
        case.call_and_validate(base_url=url, excluded_checks=[positive_data_acceptance])

    fuzz()


ODDITIES = (
    None,
    True,
    -1,
    0,
    1,
    7,
    2**31,
    2**63,
    10**30,
    -(10**15),
    0.5,
    1e300,
    "",
    "x",
    "0",
    "-1",
    "1e9",
    "DELIVERED",
    [],
    {},
    [0],
)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The place of every value within a JSON value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in inner:
        yield (*path, key)
        yield from leaves(each, (*path, key))


def changed(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    """A copy with one place replaced."""
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = changed(value[path[0]], path[1:], new)
    return copy


@pytest.fixture(scope="module")
def taken(api: Any) -> dict[str, Any]:
    """The state of a space in which something of everything has happened."""
    opened = api.open(name="damaged", accounts=[{"user": "damaged", "password": "pw"}])
    api.send(opened, "905329975725#m1 905990000005#m2 905990000022", more="<ileriTarih>1h</ileriTarih>")
    api.send(opened, "905329975725", more="<pushurl>http://127.0.0.1:9/</pushurl>")
    api.send(opened, "905329975725#m3")
    api.at("damaged", "POST", "/messages/m1/outcome", {"status": "NOT_ALLOWED", "after": 5})
    api.at("damaged", "POST", "/clock", {"advance": 7200})
    assert "m2" in api.pull(opened, "m2")
    api.at(
        "damaged", "POST", "/faults", {"effect": {"kind": "garbage"}, "match": {"text": "never"}, "when": {"times": 2}}
    )
    return dict(api.at("damaged", "GET", "/state").body)


@settings(suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_a_damaged_state_is_refused_or_lived_with(data: st.DataObject, api: Any, taken: dict[str, Any]) -> None:
    """One value of a state replaced by an odd one: it is refused, or every operation and the vendor's go on working."""
    path = data.draw(st.sampled_from(list(leaves(taken))), label="place")
    odd = data.draw(st.sampled_from(ODDITIES), label="value")
    said = api.at("damaged", "PUT", "/state", changed(taken, path, odd))
    assert said.status in {200, 409, 422}, said.body
    if said.status == 200:
        for place in ("", "/state", "/accounts", "/messages", "/faults", "/journal", "/ledger", "/clock", "/requests"):
            assert 200 == api.at("damaged", "GET", place).status, place
        opened = {"accounts": [{"user": "damaged", "password": "pw"}]}
        assert api.send(opened).startswith("<?xml")
        assert 200 == api.at("damaged", "POST", "/clock", {"advance": 60}).status
        assert api.pull(opened)[:1] in "<N15"
        assert 200 == api.at("damaged", "PUT", "/state", taken).status
