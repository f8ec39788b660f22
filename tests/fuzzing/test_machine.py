"""The machine's calls, rules and receiver do what they say, and leave nothing behind."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from hypothesis import seed, settings

from kobikom_contracts.promises import NUMBERS, BrokenPromise
from kobikom_emulator.driver import Kobikom
from kobikom_emulator.machine import CallTooLong

sys.path.insert(0, str(Path(__file__).parent))

import machines
from machines import OutboxMachine, Pushed
from outbox import Outbox


def test_a_held_call_is_let_go(kobikom: Kobikom) -> None:
    """A call is in flight until its answer is let go, and then ends as it would have."""
    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.flush()
        assert (True, [], 1) == (machine.in_flight, machine.database.sent, len(kobikom.messages))
        machine.let_go()
        assert (False, [NUMBERS[0]]) == (machine.in_flight, machine.database.sent)


def test_a_call_that_makes_another_request_ends(kobikom: Kobikom) -> None:
    """The answer of the first request of the operation is held, also where calls that make none come before it."""
    with OutboxMachine(kobikom) as machine:
        machine.hold_answer(operation="send")
        machine.collect()
        machine.flush()
        assert (False, 1) == (machine.in_flight, len(kobikom.journal))
        machine.order(number=NUMBERS[0])
        machine.flush()
        assert machine.in_flight


def test_a_restart_of_the_service_ends_the_call_in_flight(kobikom: Kobikom) -> None:
    """The connection of a call in flight closes: its request was carried out, and the program does not know."""
    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.flush()
        machine.close_connections()
        assert (False, [], [NUMBERS[0]]) == (machine.in_flight, machine.database.sent, machine.database.claimed)
        assert 1 == len(kobikom.messages)
        machine.check()


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

    def crash(outbox: Outbox) -> None:
        outbox.flush()
        raise ZeroDivisionError

    with OutboxMachine(kobikom) as machine:
        machine.order(number=NUMBERS[0])
        machine.hold_answer(operation="send")
        machine.call(crash)
        with pytest.raises(ZeroDivisionError):
            machine.let_go()


class Impatient(OutboxMachine):
    bound = 0.05


def test_a_call_that_never_ends_fails(kobikom: Kobikom) -> None:
    """A call that neither ends nor waits for an answer fails the run after its bound."""
    stop = threading.Event()
    with Impatient(kobikom) as machine:
        machine.hold_answer(operation="send")
        with pytest.raises(CallTooLong, match=r"^after 0\.05 s a call had neither ended nor sent the request$"):
            machine.call(lambda _: stop.wait(10))
        stop.set()


def locked(outbox: Outbox) -> None:
    with outbox.database.lock:
        outbox.api.collect()


def test_a_call_that_waits_for_the_one_in_flight_fails_and_says_what_to_do(kobikom: Kobikom) -> None:
    """A program that holds a lock during its requests has to say so: the error names the attribute."""
    with Impatient(kobikom) as machine:
        machine.hold_answer(operation="pull")
        machine.call(locked)
        with pytest.raises(CallTooLong, match="set one_at_a_time = True"):
            machine.second_worker()


def test_calls_of_a_program_with_a_lock_come_one_after_another(kobikom: Kobikom) -> None:
    """With `one_at_a_time` a call during another one is made when that has ended, and not at all after a restart."""

    class OneAtATime(OutboxMachine):
        one_at_a_time = True

    with OneAtATime(kobikom) as machine:
        for end, pulls in ((machine.let_go, 2), (machine.restart, 3)):
            machine.hold_answer(operation="pull")
            machine.call(locked)
            machine.second_worker()
            end()
            assert pulls == len(kobikom.journal)


def test_the_machine_on_the_page(kobikom: Kobikom) -> None:
    """The machine on the page finds the mistake, and the test on the page fails as it says."""
    page = (Path(__file__).parents[2] / "docs/testing/fuzzing.md").read_text("utf-8")
    machine, printed = re.findall(
        r"^```python elsewhere=tests/fuzzing/test_machine.py\n(.*?)^```", page, re.MULTILINE | re.DOTALL
    )
    names: dict[str, Any] = vars(machines).copy()
    exec(compile(machine, "page", "exec"), names)
    # What the page leaves out: the mistake, and rules without which it is found sooner.
    exec(compile(SENDS_AGAIN, "mistake", "exec"), names)
    with pytest.raises(BrokenPromise, match="gets the same message 2 times"):
        seed(2)(names["SendsAgain"]).run(kobikom, settings=settings(deadline=None, stateful_step_count=50))
    exec(compile(printed, "page", "exec"), names)
    with pytest.raises(BrokenPromise, match="gets the same message 2 times"):
        names["test_sends_again"](kobikom)


SENDS_AGAIN = """
class SendsAgain(OutboxMachine):
    operations = ("send",)
    without = ("hold_answer", "refuse", "refuse_recipient", "advance")
    mistakes = ("sends again after a restart",)
"""
WITHOUT_HYPOTHESIS = """
import sys
sys.modules["hypothesis"] = None
from kobikom_emulator.testing import *
print(KobikomTestCase.__name__)
import kobikom_emulator.testing
try:
    kobikom_emulator.testing.KobikomMachine
except ModuleNotFoundError as missing:
    print(missing, missing.name)
try:
    kobikom_emulator.testing.NoSuchName
except AttributeError as unknown:
    print(unknown)
"""


def test_only_the_machine_needs_hypothesis() -> None:
    """Without Hypothesis everything else can be imported, and the machine says how to install it."""
    program = subprocess.run(
        [sys.executable, "-c", WITHOUT_HYPOTHESIS], capture_output=True, text=True, check=True, timeout=60
    )
    assert [
        "KobikomTestCase",
        "KobikomMachine needs Hypothesis: python -m pip install hypothesis hypothesis",
        "module 'kobikom_emulator.testing' has no attribute 'NoSuchName'",
    ] == program.stdout.splitlines()
