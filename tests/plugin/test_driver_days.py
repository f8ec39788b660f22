"""Days on the handle: held answers, steps between requests, what fired, and scenario files."""

import json
import socket
import threading
from collections.abc import Callable
from decimal import Decimal
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from kobikom_contracts import Day, days
from kobikom_emulator.driver import ControlRefused, Kobikom, KobikomServer

Send = Callable[..., str]
Pull = Callable[..., str]


def in_thread(action: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Run an action in a thread; the list gets its result or error."""
    results: list[object] = []

    def run() -> None:
        try:
            results.append(action())
        except (OSError, HTTPException) as error:
            results.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    return thread, results


def test_a_held_answer_comes_when_it_is_released(space: Kobikom, send: Send) -> None:
    """The message is accepted while its answer is held; the release lets it go, and no other is held then."""
    space.faults.stall_next()
    thread, results = in_thread(lambda: send(space, text="held"))
    assert "held" == space.wait_for(text="held").text
    assert 1 == space.release()
    thread.join()
    assert "<status>0</status>" in str(results[0])
    assert ({"stall": 1}, 0) == (space.fired, space.release(0))


def test_a_rule_says_when_it_holds_an_answer(space: Kobikom, send: Send) -> None:
    """The wait ends when the answer of the rule is held, and not for one that another rule holds."""
    fault = space.faults.stall_next()
    other = space.faults.stall_next(operation="balance")
    thread, _ = in_thread(lambda: send(space, text="held"))
    assert 1 == fault.wait_until_held()
    with pytest.raises(ControlRefused, match="held 0 of 1 answers within 0 s") as late:
        other.wait_until_held(timeout=0)
    assert (408, 1) == (late.value.status, space.release())
    thread.join()


def test_the_wait_for_an_answer_ends_when_the_rule_is_disarmed(space: Kobikom) -> None:
    """A thread that waits goes on with 404 as soon as another one disarms the rule."""
    fault = space.faults.stall_next()
    statuses: list[int] = []

    def wait() -> None:
        with pytest.raises(ControlRefused) as refused:
            fault.wait_until_held(timeout=60)
        statuses.append(refused.value.status)

    thread, _ = in_thread(wait)
    fault.disarm()
    thread.join()
    assert [404] == statuses


def test_a_held_request_that_is_not_carried_out(space: Kobikom, send: Send) -> None:
    """Once it is released its connection closes; nothing was accepted."""
    space.faults.arm({"kind": "stall", "moment": "before"}, when={"times": 1})
    thread, results = in_thread(lambda: send(space))
    space.release()
    thread.join()
    assert isinstance(results[0], (OSError, HTTPException))
    assert [] == space.messages


def test_a_held_answer_ends_with_the_client_the_space_and_the_bound(space: Kobikom, send: Send) -> None:
    """A client that gives up is forgotten, a reset lets the answer go, and so does the end of `seconds`."""
    parts = urlsplit(space.base_url)
    space.faults.stall_next()
    with socket.create_connection((str(parts.hostname), parts.port or 80)) as client:
        body = b"<bakiye/>"
        space.faults.stall_next(operation="balance")
        head = f"POST {parts.path}/api/sendsms/xml/ HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(head.encode() + body)
        with pytest.raises(ControlRefused, match=r"[01] of 2"):
            space.release(2, timeout=0.05)
    with pytest.raises(ControlRefused, match="0 of 1 answers were held"):  # noqa: PT012  # until the server notices
        while True:
            space.release(1, timeout=0)
    thread, results = in_thread(lambda: send(space))
    space.wait_for()
    space.reset()
    thread.join()
    space.faults.arm({"kind": "stall", "seconds": 0.001}, when={"times": 1})
    assert "<status>0</status>" in send(space)
    assert 1 == len(results)


def test_a_connection_closes_after_its_answer(space: Kobikom) -> None:
    """The answer is whole and promises to keep the connection; the next request on it fails."""
    space.faults.arm({"kind": "close"}, when={"times": 1})
    parts = urlsplit(space.base_url)
    connection = HTTPConnection(str(parts.hostname), parts.port)
    connection.request("POST", f"{parts.path}/api/sendsms/xml/", b"<bakiye/>")
    answer = connection.getresponse()
    assert (None, True) == (answer.getheader("Connection"), answer.read().endswith(b">"))
    sock = connection.sock
    assert sock is not None
    assert b"" == sock.recv(1)
    connection.close()


def kept_open(space: Kobikom) -> HTTPConnection:
    """A connection on which a balance was asked for, and which its answer promised to keep open."""
    parts = urlsplit(space.base_url)
    connection = HTTPConnection(str(parts.hostname), parts.port)
    connection.request("POST", f"{parts.path}/api/sendsms/xml/", b"<bakiye/>")
    answer = connection.getresponse()
    assert (None, True) == (answer.getheader("Connection"), answer.read().endswith(b">"))
    return connection


def ended(connection: HTTPConnection) -> bool:
    """Whether the server closed the connection."""
    assert connection.sock is not None
    with connection.sock as sock:
        return sock.recv(1) == b""


def test_every_connection_closes_with_one(space: Kobikom, send: Send) -> None:
    """A restart of the service closes the idle connections too, and one that waits for its answer."""
    idle = kept_open(space)
    hold = space.faults.stall_next()
    thread, results = in_thread(lambda: send(space))
    hold.wait_until_held()
    space.faults.arm({"kind": "close"}, match={"operation": "balance"}, when={"times": 1})
    restarted = kept_open(space)
    assert (True, True) == (ended(idle), ended(restarted))
    thread.join()
    assert isinstance(results[0], (OSError, HTTPException))
    assert 1 == len(space.messages)


def test_the_connections_of_one_space_are_closed(server: KobikomServer, space: Kobikom, send: Send) -> None:
    """The handle closes those of its space alone, says how many, and new ones are served."""
    idle = kept_open(space)
    with server.open() as other:
        idle_elsewhere = kept_open(other)
        assert 1 == space.close_connections()
        assert ended(idle)
        assert (0, 1) == (space.close_connections(), other.close_connections())
        assert ended(idle_elsewhere)
    assert "<status>0</status>" in send(space)


@pytest.mark.parametrize("sends", [1, 2])
def test_a_step_comes_after_its_request(space: Kobikom, send: Send, sends: int) -> None:
    """That request is answered as if nothing had changed; then the clock and the credit are others, once."""
    step = {"after": {"operation": "send", "count": sends}, "advance": 3600, "credit": "7"}
    space.play({"steps": [step]})
    start = space.clock.now()
    for _ in range(sends):
        assert (start, {"step": 0}) == (space.clock.now(), space.fired)
        assert "<status>0</status>" in send(space)
    assert (3600.0, Decimal(7)) == ((space.clock.now() - start).total_seconds(), space.account().credit)
    assert {"step": 1} == space.fired
    send(space)
    assert (3600.0, Decimal(6)) == ((space.clock.now() - start).total_seconds(), space.account().credit)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"advance": 90}, "the clock advances 90 s"),
        ({"credit": "0.5"}, "every account has the credit 0.5"),
        ({"advance": 90, "credit": "2"}, "the clock advances 90 s and every account has the credit 2"),
    ],
)
def test_the_journal_names_a_step_with_the_request_before_it(
    space: Kobikom, send: Send, pull: Pull, change: dict[str, object], found: str
) -> None:
    """Its note stands with the request that it comes after, also where that is a pull; no fault is said to fire."""
    for make, operation in ((send, "send"), (pull, "pull")):
        space.play({"steps": [{"after": {"operation": operation}, **change}]})
        make(space)
        make(space)
        first, second = sorted(
            (each for each in space.journal if each.operation == operation), key=lambda each: each.id
        )
        steps = [[note["found"] for note in entry.explanation if note["kind"] == "fault"] for entry in (first, second)]
        assert [[f"scenario step: after this request {found}"], []] == steps
        assert ((), ()) == (tuple(first.faults), tuple(second.faults))


def test_disarming_all_faults_forgets_the_steps_that_have_not_come(space: Kobikom, send: Send) -> None:
    """A step that was done stays counted."""
    space.play({"steps": [{"credit": "5"}, {"after": {"count": 2}, "credit": "3"}]})
    send(space)
    space.faults.clear()
    send(space)
    assert ({"step": 1}, Decimal(4)) == (space.fired, space.account().credit)


def test_steps_are_part_of_the_state_and_end_with_a_reset(space: Kobikom, send: Send, pull: Pull) -> None:
    """A step that another space takes over counts on; a pull counts only where the step is about pulls or any."""
    space.play({"steps": [{"after": {"operation": "pull", "count": 2}, "credit": "5"}]})
    pull(space)
    send(space)
    state = json.loads(json.dumps(space.state()))
    space.reset()
    assert {} == space.fired
    space.restore(state)
    pull(space)
    assert ({"step": 1}, Decimal(5)) == (space.fired, space.account().credit)


@pytest.mark.parametrize(
    ("step", "field"),
    [
        ({}, "steps[0].advance"),
        ({"after": {"count": 0}, "credit": "1"}, "steps[0].after.count"),
        ({"advance": -1}, "steps[0].advance"),
        ({"after": {"operation": "push"}, "credit": "1"}, "steps[0].after.operation"),
    ],
)
def test_a_step_that_changes_nothing_is_refused(space: Kobikom, step: dict[str, object], field: str) -> None:
    """The error names the field, and the scenario is not played."""
    with pytest.raises(ControlRefused) as refused:
        space.play({"credit": "3", "steps": [step]})
    assert (field, Decimal(1000)) == (refused.value.field, space.account().credit)


def test_a_file_is_played_by_its_path(space: Kobikom, tmp_path: Path) -> None:
    """As a path, as the path in a text, and as the text of the file."""
    file = tmp_path / "day.json"
    file.write_text('{"credit": "3", "name": "a-day", "inputs": {"text": "Merhaba"}}', "utf-8")
    for scenario in (file, str(file), file.read_text("utf-8")):
        space.reset()
        space.play(scenario)
        assert (Decimal(3), "a-day") == (space.account().credit, (space.scenario or {})["name"])


def test_a_seed_of_a_scenario_decides_what_is_drawn(space: Kobikom, send: Send) -> None:
    """The same seed, the same ends."""
    outcomes = [{"status": "DELIVERED"}, {"status": "REJECTED"}]

    def ends(seed: int) -> list[str]:
        space.play({"delivery": {"outcomes": outcomes}, "seed": seed})
        send(space, to=" ".join(f"9053299757{n:02}" for n in range(40)))
        space.clock.advance(2)
        return [message.status for message in space.messages]

    assert ends(1) == ends(1)
    assert ends(1) != ends(2)


@pytest.mark.parametrize("day", days(kinds=["drop", "status"], operations=["send"])[::9], ids=str)
def test_a_day_fires(space: Kobikom, send: Send, day: Day) -> None:
    """Enough sends to three recipients make the fault of a day do something."""
    space.play(day)
    for _ in range(2):
        try:
            send(space, to="905329975725 905329975726 905329975727")
        except (OSError, HTTPException):
            continue
    assert space.fired[day.kind] >= 1
