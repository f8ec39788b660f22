"""What faults do to an answer on the wire, and that time, credit and other connections are not affected (E)."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from raw_http import PATIENCE, PULL, Line, ask, asking, credit, eventually, order

from kobikom_emulator import Emulator

SENDS = {"operation": "send"}


class Pauses:
    """A pause that lasts until the test ends it."""

    def __init__(self) -> None:
        self.asked: list[float] = []
        self._changed = threading.Condition()
        self._over = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, seconds: float) -> None:
        self._loop = asyncio.get_running_loop()
        with self._changed:
            self.asked.append(seconds)
            self._changed.notify_all()
        await self._over.wait()

    def wait(self, number: int = 1) -> None:
        """Return once so many pauses were asked for."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.asked) >= number, PATIENCE)

    def end(self) -> None:
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._over.set)


@contextmanager
def faulty(effect: dict[str, Any], **rule: Any) -> Iterator[tuple[Emulator, int, Pauses]]:
    """An emulator with one fault rule, its port, and its pauses, which the test ends."""
    pauses = Pauses()
    with Emulator(seed=1, faults=[{"effect": effect, "match": SENDS, **rule}]) as emulator:
        emulator.running._http_server._pause = pauses
        yield emulator, emulator.running.port, pauses


def test_delay() -> None:
    """A delayed answer is sent whole when its time is over; until then the message is sent and other clients are
    served.
    """
    with faulty({"kind": "delay", "seconds": 30}) as (_, port, pauses), Line(port) as line:
        line.say(asking(order()))
        pauses.wait()
        assert ([30.0], "999.000") == (pauses.asked, credit(port))
        pauses.end()
        assert 0 == line.hear().results[0][0]
        line.say(asking(b"<bakiye/>"))
        assert 200 == line.hear().status


@pytest.mark.parametrize(("moment", "left"), [("before", "1000.000"), ("after", "999.000")])
def test_drop(moment: str, left: str) -> None:
    """With a drop before, nothing is carried out; with a drop after, the message is sent and charged, and only the
    answer is lost.
    """
    with faulty({"kind": "drop", "moment": moment}) as (_, port, _), Line(port) as line:
        line.say(asking(order()))
        assert (b"", left) == (line.rest(), credit(port))


def test_a_dropped_pull_has_taken_its_reports() -> None:
    """With a drop after a pull, the reports are lost with the answer (R-03)."""
    rule = {"match": {"operation": "pull"}, "when": {"times": 1}}
    with faulty({"kind": "drop", "moment": "after"}, **rule) as (emulator, port, _):
        ask(port, asking(order()))
        emulator.clock.advance(2)
        with Line(port) as line:
            line.say(asking(None, target=PULL))
            assert b"" == line.rest()
        assert b"NO_DATA" == ask(port, asking(None, target=PULL)).body


@pytest.mark.parametrize("cut", [0, 1, 100, 175])
def test_truncate(cut: int) -> None:
    """The head names the whole length, the first bytes are sent, then the connection closes; the message is charged."""
    with faulty({"kind": "truncate", "bytes": cut}) as (_, port, _), Line(port) as line:
        line.say(asking(order()))
        head, _, body = line.rest().partition(b"\r\n\r\n")
        assert b"Content-Length: 176\r\n" in head
        assert (cut, "999.000") == (len(body), credit(port))


def test_garbage() -> None:
    """As many random bytes as the answer has are sent, the same ones for the same seed."""
    told = []
    for _ in range(2):
        with faulty({"kind": "garbage"}) as (_, port, _):
            heard = ask(port, asking(order()))
            assert (200, 176, "999.000") == (heard.status, len(heard.body), credit(port))
            told.append(heard.body)
    assert told[0] == told[1]
    assert b"<results>" not in told[0]


@pytest.mark.parametrize("status", [400, 404, 500, 502, 503, 599])
def test_http(status: int) -> None:
    """An HTML error page is sent instead of the answer; nothing is sent or charged, and the connection stays open."""
    with faulty({"kind": "http", "status": status}, when={"times": 1}) as (_, port, _), Line(port) as line:
        line.say(asking(order()))
        heard = line.hear()
        assert (status, "text/html") == (heard.status, heard.header("Content-Type"))
        assert (str(len(heard.body)), "1000.000") == (heard.header("Content-Length"), credit(port))
        line.say(asking(order()))
        assert 200 == line.hear().status


def test_dribble() -> None:
    """The body is sent under the usual head in small pieces, with pauses that give the rate."""
    with faulty({"kind": "dribble", "bytes_per_second": 100}) as (_, port, pauses), Line(port) as line:
        line.say(asking(order()))
        assert b"Content-Length: 176\r\n" in line.until(b"\r\n\r\n")
        pauses.wait()
        assert b"<?xml" == (line.left or line.more())[:5]
        pauses.end()
        pauses.wait(36)
        assert 1.76 == pytest.approx(sum(pauses.asked))


def test_status_and_as_printed() -> None:
    """A status fault and the page's own malformed shape appear on the wire as the rules say."""
    with faulty({"kind": "status", "code": -99}) as (_, port, _):
        assert [(-99, "", "")] == ask(port, asking(order())).results
        assert "1000.000" == credit(port)
    with faulty({"kind": "as-printed"}) as (_, port, _):
        assert b"<status><0</status>" in ask(port, asking(order("905329975725", "905329975726"))).body


@pytest.mark.parametrize(
    "effect",
    [{"kind": "delay", "seconds": 3000}, {"kind": "dribble", "bytes_per_second": 0.01}],
    ids=["delay", "dribble"],
)
@pytest.mark.parametrize("patient", [True, False])
def test_no_fault_holds_up_the_end(effect: dict[str, Any], patient: bool) -> None:
    """A stopping server sends delayed answers at once, and does not wait for clients that have gone."""
    emulator = Emulator(faults=[{"effect": effect, "match": SENDS}])
    emulator.__enter__()
    port = emulator.running.port
    with Line(port) as line:
        line.say(asking(order()))
        eventually(lambda: credit(port) == "999.000")
        if not patient:
            line.socket.close()
        stopping = threading.Thread(target=emulator.__exit__, daemon=True)
        stopping.start()
        stopping.join(PATIENCE)
        held_up = stopping.is_alive()
        if patient:
            assert 0 == line.hear().results[0][0]
    stopping.join(PATIENCE * 2)
    assert not held_up


def test_a_client_that_leaves_in_a_dribble() -> None:
    """Writing to a client that has gone ends the answer and logs nothing."""
    with faulty({"kind": "dribble", "bytes_per_second": 100}) as (emulator, port, pauses):
        with Line(port) as line:
            line.say(asking(order()))
            pauses.wait()
        pauses.end()
        eventually(lambda: emulator.in_loop(lambda: not emulator.running._listener.connections))
        assert len(pauses.asked) < 36
