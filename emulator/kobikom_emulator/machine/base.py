"""The base of the machine: a space, the program under test, and its calls."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Generic, Self, TypeVar

from hypothesis import settings as Settings  # noqa: N812  # a class, although its name is not one
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from kobikom_emulator.driver import ControlRefused, Fault, Kobikom
from kobikom_emulator.machine.calls import Call, CallTooLong
from kobikom_emulator.machine.printed import Steps, note_rules
from kobikom_emulator.machine.receiver import PushReceiver

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
    bound: ClassVar[float] = 10.0
    """Real seconds that a call may take."""
    blocked_after: ClassVar[float] = 0.5
    """Real seconds after which a call during another one counts as waiting for that one."""

    def __init__(self, kobikom: Kobikom) -> None:
        super().__init__()
        self.kobikom = kobikom
        self.steps = Steps()
        self.hold: Fault | None = None
        self._calls: list[Call] = []
        self._in_flight: Callable[[S], object] | None = None
        self._receiver: PushReceiver | None = None
        self._push_error: Exception | None = None
        kobikom.reset()
        if self.takes_pushes:
            self._receiver = PushReceiver(self._take_push)
            kobikom.account(push_url=self._receiver.url)
        try:
            self.begin()
            self.service = self.make_service()
        except BaseException:
            self.teardown()
            raise

    def __init_subclass__(cls, *, noted: bool = True, **more: Any) -> None:
        super().__init_subclass__(**more)
        if noted:
            note_rules(cls)

    @classmethod
    def run(cls, kobikom: Kobikom, *, settings: Settings | None = None) -> None:
        """Draw runs on this space, which is reset before each; the first that fails is shrunk, printed and raised."""

        def machine() -> MachineOnSpace[S]:
            return cls(kobikom)

        machine.__name__ = machine.__qualname__ = cls.__qualname__
        for name, value in vars(cls).items():
            if name.startswith("_hypothesis_internal_use_"):  # what @seed and @reproduce_failure leave on a class
                setattr(machine, name, value)
        # A function that returns a machine does, but Hypothesis types it as a class.
        run_state_machine_as_test(machine, settings=settings or cls.TestCase.settings)  # type: ignore[arg-type]

    # for subclasses

    def begin(self) -> None:
        """Make what outlives a restart, such as the database. Called once, before the first `make_service`."""

    def make_service(self) -> S:
        """A new instance of the program on the database and on `self.kobikom`: at first, at restarts, as a worker."""
        raise NotImplementedError(f"{type(self).__name__} needs make_service(self)")

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
        if self.hold is None and not self._calls:
            self._attempt(step, self.service)
        else:
            self._start(step, self.service)

    @property
    def in_flight(self) -> bool:
        """Whether the program waits for an answer that is held."""
        return bool(self._calls)

    @property
    def call_count(self) -> int:
        """How many calls are in flight."""
        return len(self._calls)

    @property
    def takes_pushes(self) -> bool:
        return type(self).receive_push is not MachineOnSpace.receive_push

    # for pasted tests

    def check(self) -> None:
        """Check every invariant whose preconditions hold, and the promises."""
        for invariant in self.invariants:
            if all(condition(self) for condition in invariant.preconditions):
                invariant.function(self)

    def settle(self) -> None:
        """Wait until every push that is due was attempted; raises what `receive_push` raised."""
        if self._receiver is not None:
            self.kobikom.drain(timeout=self.bound)
        error, self._push_error = self._push_error, None
        if error is not None:
            raise error

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.teardown()

    def teardown(self) -> None:
        """End the calls and the receiver. A failure that is being raised gets the run as a test, and the journal.

        A run that ends with a call in flight is checked once more, after its end.
        """
        error = sys.exception()
        try:
            if error is None and self._in_flight is not None:
                with self.steps.step("machine.let_go()"):
                    self.end_calls(kill=False)
                self.check()
        except Exception as late:
            error = late
            raise
        finally:
            if isinstance(error, Exception):
                error.add_note(f"the same steps as a test:\n\n{self.steps.test(type(self).__name__)}")
                error.add_note(f"kobikom journal\n{self._journal()}")
            self._close()

    def _close(self) -> None:
        try:
            self.end_calls(kill=True)
        finally:
            if self._receiver is not None:
                self._receiver.close()
                self._receiver = None

    # calls

    def _attempt(self, step: Callable[[S], object], service: S) -> None:
        try:
            step(service)
        except self.failures:
            return

    def _start(self, step: Callable[[S], object], service: S) -> None:
        """Call the program in a thread, until it ends, waits for an answer or, during another call, for that one."""
        hold = self.hold
        first = not self._calls
        call = Call(lambda: step(service), self.failures)
        self._calls.append(call)
        held = call.wait(lambda: hold is not None and hold.fired > 0, bound=self.bound if first else self.blocked_after)
        if call.ended:
            self._calls.remove(call)
            call.end(bound=self.bound)
        elif held:
            self.hold, self._in_flight = None, step
            self.kobikom.drain(timeout=self.bound)  # until its request was carried out
        elif first:
            raise CallTooLong(f"a call had neither ended nor waited for a held answer after {self.bound:g} s")

    def repeat_call(self) -> None:
        """Make the call that is in flight with another instance."""
        if self._in_flight is not None:
            self._start(self._in_flight, self.make_service())

    def end_calls(self, *, kill: bool) -> None:
        """Let the answers go, or kill the calls, and wait for the end of all."""
        calls, self._calls = self._calls, []
        if not calls:
            return
        if kill:
            for call in calls:
                call.kill()
        try:
            if self._in_flight is not None:
                self.kobikom.release(1, timeout=self.bound)
        except ControlRefused:
            if not kill:
                raise
        finally:
            errors = []
            for call in calls:
                try:
                    call.end(bound=self.bound)
                except BaseException as error:  # noqa: BLE001  # raised below, after the other calls have ended
                    errors.append(error)
            self._in_flight = None
        if errors:
            raise errors[0]

    def _take_push(self, body: bytes) -> int:
        try:
            return self.receive_push(body) or 200
        except self.failures:
            return 500
        except Exception as error:  # noqa: BLE001  # raised again by `settle`, in the thread of the machine
            self._push_error = error
            return 500

    def _journal(self) -> str:
        try:
            return self.kobikom.journal_text()
        except (OSError, ControlRefused) as error:
            return f"the journal can't be read: {error}"
