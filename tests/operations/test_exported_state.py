"""After any history an exported state can be imported elsewhere, and both servers go on with the same bytes."""

import json
from collections.abc import Callable
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

USERS = ("first", "second")
NUMBERS = ("905329975725", "+905339975725", "905990000005", "905990000022", "905990000001", "12", "4915112345678")
STATUSES = ("DELIVERED", "NOT_ALLOWED", "REJECTED", "NOT_DELIVERED")
MIXED = {
    "outcomes": [
        {"status": "DELIVERED"},
        {"status": "NOT_ALLOWED", "after": 3, "weight": 2},
        {"status": "NOT_ALLOWED", "after": 5},
    ],
    "jitter": 3,
}
RULES = (
    {"effect": {"kind": "status", "code": -26}, "when": {"probability": 0.5}},
    {"effect": {"kind": "status", "code": -2, "scope": "recipient"}, "match": {"to": "90533*"}, "when": {"times": 2}},
    {"effect": {"kind": "garbage"}, "match": {"operation": "pull"}, "when": {"skip": 1, "times": 1}},
    {"effect": {"kind": "as-printed"}, "when": {"until": "2026-01-31T09:01:00+03:00", "probability": 0.4}},
)
PUSHED = ({}, {"pushurl": "http://customer.example/takes"}, {"pushurl": "http://customer.example/fails"})
FIELDS = ({}, {"type": "longSMS", "metin": "a" * 400}, {"ileriTarih": "1h"}, {"appid": "shop"})
SPACE = "/spaces/one"


class History(RuleBasedStateMachine):
    """What may happen to a space with two accounts whose messages end in drawn ways."""

    make: Callable[[], Any]

    def __init__(self) -> None:
        super().__init__()
        self.server = self.make()
        accounts = [{"user": user, "password": "p", "credit": "50", "delivery": MIXED} for user in USERS]
        self.space = self.server.open(name="one", seed=4, accounts=accounts)
        self.messages = 0

    def change(self, method: str, path: str, body: Any = None) -> int:
        status, answer = self.server.ask(method, SPACE + path, body)
        assert status < 500, answer
        self.server.run(self.space.messages.drain(timeout=30))
        return int(status)

    @rule(
        user=st.sampled_from(USERS),
        numbers=st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=5),
        own=st.booleans(),
        push=st.sampled_from(PUSHED),
        fields=st.sampled_from(FIELDS),
    )
    def send(self, user: str, numbers: list[str], own: bool, push: dict[str, str], fields: dict[str, str]) -> None:
        self.messages += 1
        named = [f"{number}#m{self.messages}-{nth}" if own else number for nth, number in enumerate(numbers)]
        self.server.send(user, "p", *named, **push, **fields)
        self.server.run(self.space.messages.drain(timeout=30))

    @rule(user=st.sampled_from(USERS), message=st.sampled_from(("", "m1-0", "m2-0")))
    def pull(self, user: str, message: str) -> None:
        self.server.pull(user, "p", message)

    def _message(self, place: int) -> str:
        messages = self.server.ask("GET", f"{SPACE}/messages?limit=20")[1]["messages"]
        return str(messages[place % len(messages)]["id"]) if messages else "none"

    @rule(place=st.integers(0, 19), status=st.sampled_from(STATUSES), after=st.sampled_from((0, 1.5, 3, 4000)))
    def force(self, place: int, status: str, after: float) -> None:
        self.change("POST", f"/messages/{self._message(place)}/outcome", {"status": status, "after": after})

    @rule(place=st.integers(0, 19))
    def delete(self, place: int) -> None:
        self.change("DELETE", f"/messages/{self._message(place)}")

    @rule(status=st.sampled_from((*STATUSES, "scheduled", "sent")))
    def delete_all_of_a_status(self, status: str) -> None:
        assert 200 == self.change("DELETE", f"/messages?status={status}")

    @rule(seconds=st.sampled_from((0.5, 1, 3, 60, 7200, 400_000)))
    def forwards(self, seconds: float) -> None:
        assert 200 == self.change("POST", "/clock", {"advance": seconds})

    @rule(minute=st.integers(-3, 10))
    def set_clock(self, minute: int) -> None:
        hour, minute = divmod(9 * 60 + minute, 60)
        assert 200 == self.change("POST", "/clock", {"set": f"2026-01-31T{hour:02}:{minute:02}:00+03:00"})

    @rule(user=st.sampled_from(USERS), credit=st.sampled_from(("0", "2.5", "1000")))
    def set_credit(self, user: str, credit: str) -> None:
        self.change("PATCH", f"/accounts/{user}", {"credit": credit})

    @rule(user=st.sampled_from(USERS))
    def close(self, user: str) -> None:
        self.change("DELETE", f"/accounts/{user}")

    @rule(user=st.sampled_from(USERS), credit=st.sampled_from(("5", "80")))
    def put(self, user: str, credit: str) -> None:
        terms = {"password": "p", "credit": credit, "delivery": MIXED, "price": "0.25"}
        assert self.change("PUT", f"/accounts/{user}", terms) in {200, 201}

    @rule(which=st.integers(0, len(RULES) - 1))
    def arm(self, which: int) -> None:
        self.change("POST", "/faults", RULES[which])

    @rule(number=st.integers(1, 4))
    def disarm(self, number: int) -> None:
        self.change("DELETE", f"/faults/{number}")

    @rule(choice=st.sampled_from(({"dates": "padded"}, {"short-credit": "whole-request"}, {"unknown-title": "accept"})))
    def read(self, choice: dict[str, str]) -> None:
        assert 200 == self.change("PATCH", "/readings", choice)

    @precondition(lambda self: self.messages > 2)
    @rule()
    def reset(self) -> None:
        assert 200 == self.change("POST", "/reset")

    def teardown(self) -> None:
        """Import what was exported on another server, and ask both the same."""
        exported = self.server.state(self.space)
        other = self.make()
        imported = other.open(name="two", accounts=[{"user": "elsewhere"}])
        status, answer = other.ask("PUT", "/spaces/two/state", json.loads(exported))
        assert 200 == status, answer
        assert exported == other.state(imported)
        assert requests(self.server, self.space) == requests(other, imported)
        assert self.server.state(self.space) == other.state(imported)


def requests(server: Any, space: Any) -> list[Any]:
    """The answers to requests about everything a state holds, as clients of this space get them."""
    answers: list[Any] = []
    for seconds in (0, 4, 8000, 500_000):
        path = f"/spaces/{space.name}"
        answers.append(server.ask("POST", f"{path}/clock", {"advance": seconds}))
        server.run(space.messages.drain(timeout=30))
        for user in USERS:
            login = (user, "p")
            answers += [server.pull(*login, message, space=space.name) for message in ("m1-0", "")]
            answers += [server.send(*login, *NUMBERS, "905329975725#m1-0", space=space.name)]
            answers += [server.balance(*login, space=space.name)]
        answers += [
            {**view, "request": None} for view in server.ask("GET", f"{path}/messages?limit=1000")[1]["messages"]
        ]
        answers += [server.ask("GET", f"{path}/{name}") for name in ("ledger", "accounts", "faults", "readings")]
    answers.append(server.ask("POST", f"{path}/faults", {"effect": {"kind": "garbage"}}))
    return answers


def test_an_exported_state_goes_on_elsewhere_with_the_same_bytes(make_server: Callable[..., Any]) -> None:
    """Sends, pulls, forced outcomes, deletions, clocks set back, closed accounts, pushes, faults with counters and
    chance: the imported space exports the same document and answers as the original does.
    """

    class OnServers(History):
        make = staticmethod(make_server)

    run_state_machine_as_test(OnServers, settings=settings(max_examples=30, stateful_step_count=20, deadline=None))
