"""The base of the machine: a space, the program under test, its calls and promises; no rules."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import ClassVar, Generic, Self, TypeVar

from hypothesis import settings as Settings  # noqa: N812  # a class, although its name is not one
from hypothesis.stateful import RuleBasedStateMachine

from kobikom_emulator.driver import ControlRefused, Fault, Kobikom
from kobikom_emulator.machine import running
from kobikom_emulator.machine.calls import Call, CallTooLong
from kobikom_emulator.machine.receiver import PushReceiver
from kobikom_emulator.machine.steps import Steps, invariants_of, note_rules

S = TypeVar("S")
"""The program under test."""


class MachineOnSpace(RuleBasedStateMachine, Generic[S]):
    """The part of `KobikomMachine` that has no rules."""

    operations: ClassVar[Sequence[str]] = ("send", "pull")
    """The requests whose answers are lost or held: send, pull, titles, balance."""
    failures: ClassVar[tuple[type[Exception], ...]] = ()
    """The exceptions with which the program says that it failed. Any other one is a failure of the run."""
    without: ClassVar[Sequence[str]] = ()
    """The names of ready-made rules that are not drawn."""
    one_at_a_time: ClassVar[bool] = False
    """Whether the program holds a lock during its requests: calls during another one are then made after it."""
    bound: ClassVar[float] = 10.0
    """Real seconds that a call may take; after them the run fails."""

    def __init__(self, kobikom: Kobikom) -> None:
        super().__init__()
        self.kobikom = kobikom
        self.steps = Steps()
        self.hold: Fault | None = None
        self.fault_armed = False
        """Whether a fault was armed since the last call."""
        self._in_flight: tuple[Call, Callable[[S], object]] | None = None
        self._steps_before = 0
        self._after: list[tuple[Callable[[S], object], S]] = []
        self._late: list[Call] = []
        self._receiver: PushReceiver | None = None
        self._push_error: Exception | None = None
        kobikom.reset()
        try:
            if self.takes_pushes:
                self._receiver = PushReceiver(self._take_push)
                kobikom.account(push_url=self._receiver.url)
            self.begin()
            self.service = self.make_service()
        except BaseException:
            self.close()
            raise

    def __init_subclass__(cls, **more: object) -> None:
        super().__init_subclass__(**more)
        note_rules(cls)

    @classmethod
    def run(cls, kobikom: Kobikom, *, settings: Settings | None = None) -> None:
        """Draw runs on this space, which is reset before each. The first that fails is made as small as possible, and
        its error raised, with the run as a test.
        """
        running.run(lambda: cls(kobikom), cls, settings or cls.TestCase.settings)

    # for subclasses

    def begin(self) -> None:
        """Make what outlives a restart, such as the database. Called once, before the first `make_service`."""

    def make_service(self) -> S:
        """A new instance of the program on the database and on `self.kobikom`: at first, at restarts, as a worker."""
        raise NotImplementedError(f"{type(self).__name__} needs make_service(self)")

    def recover(self) -> None:
        """Let the program, `self.service`, do what it does first after its process was killed; by default nothing."""

    def receive_push(self, body: bytes) -> int | None:
        """Give a pushed report to the program; the HTTP status of its answer, 200 for None.

        Called in a thread of the receiver, and only in subclasses that have it: there, reports are pushed to
        the machine instead of waiting for a pull.
        """
        raise NotImplementedError

    def promises(self) -> Sequence[Callable[[], object]]:
        """Functions that raise if something is wrong. They are called after each step without a call in flight."""
        return ()

    def call(self, step: Callable[[S], object]) -> None:
        """Let the program do something: `self.call(Orders.collect)`, `self.call(lambda orders: orders.send(text))`.

        Where the answer of one of its requests is held, this returns, and the call is in flight until `let_go`. It
        runs in another thread if an answer is to be held or another call is in flight.
        """
        self._call(step, self.service)

    @property
    def in_flight(self) -> bool:
        """Whether the program waits for an answer that is held."""
        return self._in_flight is not None

    @property
    def was_used(self) -> bool:
        """Whether a call is in flight and another step was made meanwhile."""
        return self.in_flight and len(self.steps.taken) > self._steps_before

    @property
    def takes_pushes(self) -> bool:
        return type(self).receive_push is not MachineOnSpace.receive_push

    # for pasted tests

    def check(self) -> None:
        """Check the invariants, the promises among them; let a call in flight end, and check them again."""
        self.check_now()
        if self.in_flight:
            self.end_calls(kill=False)
            self.check_now()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # for rules

    def check_now(self) -> None:
        """Check every invariant whose preconditions hold."""
        for invariant in invariants_of(type(self)):
            if all(condition(self) for condition in invariant.preconditions):
                invariant.function(self)

    def settle(self) -> None:
        """Wait until every push that is due was attempted; raises what `receive_push` raised."""
        if self._receiver is not None:
            self.kobikom.drain(timeout=self.bound)
        error, self._push_error = self._push_error, None
        if error is not None:
            raise error

    def repeat_call(self) -> None:
        """Make the call that is in flight with another instance."""
        if self._in_flight is not None:
            self._call(self._in_flight[1], self.make_service())

    def end_calls(self, *, kill: bool) -> None:
        """Let the held answer go, or kill the call that waits for it, and wait for its end; then make those that had to
        wait for it.
        """
        if self._in_flight is None:
            return
        (call, _), self._in_flight = self._in_flight, None
        after, self._after = self._after, []
        if kill:
            call.kill()
        self.kobikom.release(0)
        call.end(bound=self.bound, why="although its answer was let go")
        for step, service in () if kill else after:
            self._call(step, service)

    def teardown(self) -> None:
        """A run that ends with a call in flight is checked once more, after its end."""
        try:
            if sys.exception() is None and self.in_flight:
                self.check()
        finally:
            self.close()

    def close(self) -> None:
        """Kill the calls and stop the receiver."""
        try:
            self.end_calls(kill=True)
            for call in self._late:
                call.kill()
                call.end(bound=self.bound, why="although it was killed")
        except (ControlRefused, CallTooLong):
            if sys.exception() is None:
                raise
        finally:
            if self._receiver is not None:
                self._receiver.close()
                self._receiver = None

    # calls

    def _call(self, step: Callable[[S], object], service: S) -> None:
        self.fault_armed = False
        if self._in_flight is not None:
            self._call_during(step, service)
        elif self.hold is not None:
            self._call_held(self.hold, step, service)
        else:
            try:
                step(service)
            except self.failures:
                return

    def _call_during(self, step: Callable[[S], object], service: S) -> None:
        """Call the program while another call is in flight."""
        if self.one_at_a_time:
            self._after.append((step, service))
            return
        call = Call(lambda: step(service), self.failures)
        try:
            call.end(
                bound=self.bound,
                why="while another one waited for its answer (if the program holds a lock during its requests, "
                "set one_at_a_time = True)",
            )
        except CallTooLong:
            self._late.append(call)
            raise

    def _call_held(self, hold: Fault, step: Callable[[S], object], service: S) -> None:
        """Call the program in a thread, until it waits for the held answer or ends.

        At its end it disarms the rule, which ends the wait here.
        """
        call = Call(lambda: step(service), self.failures, lambda: _disarm(hold))
        self.hold = None
        try:
            hold.wait_until_held(timeout=self.bound)
        except ControlRefused as refused:
            if refused.status != 404:
                self._late.append(call)
                raise CallTooLong(f"after {self.bound:g} s a call had neither ended nor sent the request") from None
            call.end(bound=self.bound, why="although its rule was disarmed")
            self.hold = self.kobikom.faults.stall_next(operation=hold.rule["match"]["operation"])
        else:
            self._in_flight, self._steps_before = (call, step), len(self.steps.taken)

    def _take_push(self, body: bytes) -> int:
        try:
            return self.receive_push(body) or 200
        except self.failures:
            return 500
        except Exception as error:  # noqa: BLE001  # raised again by `settle`, in the thread of the machine
            self._push_error = error
            return 500


def _disarm(fault: Fault) -> None:
    try:
        fault.disarm()
    except ControlRefused:
        return  # it is disarmed already, or the space is closed
