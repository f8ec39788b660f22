"""A clock that comes to the end of the last year stays there, says so, and does no harm to other spaces (R-08)."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_emulator.clock import ControlledClock
from kobikom_emulator.domain.values import FIRST_INSTANT, LAST_CLOCK

LAST = "9998-12-31T23:59:59.999000Z"
NEAR = "9998-12-31T23:59:58Z"


class Source:
    """A machine's time that only a test moves."""

    def __init__(self) -> None:
        self.at = 0

    def __call__(self) -> int:
        return self.at


_moves = st.one_of(
    st.tuples(st.just("advance"), st.integers(0, 10**16)),
    st.tuples(st.just("set"), st.integers(FIRST_INSTANT, LAST_CLOCK)),
    st.tuples(st.just("run"), st.floats(5e-324, 1e6)),
    st.tuples(st.just("freeze"), st.none()),
    st.tuples(st.just("pass"), st.integers(0, 10**13)),
)


@given(moves=st.lists(_moves, max_size=8))
def test_no_clock_goes_past_the_last_instant(moves: list[tuple[str, Any]]) -> None:
    """However it is moved, run and waited for."""
    source = Source()
    clock = ControlledClock(source=source)
    for move, value in moves:
        match move:
            case "advance":
                clock.advance(value)
            case "set":
                clock.set(value)
            case "run":
                clock.run(rate=value)
            case "freeze":
                clock.freeze()
            case _:
                source.at += value
        assert FIRST_INSTANT <= clock.now() <= LAST_CLOCK


def test_the_last_instant_is_the_end_of_its_year() -> None:
    """To the millisecond."""
    assert (
        LAST_CLOCK == (datetime(9999, 1, 1, tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)).total_seconds() * 1000 - 1
    )


@pytest.fixture
def ended(api: Any) -> dict[str, Any]:
    """A space whose clock ran to the last instant: a million seconds a second, from a second before."""
    space = api.open(clock={"set": NEAR, "freeze": False, "rate": 1_000_000})
    while not (clock := api.at(space["name"], "GET", "/clock").body)["ended"]:
        pass
    assert (LAST, False) == (clock["now"], clock["frozen"])
    return space


def test_a_clock_that_ran_out_says_so_and_harms_no_other(api: Any, ended: dict[str, Any], space: Any) -> None:
    """Every list and view answers, the other spaces go on, and the space itself sends and pulls."""
    listed = {each["name"]: each["clock"]["ended"] for each in api.ask("GET", "/_emulator/spaces").body["spaces"]}
    assert (True, False) == (listed[ended["name"]], listed[space["name"]])
    assert "<status>0</status>" in api.send(ended)
    assert "NO_DATA" == api.pull(ended)
    for path in ("", "/clock", "/messages", "/ledger", "/journal", "/requests", "/faults", "/accounts"):
        assert 200 == api.at(ended["name"], "GET", path).status, path
    assert "<status>0</status>" in api.send(space)


def test_the_state_of_such_a_space_is_taken_back(api: Any, ended: dict[str, Any]) -> None:
    """Exported and imported, and set back to another time."""
    state = api.at(ended["name"], "GET", "/state").body
    assert 200 <= api.at(ended["name"], "PUT", "/state", state).status < 300
    assert api.at(ended["name"], "GET", "/clock").body["ended"]
    back = api.at(ended["name"], "POST", "/clock", {"set": "2026-01-31T09:00:00+03:00", "freeze": True}).body
    assert (False, "2026-01-31T06:00:00Z") == (back["ended"], back["now"])
    state["clock"]["now"] = LAST_CLOCK + 1
    refusal = api.at(ended["name"], "PUT", "/state", state)
    assert (422, "clock.now") == (refusal.status, refusal.body["field"])


def test_a_step_that_passes_the_last_instant_stops_there(api: Any) -> None:
    """Steps are checked when they are armed; the clock may have been moved since."""
    space = api.open()
    step = {"after": {"operation": "send"}, "advance": 300_000_000}
    assert 200 <= api.at(space["name"], "POST", "/scenario", {"steps": [step]}).status < 300
    api.at(space["name"], "POST", "/clock", {"set": NEAR})
    api.send(space)
    assert (LAST, True) == tuple(api.at(space["name"], "GET", "/clock").body[key] for key in ("now", "ended"))
    assert 200 == api.ask("GET", "/_emulator/spaces").status


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/clock", {"set": "9999-01-01T00:00:00Z"}, "set"),
        ("/clock", {"set": "9998-12-31T23:59:59-00:01"}, "set"),
        ("/clock", {"set": "9998-12-31T23:59:59-23:59"}, "set"),
        ("/clock", {"set": "0001-01-01T00:00:00Z"}, "set"),
        ("/clock", {"set": "0001-12-31T23:59:59-00:00"}, "set"),
        ("/clock", {"set": "0002-01-01T00:00:00+00:01"}, "set"),
        ("/clock", {"set": "0002-01-01T00:00:00+23:59"}, "set"),
        ("/clock", {"advance": 2}, "advance"),
        ("/clock", {"set": NEAR, "advance": 3e9}, "advance"),
        ("/messages/m1/outcome", {"status": "REJECTED", "after": 2.0}, ""),
        ("/messages/m1/outcome", {"status": "REJECTED", "after": 300_000_000}, ""),
        ("/scenario", {"clock": {"advance": 2}}, "clock.advance"),
        ("/scenario", {"steps": [{"advance": 2}]}, "steps[0].advance"),
    ],
)
def test_what_lies_beyond_is_refused(path: str, body: dict[str, Any], field: str, api: Any) -> None:
    """A time, an outcome or a step that the clock could never come to is refused, and nothing changes."""
    space = api.open(clock={"set": NEAR, "freeze": True})
    api.send(space, "905329975725#m1")
    before = api.at(space["name"], "GET", "/state").body
    refusal = api.at(space["name"], "POST", path, body)
    assert (True, field) == (refusal.status in (409, 422), refusal.body.get("field", "")), refusal.body
    assert json.dumps(before) == json.dumps(api.at(space["name"], "GET", "/state").body)


@pytest.mark.parametrize(("offset", "code"), [("1s", "0"), ("2s", "-27"), ("1d", "-27"), ("999999999999d", "-27")])
def test_a_schedule_beyond_is_refused(offset: str, code: str, api: Any) -> None:
    """A message that would never be sent is -27 (S-15)."""
    space = api.open(clock={"set": NEAR, "freeze": True})
    assert f"<status>{code}</status>" in api.send(space, more=f"<ileriTarih>{offset}</ileriTarih>")


@pytest.mark.parametrize("instant", ["0002-01-01T00:00:00Z", "0002-01-01T03:00:00+03:00", NEAR, "1969-12-31T23:59:59Z"])
def test_the_earliest_and_the_latest_times_work(instant: str, api: Any) -> None:
    """A message is sent and its dates are printed; the state is taken back."""
    space = api.open(clock={"set": instant, "freeze": True})
    assert "<status>0</status>" in api.send(space)
    assert 200 == api.at(space["name"], "GET", "/messages").status
    state = api.at(space["name"], "GET", "/state").body
    assert 200 <= api.at(space["name"], "PUT", "/state", state).status < 300


@pytest.mark.parametrize("user", ["%00", "a%00b", "%0A", "a%1Fb", "%C2%85", "%EF%BF%BF"])
def test_a_user_that_no_request_can_name_is_refused(user: str, api: Any, space: dict[str, Any]) -> None:
    """Control characters cannot be written in XML, and not every store can hold them."""
    refusal = api.at(space["name"], "PUT", f"/accounts/{user}", {"password": "p"})
    assert (422, "user") == (refusal.status, refusal.body["field"])
    refusal = api.at(space["name"], "PATCH", f"/accounts/{space['accounts'][0]['user']}", {"password": "a\x00b"})
    assert (422, "password") == (refusal.status, refusal.body["field"])


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"user": "a\x00"}, "user"), ({"password": ""}, "password"), ({"push_url": "ftp://x"}, "push_url"),
        ({"titles": ["\x00"]}, "titles"), ({"currency": "try"}, "currency"),
    ],
)  # fmt: skip
def test_an_imported_account_keeps_the_same_limits(
    change: dict[str, Any], field: str, api: Any, space: dict[str, Any]
) -> None:
    """What an account cannot be given it cannot get by a state either."""
    state = api.at(space["name"], "GET", "/state").body
    account = next(record for record in state["records"] if record["record"] == "account")
    account["account"] |= change
    refusal = api.at(space["name"], "PUT", "/state", state)
    assert (422, f"records[0].account.{field}") == (refusal.status, refusal.body["field"])
