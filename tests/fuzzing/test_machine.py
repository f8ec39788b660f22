"""The machine finds races and mistakes of restarts with the smallest steps, and leaves nothing behind."""

import ast
import re
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import rule

from kobikom_contracts.promises import (
    NUMBERS,
    TEXT,
    BrokenPromise,
    Service,
    accepted_is_recorded,
    nobody_gets_it_twice,
    reports_are_stored,
)
from kobikom_emulator.driver import Kobikom
from kobikom_emulator.machine import CallTooLong
from kobikom_emulator.testing import KobikomMachine

sys.path.insert(0, str(Path(__file__).parent))

from outbox import Database, Outbox, ServiceDown
from services import Orders

SAME_EACH_TIME = settings(
    settings.get_profile("default"),
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=300,
    stateful_step_count=15,
)


class OutboxMachine(KobikomMachine[Outbox]):
    failures = (ServiceDown,)
    mistakes: Sequence[str] = ()

    def begin(self) -> None:
        self.database = Database()

    def make_service(self) -> Outbox:
        api = Orders(self.kobikom.base_url, self.kobikom.user, self.kobikom.password)
        return Outbox(self.database, api, TEXT, self.mistakes)

    @rule(number=st.sampled_from(NUMBERS))
    def order(self, number: str) -> None:
        self.database.order(number)

    @rule()
    def flush(self) -> None:
        self.call(Outbox.flush)

    @rule()
    def collect(self) -> None:
        self.call(Outbox.collect)

    def promises(self) -> Sequence[Callable[[], object]]:
        service = Service(
            send=lambda *_: None,
            recorded=lambda _: self.database.sent,
            unsure=lambda _: [*self.database.claimed, *self.database.waiting],
            stored=lambda: self.database.reports,
            alarms=lambda: self.database.alarms,
        )
        return (
            lambda: nobody_gets_it_twice(self.kobikom, TEXT),
            lambda: accepted_is_recorded(self.kobikom, service, TEXT),
            lambda: reports_are_stored(self.kobikom, service),
        )


class WithoutClaim(OutboxMachine):
    operations = ("send",)
    without = ("lose_answer", "refuse", "refuse_recipient", "restart", "advance", "deliver")

    @rule()
    def flush(self) -> None:
        self.call(Outbox.flush_without_claim)


class SendsAgain(OutboxMachine):
    operations = ("send",)
    mistakes = ("sends again after a restart",)
    without = ("hold_answer", "refuse", "refuse_recipient", "advance", "deliver")


class WritesTheWholeList(OutboxMachine):
    mistakes = ("writes the whole list",)
    without = ("lose_answer", "refuse", "refuse_recipient", "restart", "advance")


def found(machine: type[OutboxMachine], kobikom: Kobikom) -> tuple[str, BrokenPromise]:
    """The test that a failing machine prints, and its failure."""
    with pytest.raises(BrokenPromise) as caught:
        machine.run(kobikom, settings=SAME_EACH_TIME)
    (printed,) = [note for note in caught.value.__notes__ if note.startswith("the same steps as a test:\n\n")]
    return printed.partition("\n\n")[2], caught.value


def steps(test: str) -> list[str]:
    """The lines of a printed test within its with block."""
    return [line.strip() for line in test.splitlines()[2:]]


def test_the_correct_service_passes(kobikom: Kobikom) -> None:
    """No step between the calls breaks a promise of a correct service."""
    OutboxMachine.run(kobikom, settings=settings(SAME_EACH_TIME, max_examples=50))


def test_two_workers_send_the_same_order(kobikom: Kobikom) -> None:
    """The smallest steps: an order, a call in flight, and a second worker."""
    test, failure = found(WithoutClaim, kobikom)
    assert "905322542525 gets the same message 2 times" in str(failure)
    lines = steps(test)
    assert ["machine.hold_answer(operation='send')", "machine.order(number='905322542525')"] == sorted(lines[:2])
    assert "machine.flush()" == lines[2]
    assert lines[3] in {"machine.flush()", "machine.second_worker()"}
    assert ["machine.let_go()", "machine.check()"] == lines[4:]


def test_a_lost_answer_and_a_restart(kobikom: Kobikom) -> None:
    """The smallest steps: an order, a lost answer, a restart, and the next run of the worker."""
    test, failure = found(SendsAgain, kobikom)
    assert "gets the same message 2 times" in str(failure)
    lines = steps(test)
    needed = [
        "machine.order(number='905322542525')",
        "kobikom.faults.lose_next_answer(operation='send')",
        "machine.flush()",
        "machine.restart()",
        "machine.flush()",
        "machine.check()",
    ]
    assert [] == [line for line in needed if line not in lines]
    assert len(lines) <= len(needed) + 3


def test_two_workers_collect_the_same_list(kobikom: Kobikom) -> None:
    """A worker that writes the list as it read it, while another one stores a report, loses that report."""
    test, failure = found(WritesTheWholeList, kobikom)
    assert "was given, and is not given again, but it is not stored" in str(failure)
    lines = steps(test)
    assert ["machine.second_worker()", "machine.let_go()", "machine.check()"] == lines[-3:]
    assert {"machine.hold_answer(operation='pull')", "machine.collect()"} < set(lines)
    assert len(lines) <= 8


def test_the_printed_test_fails_alike(kobikom: Kobikom) -> None:
    """The printed test is valid Python, and raises the same failure; the journal is a note."""
    test, failure = found(SendsAgain, kobikom)
    names: dict[str, Any] = {"SendsAgain": SendsAgain}
    exec(compile(ast.parse(test), "printed", "exec"), names)
    with pytest.raises(BrokenPromise) as again:
        names["test_sends_again"](kobikom)
    assert str(failure) == str(again.value)
    assert [] != [note for note in failure.__notes__ if note.startswith("kobikom journal\n") and " send as " in note]


def test_a_held_call_is_let_go(kobikom: Kobikom) -> None:
    """A call is in flight until its answer is let go, and then ends as it would have."""
    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.flush()
        assert (True, [], 1) == (machine.in_flight, machine.database.sent, len(kobikom.messages))
        machine.let_go()
        assert (False, [NUMBERS[0]]) == (machine.in_flight, machine.database.sent)


def test_a_restart_kills_the_call_in_flight(kobikom: Kobikom) -> None:
    """A process that is killed while it waits for an answer does nothing with the answer."""
    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.flush()
        machine.restart()
        assert (False, [], [NUMBERS[0]]) == (machine.in_flight, machine.database.sent, machine.database.claimed)
        machine.check()


def test_no_thread_is_left(kobikom: Kobikom) -> None:
    """Neither calls in flight nor receivers leave a thread behind."""
    before = set(threading.enumerate())
    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.flush()
        assert set(threading.enumerate()) > before
    with Pushed(kobikom):
        assert set(threading.enumerate()) > before
    assert before == set(threading.enumerate())


class Pushed(OutboxMachine):
    operations = ("send",)

    def receive_push(self, body: bytes) -> None:
        for report in ET.fromstring(b"<all>" + body + b"</all>").iter("message"):
            self.service.take_push(report.attrib["id"], report.attrib["status"])


class LosesPushes(Pushed):
    def receive_push(self, body: bytes) -> None:
        if not self.database.reports:
            super().receive_push(body)


def test_pushed_reports_reach_the_program(kobikom: Kobikom) -> None:
    """The receiver gives each report to the program, twice if so drawn."""
    with Pushed(kobikom) as machine:
        for number in NUMBERS:
            machine.order(number=number)
        machine.flush()
        machine.push(twice=True)
        assert {message.message_id: "DELIVERED" for message in kobikom.messages} == machine.database.reports
        assert 4 == len([entry for entry in kobikom.journal if entry.kind == "push"])
        machine.check()


def test_a_lost_push_is_found(kobikom: Kobikom) -> None:
    """A program that acknowledges a report and does not store it breaks a promise."""
    test, _ = found(LosesPushes, kobikom)
    assert "machine.settle()" in steps(test)


def test_an_error_of_the_receiver_is_raised(kobikom: Kobikom) -> None:
    """What the program raises for a push, other than its failures, fails the run."""

    class Crashes(Pushed):
        def receive_push(self, body: bytes) -> None:
            raise ZeroDivisionError

    with Crashes(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.flush()
        with pytest.raises(ZeroDivisionError):
            machine.push(twice=False)


def test_an_error_of_a_call_in_flight_is_raised(kobikom: Kobikom) -> None:
    """An exception that is none of the announced failures is raised when the answer is let go."""

    class Crashes(OutboxMachine):
        def crash(self, outbox: Outbox) -> None:
            outbox.flush()
            raise ZeroDivisionError

    with Crashes(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.call(machine.crash)
        with pytest.raises(ZeroDivisionError):
            machine.let_go()


def test_a_call_that_never_ends_fails(kobikom: Kobikom) -> None:
    """A call that neither ends nor waits for an answer fails the run after its bound."""

    class Impatient(OutboxMachine):
        bound = 0.05

    stop = threading.Event()
    with Impatient(kobikom) as machine:
        machine.hold_answer(operation="send")
        with pytest.raises(CallTooLong, match=r"after 0\.05 s"):
            machine.call(lambda _: stop.wait(10))
        stop.set()


def test_the_page_shows_this_machine(kobikom: Kobikom) -> None:
    """Each line of the machine on the page stands here, and the test on the page fails as it says."""
    page = (Path(__file__).parents[2] / "docs/testing/fuzzing.md").read_text("utf-8")
    machine, printed = re.findall(
        r"^```python elsewhere=tests/fuzzing/test_machine.py\n(.*?)^```", page, re.MULTILINE | re.DOTALL
    )
    here = Path(__file__).read_text("utf-8")
    assert [] == [line for line in machine.splitlines() if line.strip() and line not in here]
    names: dict[str, Any] = {"SendsAgain": SendsAgain}
    exec(compile(printed, "page", "exec"), names)
    with pytest.raises(BrokenPromise, match="gets the same message 2 times"):
        names["test_sends_again"](kobikom)
