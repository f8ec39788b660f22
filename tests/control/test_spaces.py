"""Spaces over the control API: credentials, prefixes, stable cursors, waiting, draining, time, state."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kobikom_emulator import Emulator

SPACES = "/_emulator/spaces"


def ids(said: Any) -> list[str]:
    return [message["message_id"] for message in said.body["messages"]]


def test_generated_credentials_find_their_space_at_the_plain_url(api: Any, space: dict[str, Any]) -> None:
    """User and password of a space work at the server's own URL: send, balance and pull land in it and nowhere else."""
    assert "<status>0</status>" in api.send(space)
    api.at(space["name"], "POST", "/clock", {"advance": 1})
    assert 'status="DELIVERED"' in api.pull(space)
    account = space["accounts"][0]
    login = f"<kullanici>{account['user']}</kullanici><parola>{account['password']}</parola>"
    query = f"<bakiye><dogrulama>{login}</dogrulama></bakiye>"
    assert "<miktar>999.000</miktar>" in api.ask("POST", "/api/sendsms/xml/", query.encode()).body
    assert 1 == api.at(space["name"], "GET", "").body["messages"]
    assert [] == [m for m in api.at("default", "GET", "/messages").body["messages"] if m["user"] == account["user"]]


def test_the_list_names_the_file_that_spaces_are_kept_in(tmp_path: Path) -> None:
    """Its name alone, without the folder; null where everything is in memory."""
    for store, name in ((str(tmp_path / "kobikom.sqlite"), "kobikom.sqlite"), ("", None)):
        with Emulator(store=store) as emulator:
            _, body = emulator.ask_control("GET", SPACES)
        assert name == json.loads(body)["store"]
        assert str(tmp_path) not in body.decode()


def test_a_prefix_names_a_space(api: Any, space: dict[str, Any]) -> None:
    """Below /s/<space> only that space's accounts exist; an unknown space is a wrong path."""
    prefix = f"/s/{space['name']}"
    assert api.emulator.url + prefix == space["base_url"]
    assert "<status>0</status>" in api.send(space, prefix=prefix)
    assert "NO_DATA" == api.pull(space, prefix=prefix)
    other = {"accounts": [{"user": "test", "password": "test"}]}
    assert "<status>-5</status>" in api.send(other, prefix=prefix)
    assert "<status>-5</status>" in api.send(space, prefix="/s/default")
    assert "5" == api.pull(other, prefix=prefix)
    assert 404 == api.ask("POST", "/s/nowhere/api/sendsms/xml/", b"<SMS/>").status


def test_two_spaces_share_nothing(api: Any) -> None:
    """Accounts of one are unknown in the other; ids, clocks, faults, readings and journals are each its own."""
    one, two = api.open(seed=1), api.open(seed=2)
    api.send(one)
    api.at(one["name"], "POST", "/clock", {"advance": 3600})
    api.at(one["name"], "POST", "/faults", {"effect": {"kind": "garbage"}})
    api.at(one["name"], "PATCH", "/readings", {"dates": "padded"})
    view = api.at(two["name"], "GET", "").body
    assert (0, 0, two["clock"]) == (view["messages"], view["faults"], view["clock"])
    assert 0 == api.at(two["name"], "GET", "/journal").body["total"]
    assert (
        "unpadded" == {r["name"]: r["value"] for r in api.at(two["name"], "GET", "/readings").body["readings"]}["dates"]
    )
    api.send(two)
    first, second = (api.at(each["name"], "GET", "/messages").body["messages"][0]["id"] for each in (one, two))
    assert first != second
    for each in (one, two):
        assert 204 == api.at(each["name"], "DELETE", "").status
    assert "<status>-5</status>" in api.send(one)


def test_the_base_url_is_the_one_the_client_used(api: Any) -> None:
    """A client that reached the server by another name gets addresses by that name: the port of a container, say."""
    said = api.ask("POST", SPACES, {}, {"Host": "kobikom:9999"})
    name = said.body["name"]
    assert f"http://kobikom:9999/s/{name}" == said.body["base_url"]
    api.send(said.body)
    entry = api.ask("GET", f"{SPACES}/{name}/journal/1", headers={"Host": "localhost:7"}).body
    assert "http://localhost:7/api/sendsms/xml/" in entry["curl"]
    assert api.emulator.url == api.ask("GET", f"{SPACES}/default", headers={"Host": "a;c"}).body["base_url"]
    api.at(name, "DELETE", "")


def test_cursors_stay_where_they_are_while_messages_arrive(api: Any, space: dict[str, Any]) -> None:
    """A walk over pages sees each message that was there at its start once, whatever is sent meanwhile."""
    api.send(space, " ".join(f"905329975725#a{n}" for n in range(4)))
    api.send(space, " ".join(f"905329975725#b{n}" for n in range(3)))
    page = api.at(space["name"], "GET", "/messages?limit=2")
    seen = ids(page)
    for _ in range(9):
        if page.body["next"] is None:
            break
        api.send(space, "905329975725#later 905329975725#later-still")
        page = api.at(space["name"], "GET", f"/messages?limit=2&before={page.body['next']}")
        seen += ids(page)
    assert ["b2", "b1", "b0", "a3", "a2", "a1", "a0"] == seen


def test_messages_are_filtered(api: Any, space: dict[str, Any]) -> None:
    """Number, sender, text, status, account and time each narrow the list; a plus before a number is nothing."""
    api.send(space, "905329975725#m1", text="Kodunuz 1234")
    api.at(space["name"], "POST", "/clock", {"advance": 60})
    api.send(space, "905339975725#m2", text="Merhaba", title="DEMO")
    cases = {
        "to=%2B90532*": ["m1"],
        "title=DEMO": ["m2"],
        "text=*1234*": ["m1"],
        "status=DELIVERED": ["m1"],
        "status=sent": ["m2"],
        f"user={space['accounts'][0]['user']}": ["m2", "m1"],
        "user=nobody": [],
        "since=2026-01-31T09:01:00%2B03:00": ["m2"],
        "to=905*&text=M*": ["m2"],
    }
    assert cases == {query: ids(api.at(space["name"], "GET", f"/messages?{query}")) for query in cases}


def test_waiting_ends_with_the_message(api: Any, space: dict[str, Any]) -> None:
    """What is there already answers at once; what another thread sends later ends the wait."""
    api.send(space, "905329975725#m1", text="Kodunuz 1234")
    assert ["m1"] == ids(api.at(space["name"], "POST", "/messages/wait", {"match": {"text": "*1234*"}, "timeout": 0}))
    with api.asking(space["name"], "POST", "/messages/wait", {"count": 2, "timeout": 30}) as answer:
        api.send(space, "905329975725#m2")
        assert ["m2", "m1"] == ids(answer())


def test_a_wait_for_a_status_ends_when_the_clock_moves(api: Any, space: dict[str, Any]) -> None:
    """A message that becomes final because the clock was moved ends a wait for its status."""
    api.send(space)
    wanted = {"match": {"status": "DELIVERED"}, "timeout": 30}
    with api.asking(space["name"], "POST", "/messages/wait", wanted) as answer:
        api.at(space["name"], "POST", "/clock", {"advance": 1})
        assert 200 == answer().status


class Receiver(ThreadingHTTPServer):
    """Takes pushes and keeps their bodies; answers with the statuses given, then 200."""

    daemon_threads = True

    def __init__(self, *statuses: int) -> None:
        super().__init__(("127.0.0.1", 0), _Taking)
        self.statuses = list(statuses)
        self.bodies: list[str] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def more(self) -> str:
        return f"<pushurl>http://127.0.0.1:{self.server_port}/reports</pushurl>"


class _Taking(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        server: Any = self.server
        server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.send_response(server.statuses.pop(0) if server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: Any) -> None:
        """Quiet."""


def test_a_frozen_clock_holds_pushes_back_and_drain_waits_for_those_that_are_due(
    api: Any, space: dict[str, Any]
) -> None:
    """Before its time a push is not under way; the clock makes it due, drain waits until it was attempted (S-19)."""
    with Receiver(500, 500) as receiver:
        try:
            api.send(space, "905329975725#m1", more=receiver.more)
            assert 200 == api.at(space["name"], "POST", "/drain", {"timeout": 0}).status
            assert [] == receiver.bodies
            for seconds, attempts in ((1, 1), (59, 1), (1, 2), (119, 2), (1, 3), (86_400, 3)):
                api.at(space["name"], "POST", "/clock", {"advance": seconds})
                assert 200 == api.at(space["name"], "POST", "/drain", {"timeout": 30}).status
                assert attempts == len(receiver.bodies)
        finally:
            receiver.shutdown()
    outcomes = [e["outcome"] for e in api.at(space["name"], "GET", "/journal?operation=push").body["entries"]]
    assert ["pushed", "postponed", "postponed"] == outcomes
    assert 'id="m1"' in receiver.bodies[2]


def test_the_clock_is_set_advanced_frozen_and_run_in_this_order(api: Any, space: dict[str, Any]) -> None:
    """All of it in one request: stand there, move on, stay frozen or run at a rate."""
    turn = {"set": "2030-01-01T00:00:00+03:00", "advance": 90, "freeze": True, "rate": 4}
    assert {"now": "2029-12-31T21:01:30Z", "frozen": True, "rate": 4.0, "ended": False} == api.at(
        space["name"], "POST", "/clock", turn
    ).body
    assert {"now": "2029-12-31T21:01:30Z", "frozen": True, "rate": 4.0, "ended": False} == api.at(
        space["name"], "GET", "/clock"
    ).body
    running = api.at(space["name"], "POST", "/clock", {"freeze": False}).body
    assert (False, 4.0) == (running["frozen"], running["rate"])
    assert api.at(space["name"], "GET", "/clock").body["now"][:19] >= running["now"][:19]
    assert "2029-12-31" == api.at(space["name"], "POST", "/clock", {"set": "2029-12-31T12:00:00Z"}).body["now"][:10]
    api.at(space["name"], "POST", "/reset")
    assert {"now": "2026-01-31T06:00:00Z", "frozen": True, "rate": 1.0, "ended": False} == api.at(
        space["name"], "GET", "/clock"
    ).body


def test_a_running_clock_ends_a_wait_for_a_status(api: Any, space: dict[str, Any]) -> None:
    """At a million seconds a second the report of the next day ends a wait at once, long before its time-out."""
    api.send(space, "905329975725")
    wanted = {"match": {"status": "DELIVERED"}, "timeout": 300}  # nobody here listens for so long
    api.at(
        space["name"],
        "POST",
        "/messages/" + message_of(api, space) + "/outcome",
        {"status": "DELIVERED", "after": 86_400},
    )
    api.at(space["name"], "POST", "/clock", {"freeze": False, "rate": 1e6})
    assert 200 == api.at(space["name"], "POST", "/messages/wait", wanted).status


def message_of(api: Any, space: dict[str, Any]) -> str:
    return str(api.at(space["name"], "GET", "/messages").body["messages"][0]["id"])


def test_a_forced_outcome_moves_money_as_its_status_wants(api: Any, space: dict[str, Any]) -> None:
    """NOT_ALLOWED gives the charge back when it is final, and takes it again if another end is forced before (C-03)."""

    def credit() -> str:
        return str(api.at(space["name"], "GET", f"/accounts/{space['accounts'][0]['user']}").body["credit"])

    api.send(space, "905329975725#m1")
    api.at(space["name"], "POST", "/messages/m1/outcome", {"status": "NOT_ALLOWED", "after": 10})
    assert "999.000" == credit()
    api.at(space["name"], "POST", "/messages/m1/outcome", {"status": "REJECTED", "after": 20})
    api.at(space["name"], "POST", "/clock", {"advance": 15})
    assert "999.000" == credit()
    api.at(space["name"], "POST", "/messages/m1/outcome", {"status": "NOT_ALLOWED"})
    assert "1000.000" == credit()
    assert 409 == api.at(space["name"], "POST", "/messages/m1/outcome", {"status": "DELIVERED"}).status


def test_a_state_moves_to_another_server(asker: Any) -> None:
    """Messages, given flags, money, faults with counts, pushes and clock go along: both answer the same bytes then."""
    told: list[list[str]] = []
    with Receiver(500) as receiver:
        try:
            with Emulator({"push": {"allow": "any"}}) as first, Emulator({"push": {"allow": "any"}}) as second:
                one, other = asker(first), asker(second)
                begun = one.open(name="moved", seed=3, accounts=[{"user": "mover", "credit": "20"}])
                api = one
                api.at("moved", "PATCH", "/readings", {"dates": "padded"})
                api.send(begun, "905329975725#m1 905990000005#m2 905990000022#m3")
                api.send(begun, "905329975726#p1", more=receiver.more)
                api.at("moved", "POST", "/clock", {"advance": 2})
                api.at("moved", "POST", "/drain")
                assert "m1" in api.pull(begun, "m1")
                rule = {
                    "effect": {"kind": "status", "code": -26},
                    "when": {"skip": 1, "times": 2},
                    "match": {"operation": "send"},
                }
                api.at("moved", "POST", "/faults", rule)
                api.send(begun)
                taken = api.at("moved", "GET", "/state").body
                other.open(name="moved", seed=3, accounts=[{"user": "elsewhere"}])
                assert 200 == other.at("moved", "PUT", "/state", json.loads(json.dumps(taken))).status
                assert taken == other.at("moved", "GET", "/state").body
                for api in (one, other):
                    said = [api.send(begun, text="bir"), api.send(begun), api.send(begun, "905329975725 905990000030")]
                    said.append(api.pull(begun))
                    api.at("moved", "POST", "/clock", {"advance": 100_000})
                    api.at("moved", "POST", "/drain", {"timeout": 30})
                    said += [api.pull(begun), api.pull(begun), json.dumps(api.at("moved", "GET", "/accounts").body)]
                    said.append(json.dumps(api.at("moved", "GET", "/faults").body))
                    said.append(json.dumps(api.at("moved", "GET", "/messages").body))
                    told.append(said)
        finally:
            receiver.shutdown()
    assert told[0] == told[1]
    assert 3 == sum('id="p1"' in body for body in receiver.bodies)
    assert ["-26", "-26", "0"] == [said.partition("<status>")[2].partition("<")[0] for said in told[0][:3]]
    assert "NO_DATA" == told[0][5]


def test_a_space_that_is_reset_is_as_it_began(api: Any) -> None:
    """After a reset the same requests get the same bytes as the first time, whatever was changed in between."""
    opened = api.open(seed=9, readings={"dates": "padded"}, accounts=[{"credit": "5"}])

    def story() -> list[str]:
        said = [api.send(opened, "905329975725 905990000003")]
        api.at(opened["name"], "POST", "/clock", {"advance": 5})
        said += [api.pull(opened), json.dumps(api.at(opened["name"], "GET", "/messages").body)]
        return said

    first = story()
    api.at(opened["name"], "PATCH", "/readings", {"dates": "unpadded"})
    api.at(opened["name"], "POST", "/faults", {"effect": {"kind": "garbage"}})
    api.at(opened["name"], "PUT", "/accounts/more", {})
    assert 200 == api.at(opened["name"], "POST", "/reset").status
    assert first == story()
    assert 404 == api.at(opened["name"], "GET", "/accounts/more").status
    api.at(opened["name"], "DELETE", "")


def test_a_fault_fires_as_often_as_it_says(api: Any, space: dict[str, Any]) -> None:
    """Skip, times, until and conditions are kept; the journal marks what the rule did."""
    rule = {
        "effect": {"kind": "status", "code": -2, "scope": "recipient"},
        "match": {"operation": "send", "to": "90533*", "text": "*kod*"},
        "when": {"skip": 1, "times": 1, "until": "2026-01-31T10:00:00+03:00"},
    }
    assert 201 == api.at(space["name"], "POST", "/faults", rule).status
    said = [api.send(space, "905339975725 905329975725", text=text) for text in ("x", "bir kod", "iki kod", "üç kod")]
    assert [["0", "0"], ["0", "0"], ["-2", "0"], ["0", "0"]] == [
        [part.partition("<")[0] for part in each.split("<status>")[1:]] for each in said
    ]
    (armed,) = api.at(space["name"], "GET", "/faults").body["faults"]
    assert 1 == armed["fired"]
    entries = api.at(space["name"], "GET", "/journal").body["entries"]
    assert [0, 1, 0, 0] == [len(entry["faults"]) for entry in entries]


@pytest.mark.parametrize("name", ["default", "x" * 63, "0"])
def test_names_of_spaces(name: str, api: Any) -> None:
    """A name of up to 63 characters is fine once; the default space is there already."""
    said = api.ask("POST", SPACES, {"name": name})
    assert (409 if name == "default" else 201) == said.status
    if said.status == 201:
        assert f"spaces/{name}" == said.headers["Location"]
        assert 204 == api.at(name, "DELETE", "").status


def test_a_user_of_the_beginning_stays_with_its_space(api: Any) -> None:
    """A closed account of a space's beginning comes back with a reset, so nobody else gets its name; a later one's is
    free.
    """
    opened = api.open(accounts=[{"user": "stays"}])
    api.at(opened["name"], "PUT", "/accounts/goes", {})
    for user in ("stays", "goes"):
        assert 204 == api.at(opened["name"], "DELETE", f"/accounts/{user}").status
    other = api.open(accounts=[{"user": "goes"}])
    assert 409 == api.ask("POST", SPACES, {"accounts": [{"user": "stays"}]}).status
    assert 200 == api.at(opened["name"], "POST", "/reset").status
    assert "<status>0</status>" in api.send(opened)
    for each in (opened, other):
        api.at(each["name"], "DELETE", "")


def test_a_state_takes_all_of_its_users_or_none(api: Any) -> None:
    """A state with a user of another space is refused and changes nothing; one that is put frees the users it lacks."""
    one, two = api.open(accounts=[{"user": "first"}]), api.open(accounts=[{"user": "second"}])
    empty = api.at(one["name"], "GET", "/state").body
    api.at(one["name"], "PUT", "/accounts/third", {})
    state = api.at(one["name"], "GET", "/state").body
    state["records"][0]["account"]["user"] = "fourth"
    state["records"][1]["account"]["user"] = "second"
    assert 409 == api.at(one["name"], "PUT", "/state", state).status
    assert 404 == api.at(one["name"], "GET", "/accounts/fourth").status
    assert 201 == api.at(two["name"], "PUT", "/accounts/fourth", {}).status
    assert 200 == api.at(one["name"], "PUT", "/state", empty).status
    assert 201 == api.at(two["name"], "PUT", "/accounts/third", {}).status
    for each in (one, two):
        api.at(each["name"], "DELETE", "")


@pytest.mark.parametrize(
    ("place", "odd", "field"),
    [
        (("clock", "now"), 10**30, "clock.now"),
        (("next_id",), 7, "next_id"),
        (("clock", "rate"), 0, "clock.rate"),
        (("faults", "last_number"), 0, "faults.last_number"),
        (("faults", "drawn"), -1, "faults.drawn"),
        (("readings", "dates"), "roman", "readings.dates"),
        (("faults", "rules", 0, "fired"), 9, "faults.rules[0].fired"),
        (("faults", "rules", 0, "rule", "effect"), {"kind": "status", "code": 0}, "faults.rules[0].rule.effect.code"),
        (("records", "account", "balance"), "-1", "balance"),
        (("records", "account", "account", "credit"), "1e20", "account"),
        (("records", "account", "account", "profile", "outcomes"), [], "account.profile.outcomes"),
        (("records", "ledger", "line", "amount"), "NaN", "line.amount"),
        (("records", "batch", "batch", "msisdns"), [], "batch.msisdns"),
        (("records", "batch", "batch", "groups"), [], "batch.groups"),
        (("records", "batch", "given"), "", "given"),
        (("records", "batch", "replanned", "5"), None, "replanned"),
        (("records", "push", "number"), 9, "number"),
    ],
)
def test_a_state_that_contradicts_itself_is_refused(
    place: tuple[Any, ...], odd: Any, field: str, api: Any, space: dict[str, Any]
) -> None:
    """What no operation could live with is 422 and named, and the space stays as it was."""
    api.send(space, "905329975725#m1", more="<pushurl>http://127.0.0.1:9/</pushurl>")
    api.at(space["name"], "POST", "/faults", {"effect": {"kind": "garbage"}})
    state = api.at(space["name"], "GET", "/state").body
    damaged = json.loads(json.dumps(state))
    inner = damaged
    if place[0] == "records":
        nth = next(nth for nth, record in enumerate(state["records"]) if record["record"] == place[1])
        inner, place, field = damaged["records"][nth], place[2:], f"records[{nth}].{field}"
    for key in place[:-1]:
        inner = inner[key]
    batch = next(record["batch"] for record in state["records"] if record["record"] == "batch")
    inner[place[-1]] = batch["groups"][0]["plan"] if odd is None else odd
    said = api.at(space["name"], "PUT", "/state", damaged)
    assert (422, field) == (said.status, said.body.get("field"))
    assert state == api.at(space["name"], "GET", "/state").body
