"""The rules that a machine has ready: what the provider, the network and the operating system do between the steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st
from hypothesis.stateful import invariant, precondition, rule

from kobikom_emulator.machine.base import MachineOnSpace

S = TypeVar("S")
F = TypeVar("F", bound=Callable[..., Any])

SECONDS = (1, 60, 3600, 86_400)
"""The steps of the clock."""
REQUEST_CODES = (-99, -2, -5, -11)
"""The refusals of a whole request: a system error, no credit, a wrong login, a fault of the request."""
RECIPIENT_CODES = (-3, -13)
"""The refusals of one recipient."""


def _has(name: str) -> Callable[[F], F]:
    """A rule that is drawn unless the machine is `without` it."""
    return precondition(lambda machine: name not in machine.without)


_one_fault = precondition(lambda machine: machine.hold is None and not machine.fault_armed)
"""A rule that arms a fault: one at a time, and none for an answer that is to be held."""


def _operations() -> st.SearchStrategy[str]:
    return st.runner().flatmap(lambda machine: st.sampled_from(list(machine.operations)))


class KobikomMachine(MachineOnSpace[S]):
    """A state machine on a space, to subclass: the program's steps are rules of the subclass, which make calls.

    class OrdersMachine(KobikomMachine[Orders]):
        failures = (ServiceDown,)

        def begin(self) -> None:
            self.database = Database()

        def make_service(self) -> Orders:
            return Orders(self.database, self.kobikom.base_url, self.kobikom.user, self.kobikom.password)

        @rule()
        def collect(self) -> None:
            self.call(Orders.collect)

    def test_orders(kobikom: Kobikom) -> None:
        OrdersMachine.run(kobikom)
    """

    # the network

    @_has("lose_answer")
    @_one_fault
    @rule(operation=_operations(), moment=st.sampled_from(["after", "before"]))
    def lose_answer(self, operation: str, moment: str) -> None:
        """The connection of the next request closes, after it was carried out or before."""
        faults = self.kobikom.faults
        (faults.lose_next_answer if moment == "after" else faults.drop_next)(operation=operation)
        self.fault_armed = True

    @_has("close_connections")
    @rule()
    def close_connections(self) -> None:
        """Every open connection to the service closes, as when it restarts; a call in flight gets no answer."""
        self.kobikom.close_connections()
        if self.in_flight:
            self.end_calls(kill=False)

    @_has("hold_answer")
    @precondition(lambda machine: machine.hold is None and not machine.in_flight)
    @rule(operation=_operations())
    def hold_answer(self, operation: str) -> None:
        """The next request is carried out, but its answer is held: the call that waits for it is in flight.

        Other faults are disarmed: an answer that is lost cannot be held.
        """
        self.kobikom.faults.clear()
        self.hold = self.kobikom.faults.stall_next(operation=operation)

    @precondition(lambda machine: machine.was_used)
    @rule()
    def let_go(self) -> None:
        """The answer arrives, and the calls in flight end."""
        self.end_calls(kill=False)

    # the provider

    @_has("refuse")
    @_one_fault
    @rule(operation=_operations(), code=st.sampled_from(REQUEST_CODES))
    def refuse(self, operation: str, code: int) -> None:
        """The next request is refused."""
        self.kobikom.faults.fail_next(code, operation=operation)
        self.fault_armed = True

    @_has("refuse_recipient")
    @_one_fault
    @precondition(lambda machine: "send" in machine.operations)
    @rule(place=st.sampled_from([1, -1]), code=st.sampled_from(RECIPIENT_CODES))
    def refuse_recipient(self, place: int, code: int) -> None:
        """The first or the last recipient of the next send is refused."""
        effect = {"kind": "status", "code": code, "scope": "recipient", "places": [place]}
        self.kobikom.faults.arm(effect, match={"operation": "send"}, when={"times": 1})
        self.fault_armed = True

    @_has("deliver")
    @precondition(lambda machine: not machine.takes_pushes)
    @rule()
    def deliver(self) -> None:
        """The clock moves until the report of every message is ready."""
        if seconds := self._seconds_until_due():
            self._advance(seconds)

    @_has("push")
    @precondition(lambda machine: machine.takes_pushes)
    @rule(twice=st.booleans())
    def push(self, twice: bool) -> None:
        """The clock moves until the report of every message is pushed; the first of them twice, if so drawn."""
        seconds = self._seconds_until_due()
        if not seconds:
            return
        if twice:
            self.kobikom.faults.arm({"kind": "push", "change": "twice"}, match={"operation": "push"}, when={"times": 1})
        self._advance(seconds)

    @_has("advance")
    @rule(seconds=st.sampled_from(SECONDS))
    def advance(self, seconds: int) -> None:
        """The clock moves."""
        self._advance(seconds)

    # the operating system

    @_has("restart")
    @rule()
    def restart(self) -> None:
        """The process is killed, with the calls in flight, and starts again from its database."""
        self.end_calls(kill=True)
        self.service = self.make_service()
        self.recover()

    @_has("second_worker")
    @precondition(lambda machine: machine.in_flight)
    @rule()
    def second_worker(self) -> None:
        """Another instance makes the call that is in flight."""
        self.repeat_call()

    # after each step

    @invariant()
    def promises_are_kept(self) -> None:
        """The promises hold while no call is in flight."""
        if not self.in_flight:
            for promise in self.promises():
                promise()

    def _advance(self, seconds: float) -> None:
        self.kobikom.clock.advance(seconds)
        self.settle()

    def _seconds_until_due(self) -> float:
        """Seconds until the last report that is waited for is ready; 0 if there is none."""
        waiting = [message.done_at for message in self.kobikom.messages if message.report == "waiting"]
        return max(0.0, (max(waiting) - self.kobikom.clock.now()).total_seconds()) if waiting else 0.0
