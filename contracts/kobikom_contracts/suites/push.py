"""Law: contracts of S-19: reports pushed to a listener of ours on the loopback."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kobikom_contracts import reader
from kobikom_contracts.contract import contract
from kobikom_contracts.documents import Recipient
from kobikom_contracts.lab import Lab
from kobikom_contracts.target import Need
from kobikom_contracts.verdicts import NotCheckable


class Listener(ThreadingHTTPServer):
    """Takes pushes; answers each with the next of ``plan`` (then 200) and remembers the bodies."""

    def __init__(self, plan: tuple[int, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Take)
        self.plan = list(plan)
        self.bodies: list[bytes] = []
        self.arrived = threading.Condition()

    @property
    def url(self) -> str:
        """Where to push to."""
        return f"http://127.0.0.1:{self.server_address[1]}/rapor"

    def wait_for(self, count: int, seconds: float) -> bool:
        """True when so many pushes have come, within so many real seconds."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.bodies) >= count, seconds)


class _Take(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:  # the name http.server calls
        """Remember the body, answer by plan."""
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        with self.server.arrived:
            status = self.server.plan.pop(0) if self.server.plan else 200
            self.server.bodies.append(body)
            self.server.arrived.notify_all()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing on standard error."""


@contextmanager
def listening(*plan: int) -> Iterator[Listener]:
    """A listener for as long as the block lasts."""
    server = Listener(plan)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


PATIENCE = 4.0


@contract("S-19", needs=(Need.PUSH, Need.DELIVERY), credit=4)
def report_is_pushed(lab: Lab) -> None:
    """With a pushurl the report is POSTed there, as a DeliveryReport, and not pulled any more."""
    with listening() as listener:
        ident = lab.new_id()
        lab.accepted(lab.to([Recipient(lab.gsm(), ident)], pushurl=listener.url))
        lab.deliver()
        lab.require(listener.wait_for(1, PATIENCE), "a push to the pushurl", "none")
        body = listener.bodies[0]
        lab.expect([ident], [one.id for one in reader.reports(body.decode())], "reports pushed")
        closed = b"</DeliveryReport>" in body
        faults = reader.report_faults(body, as_printed=not closed)
        lab.require(not faults, "a body valid by delivery-report.rng", "; ".join(faults))
        lab.expect((), lab.pull((ident,)).ids, "reports of a pull after the push")
        lab.expect(1, len(listener.bodies), "pushes of one report")


@contract("S-19", needs=(Need.PUSH, Need.DELIVERY), credit=6)
def nopush_leaves_it_for_pull(lab: Lab) -> None:
    """Nopush 1, and the pushurl nopush, leave the report for pull."""
    with listening() as listener:
        for fields in ({"pushurl": listener.url, "nopush": "1"}, {"pushurl": "nopush"}):
            lab.example()
            ident = lab.new_id()
            lab.accepted(lab.to([Recipient(lab.gsm(), ident)], **fields))
            lab.expect([ident], [o.id for o in lab.collect((ident,))], f"reports pulled with {fields}")
        lab.expect([], listener.bodies, "pushes")


@contract("S-19", needs=(Need.PUSH, Need.DELIVERY, Need.CLOCK), credit=4)
def pushes_are_retried(lab: Lab) -> None:
    """A failed push is tried again after 1, 2, 5 and 10 minutes, then the report is lost."""
    with listening(500, 500, 500, 500, 500) as listener:
        ident = lab.new_id()
        lab.accepted(lab.to([Recipient(lab.gsm(), ident)], pushurl=listener.url))
        lab.deliver()
        lab.require(listener.wait_for(1, PATIENCE), "a push to the pushurl", "none")
        for tries, minutes in enumerate((1, 2, 5, 10), 1):
            _settled(lab)
            lab.let_pass(minutes * 60 - 20)
            early = listener.wait_for(tries + 1, 0.2)
            lab.require(not early, f"no retry {tries} before {minutes} min", "one")
            lab.let_pass(25)
            came = listener.wait_for(tries + 1, PATIENCE)
            lab.require(came, f"retry {tries} after {minutes} min", "none")
        _settled(lab)
        lab.let_pass(3600)
        lab.require(not listener.wait_for(6, 0.2), "no sixth attempt", "one")
        lab.expect((), lab.pull((ident,)).ids, "reports of a pull after the last attempt")


def _settled(lab: Lab) -> None:
    # The target learns the answer to its push a moment after we gave it and plans from then.
    control = lab.target.control
    if control is None:
        raise NotCheckable("needs the control API")
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline and not control.drained():
        pass
