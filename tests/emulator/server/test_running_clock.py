"""Reports are pushed while the clock runs by itself, with no other event than the send (S-19)."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import SimpleQueue

import pytest
from raw_http import PATIENCE, ask, asking, order

from kobikom_emulator import Emulator


@pytest.fixture
def receiver() -> Iterator[tuple[str, SimpleQueue[bytes]]]:
    """An address for reports, and the bodies posted there."""
    bodies: SimpleQueue[bytes] = SimpleQueue()

    class Handler(BaseHTTPRequestHandler):
        timeout = PATIENCE

        def do_POST(self) -> None:
            bodies.put(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/dlr", bodies
        server.shutdown()
        thread.join(PATIENCE)


def test_a_send_is_pushed_without_any_other_event(receiver: tuple[str, SimpleQueue[bytes]]) -> None:
    """The push loop waits for nothing at first: the send itself has to tell it when the next report is due."""
    url, bodies = receiver
    with Emulator() as emulator:
        emulator.clock.run(rate=1000)
        for _ in range(2):
            answer = ask(emulator.running.port, asking(order(more=f"<pushurl>{url}</pushurl>")))
            assert f'id="{answer.results[0][1]}"'.encode() in bodies.get(timeout=PATIENCE)


def test_an_earlier_report_overtakes_a_later_one(receiver: tuple[str, SimpleQueue[bytes]]) -> None:
    """The loop sleeps until a report of next year; a send whose report is due at once wakes it."""
    url, bodies = receiver
    with Emulator() as emulator:
        emulator.clock.run(rate=1000)
        port = emulator.running.port
        ask(port, asking(order(more=f"<pushurl>{url}</pushurl><ileriTarih>365d</ileriTarih>")))
        answer = ask(port, asking(order(more=f"<pushurl>{url}</pushurl>")))
        assert f'id="{answer.results[0][1]}"'.encode() in bodies.get(timeout=PATIENCE)
        assert bodies.empty()
