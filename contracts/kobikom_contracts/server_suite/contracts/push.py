"""Contracts of S-19: reports pushed to a listener on loopback."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from kobikom_contracts import reader, strict_reader
from kobikom_contracts.core.verdicts import NotCheckable
from kobikom_contracts.documents import Recipient
from kobikom_contracts.server_suite.contract import contract
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need


class Listener(ThreadingHTTPServer):
    """Takes pushes; answers each with the next status of ``plan`` (then 200) and keeps the bodies."""

    def __init__(self, plan: tuple[int, ...] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _PushHandler)
        self.plan = list(plan)
        self.bodies: list[bytes] = []
        self.arrived = threading.Condition()

    @property
    def url(self) -> str:
        """Where to push to."""
        return f"http://127.0.0.1:{self.server_address[1]}/rapor"

    def wait_for(self, count: int, seconds: float) -> bool:
        """True when so many pushes arrive within so many real seconds."""
        with self.arrived:
            return self.arrived.wait_for(lambda: len(self.bodies) >= count, seconds)


class _PushHandler(BaseHTTPRequestHandler):
    server: Listener

    def do_POST(self) -> None:  # the name http.server calls
        """Keep the body, answer by plan."""
        length = self.headers.get("Content-Length", "0")
        body = self.rfile.read(int(length) if re.fullmatch("[0-9]{1,9}", length) else 0)
        with self.server.arrived:
            status = self.server.plan.pop(0) if self.server.plan else 200
            self.server.bodies.append(body)
            self.server.arrived.notify_all()
        self.send_response(status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Write nothing to standard error."""


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


@contract("S-19.2", needs=(Need.PUSH, Need.DELIVERY), credit=4)
def report_is_pushed(session: ServerSession) -> None:
    """With a pushurl the report is POSTed there, as a DeliveryReport, and not pulled any more."""
    with listening() as listener:
        ident = session.new_id()
        session.accepted(session.to([Recipient(session.gsm(), ident)], pushurl=listener.url))
        session.deliver()
        session.require(listener.wait_for(1, PATIENCE), "a push to the pushurl", "none")
        body = listener.bodies[0]
        session.expect(
            [ident], [one.id for one in reader.reports(body.decode("utf-8", "backslashreplace"))], "reports pushed"
        )
        closed = b"</DeliveryReport>" in body
        faults = strict_reader.report_faults(body, as_printed=not closed)
        session.require(not faults, "a DeliveryReport in well-formed XML", "; ".join(faults))
        session.expect((), session.pull((ident,)).ids, "reports of a pull after the push")
        session.expect(1, len(listener.bodies), "pushes of one report")


@contract("S-19.2", needs=(Need.PUSH, Need.DELIVERY), credit=6)
def nopush_leaves_it_for_pull(session: ServerSession) -> None:
    """Nopush 1, and the pushurl nopush, leave the report for pull."""
    with listening() as listener:
        for fields in ({"pushurl": listener.url, "nopush": "1"}, {"pushurl": "nopush"}):
            session.example()
            ident = session.new_id()
            session.accepted(session.to([Recipient(session.gsm(), ident)], **fields))
            session.expect([ident], [o.id for o in session.collect((ident,))], f"reports pulled with {fields}")
        session.expect([], listener.bodies, "pushes")


@contract("S-19.4", needs=(Need.PUSH, Need.DELIVERY, Need.CLOCK), credit=4)
def pushes_are_retried(session: ServerSession) -> None:
    """A failed push is tried again after 1, 2, 5 and 10 minutes, then the report is lost."""
    with listening(500, 500, 500, 500, 500) as listener:
        ident = session.new_id()
        session.accepted(session.to([Recipient(session.gsm(), ident)], pushurl=listener.url))
        session.deliver()
        session.require(listener.wait_for(1, PATIENCE), "a push to the pushurl", "none")
        for tries, minutes in enumerate((1, 2, 5, 10), 1):
            _let_target_read_answer(session)
            session.let_pass(minutes * 60 - 20)
            early = listener.wait_for(tries + 1, 0.2)
            session.require(not early, f"no retry {tries} before {minutes} min", "one")
            session.let_pass(25)
            came = listener.wait_for(tries + 1, PATIENCE)
            session.require(came, f"retry {tries} after {minutes} min", "none")
        _let_target_read_answer(session)
        session.let_pass(3600)
        session.require(not listener.wait_for(6, 0.2), "no sixth attempt", "one")
        session.expect((), session.pull((ident,)).ids, "reports of a pull after the last attempt")


def _let_target_read_answer(session: ServerSession) -> None:
    # The target reads the answer to its push a moment after it was given and counts from then.
    control = session.target.control
    if control is None:
        raise NotCheckable("needs the control API")
    deadline = time.monotonic() + 1.0
    while time.monotonic() < deadline and not control.drained():
        pass
