"""The gateway against a naive model, in any order of sends, pulls, balances and time (C, R, S-18)."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

NUMBERS = {
    "905321234567": (1, "DELIVERED"),
    "905990000005": (1, "NOT_ALLOWED"),
    "905990000010": (1, "REJECTED"),
    "905990000021": (10, "DELIVERED"),
    "905990000030": (60, "NOT_DELIVERED"),
    "902121234567": None,
}


class Kobikom(RuleBasedStateMachine):
    """A model of one list of messages and one number of credit."""

    make: Any = None

    @initialize()
    def begin(self) -> None:
        from kobikom_emulator.domain.account import Account

        self.real = self.make(accounts=[Account("test", "test", credit=Decimal(12))])
        self.credit = Decimal(12)
        self.refunds: list[tuple[int, Decimal]] = []
        self.waiting: list[tuple[int, int, str, str, str]] = []
        self.now = 0
        self.order = 0

    @rule(
        numbers=st.lists(st.sampled_from(sorted(NUMBERS)), min_size=1, max_size=4),
        parts=st.integers(1, 2),
        app=st.sampled_from(["", "web"]),
    )
    def send(self, numbers: list[str], parts: int, app: str) -> None:
        text = "x" * (153 * parts)
        answered = self.real.send(*numbers, metin=text, type="longSMS", appid=app, ValidityPeriod="00:01")
        for number, (code, message_id, echoed) in zip(numbers, answered, strict=True):
            assert number == echoed
            fate = NUMBERS[number]
            cost = Decimal(parts)
            if fate is None:
                assert (-13, "") == (code, message_id)
            elif cost > self.credit:
                assert (-2, "") == (code, message_id)
            else:
                assert 0 == code
                self.credit -= cost
                done = self.now + fate[0]
                self.order += 1
                self.waiting.append((done, self.order, message_id, fate[1], app))
                if fate[1] == "NOT_ALLOWED":
                    self.refunds.append((done, cost))

    @rule(app=st.sampled_from(["", "web", "other"]), named=st.booleans(), data=st.data())
    def pull(self, app: str, named: bool, data: st.DataObject) -> None:
        due = sorted(each for each in self.waiting if each[0] <= self.now and each[4] == app)
        query = {"appid": app}
        if named and self.waiting:
            names = data.draw(st.lists(st.sampled_from([each[2] for each in self.waiting]), min_size=1, max_size=3))
            due = [each for each in due if each[2] in names]
            query["messageid"] = ",".join(names)
        got = self.real.reports(**query)
        assert sorted((each[2], each[3]) for each in due) == sorted((r["id"], r["status"]) for r in got)
        when = {each[2]: each[0] for each in due}
        assert sorted(when.values()) == [when[r["id"]] for r in got]
        self.waiting = [each for each in self.waiting if each not in due]

    @rule(seconds=st.sampled_from([1, 9, 60]))
    def wait(self, seconds: int) -> None:
        self.real.later(seconds)
        self.now += seconds
        self.credit += sum((amount for due, amount in self.refunds if due <= self.now), Decimal(0))
        self.refunds = [each for each in self.refunds if each[0] > self.now]

    @invariant()
    def credit_is_exact(self) -> None:
        if hasattr(self, "real"):
            assert self.credit == self.real.balance() >= 0


def test_the_gateway_is_its_naive_model(world: Any, request: pytest.FixtureRequest) -> None:
    """Whatever is done in whatever order, reports and credit are those of a list and a number (C, R)."""

    class Machine(Kobikom):
        make = staticmethod(world)

    run_state_machine_as_test(Machine, settings=settings(stateful_step_count=12))
