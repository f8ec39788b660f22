"""Reports are pushed over HTTP once, repeated after failures, and only to addresses that are allowed (S-19)."""

import http.server
import queue
import shlex
import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from raw_http import NUMBER, PULL, Line, ask, asking, eventually, order

from kobikom_emulator import Emulator

START = "2026-01-31T09:00:00+03:00"


class Pushed(NamedTuple):
    """A request as the customer's server received it."""

    path: str
    headers: dict[str, str]
    body: bytes


class Customer:
    """A customer's server that keeps each request and gives the answers that the test sets."""

    def __init__(self) -> None:
        self.got: queue.Queue[Pushed] = queue.Queue()
        self.answer: tuple[int, dict[str, str]] = (200, {})
        self.text = b""
        self.hold = threading.Event()
        self.hold.set()
        customer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 20

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"] or 0))
                customer.got.put(Pushed(self.path, dict(self.headers), body))
                customer.hold.wait(60)
                status, headers = customer.answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(customer.text)))
                self.end_headers()
                self.wfile.write(customer.text)

            def do_GET(self) -> None:
                self.do_POST()  # what a followed redirect may turn into

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/dlr?x=1"

    def next(self) -> Pushed:
        return self.got.get(timeout=20)


@pytest.fixture
def customer() -> Iterator[Customer]:
    running = Customer()
    thread = threading.Thread(target=running.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.hold.set()
    running.server.shutdown()
    running.server.server_close()
    thread.join(20)


def to(url: str, *numbers: str) -> bytes:
    """A send whose reports go to `url`."""
    return asking(order(*numbers, more=f"<pushurl>{url}</pushurl>"))


def pushes(emulator: Emulator) -> list[Any]:
    """The journal's pushes, oldest first."""
    return [entry for entry in emulator.journal if entry.operation == "push"]


def outcomes(emulator: Emulator, number: int) -> list[str]:
    """The outcomes of the pushes, once there are so many."""
    eventually(lambda: len(pushes(emulator)) >= number)
    return [entry.outcome for entry in pushes(emulator)]


def test_a_report_is_pushed_once(emulator: Emulator, port: int, customer: Customer) -> None:
    """A final message's report is posted once, as the document that a pull would have given; no pull gives it again."""
    message_id = ask(port, to(customer.url)).results[0][1]
    assert customer.got.empty()
    emulator.clock.advance(1)
    pushed = customer.next()
    assert ("/dlr?x=1", "application/xml; charset=UTF-8") == (pushed.path, pushed.headers["Content-Type"])
    assert (
        f'<DeliveryReport>\n<message id="{message_id}" sentdate="2026/1/31 9:0:0" donedate="2026/1/31 9:0:1" '
        'status="DELIVERED" gsmerror="0"/>\n</DeliveryReport>'
    ).encode() == pushed.body
    assert ["pushed"] == outcomes(emulator, 1)
    emulator.clock.advance(7200)
    assert b"NO_DATA" == ask(port, asking(None, target=PULL)).body
    assert (True, 1) == (customer.got.empty(), len(pushes(emulator)))


def test_the_journal_has_what_was_sent_and_what_was_answered(emulator: Emulator, port: int, customer: Customer) -> None:
    """A push's entry has the absolute URL, headers and document, and the receiver's status, headers and body."""
    customer.answer, customer.text = (500, {"X-Queue": "full"}), b"try again"
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    pushed = customer.next()
    outcomes(emulator, 1)
    (entry,) = pushes(emulator)
    request, answer = entry.request, entry.answer
    assert ("push", "POST", customer.url) == (entry.kind, request["method"], request["target"])
    assert pushed.body.decode() == request["body"]
    assert pushed.headers == dict(request["headers"])
    assert (500, "try again", "whole", 9) == tuple(answer[key] for key in ("status", "body", "sent", "bytes_sent"))
    assert ["X-Queue", "full"] in answer["headers"]
    assert ("", None) == (entry.error, entry.intended)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_curl_line_of_a_push_can_be_run(emulator: Emulator, port: int, customer: Customer) -> None:
    """The curl command of a push posts the same document with the same type to the same address."""
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    first = customer.next()
    outcomes(emulator, 1)
    words = shlex.split(pushes(emulator)[0].curl)
    subprocess.run(words, check=True, timeout=20, capture_output=True)
    again = customer.next()
    assert (first.path, first.body, first.headers["Content-Type"]) == (
        again.path, again.body, again.headers["Content-Type"]
    )  # fmt: skip


def test_each_report_has_a_post_of_its_own(emulator: Emulator, port: int, customer: Customer) -> None:
    """Fifty recipients cause fifty posts, each with one report."""
    ids = {result[1] for result in ask(port, to(customer.url, *[NUMBER] * 50)).results}
    emulator.clock.advance(1)
    bodies = [customer.next().body.decode() for _ in ids]
    assert ids == {body.split('id="')[1].split('"')[0] for body in bodies}
    assert {1} == {body.count("<message ") for body in bodies}
    assert ["pushed"] * 50 == outcomes(emulator, 50)


def test_nopush_leaves_the_report_for_a_pull(emulator: Emulator, port: int, customer: Customer) -> None:
    """With nopush 1 nothing is posted, and a pull gives the report."""
    more = f"<pushurl>{customer.url}</pushurl><nopush>1</nopush>"
    ask(port, asking(order(more=more)))
    emulator.clock.advance(5)
    assert 1 == ask(port, asking(None, target=PULL)).body.count(b"<message ")
    assert ([], True) == (pushes(emulator), customer.got.empty())


def test_the_ladder(emulator: Emulator, port: int, customer: Customer) -> None:
    """A failed push is repeated after 1, 2, 5 and 10 minutes, never earlier; then the report is lost."""
    customer.answer = (500, {})
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    customer.next()
    for nth, minutes in enumerate((1, 2, 5, 10), start=1):
        assert ["postponed"] * nth == outcomes(emulator, nth)
        emulator.clock.advance(minutes * 60 - 1)
        ask(port, asking(None, target=PULL))  # a round trip: what is due is under way
        assert customer.got.empty()
        emulator.clock.advance(1)
        customer.next()
    assert [*["postponed"] * 4, "lost"] == outcomes(emulator, 5)
    emulator.clock.advance(86_400)
    assert b"NO_DATA" == ask(port, asking(None, target=PULL)).body
    assert customer.got.empty()


def test_a_retry_that_succeeds_is_the_last(emulator: Emulator, port: int, customer: Customer) -> None:
    """After any 2xx answer the push is not repeated."""
    customer.answer = (503, {})
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    customer.next()
    outcomes(emulator, 1)
    customer.answer = (204, {})
    emulator.clock.advance(60)
    customer.next()
    assert ["postponed", "pushed"] == outcomes(emulator, 2)
    emulator.clock.advance(86_400)
    ask(port, asking(None, target=PULL))
    assert customer.got.empty()


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_a_failure(emulator: Emulator, port: int, customer: Customer, status: int) -> None:
    """Redirects are not followed: only the address that was given is checked."""
    customer.answer = (status, {"Location": customer.url.replace("/dlr", "/elsewhere")})
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    assert ("/dlr?x=1", ["postponed"]) == (customer.next().path, outcomes(emulator, 1))
    assert customer.got.empty()


@contextmanager
def connects() -> Iterator[list[object]]:
    """Every address that this process's event loops connect to inside the block."""
    import asyncio.selector_events as loops

    seen: list[object] = []
    original = loops.BaseSelectorEventLoop.sock_connect

    async def watched(self: Any, sock: socket.socket, address: object) -> None:
        seen.append(address)
        await original(self, sock, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loops.BaseSelectorEventLoop, "sock_connect", watched)
        yield seen


REFUSED = [
    "http://192.0.2.1/dlr",
    "http://203.0.113.9:8080/",
    "http://169.254.169.254/latest/meta-data",
    "http://[2001:db8::1]/",
    "http://[::ffff:192.0.2.1]/",
    "http://3221225985/",
    "http://192.0.2.1./",
    "http://0xC0000201/",
    "http://0.0.0.0/",
    "ftp://127.0.0.1/",
    "file:///etc/passwd",
    "//127.0.0.1/",
    "127.0.0.1/x",
    "http://",
    "nonsense",
]


@pytest.mark.parametrize("url", REFUSED)
def test_strangers_are_refused_and_never_connected_to(emulator: Emulator, port: int, url: str) -> None:
    """An address that is neither loopback nor private, in any notation, gets a journal entry and no connection."""
    with connects() as seen:
        ask(port, to(url))
        emulator.clock.advance(1)
        assert ["refused"] == outcomes(emulator, 1)
        assert [] == seen
    (entry,) = pushes(emulator)
    assert ("S-19", "refused") == (entry.explanation[0]["clause"], entry.explanation[0]["kind"])
    assert url == entry.request["target"]


def test_the_watch_sees_a_connection(emulator: Emulator, port: int, customer: Customer) -> None:
    """The connection of an allowed push is recorded, so the test above can fail."""
    with connects() as seen:
        ask(port, to(customer.url))
        emulator.clock.advance(1)
        assert ["pushed"] == outcomes(emulator, 1)
        assert [("127.0.0.1", customer.server.server_port)] == seen


ODD = [
    "http://127.0.0.1:99999/",
    "http://a..b/",
    "http://[::1",
    "http://127.0.0.1:x/",
    "http://ğ .example/",
    "http:///x",
    "%",
]


@pytest.mark.parametrize("url", ODD)
def test_no_address_stops_the_pushes(emulator: Emulator, port: int, customer: Customer, url: str) -> None:
    """An invalid address of one customer does not stop the next customer's reports."""
    ask(port, to(url))
    emulator.clock.advance(1)
    ask(port, to(customer.url))
    emulator.clock.advance(1)
    customer.next()
    assert "pushed" == outcomes(emulator, 2)[-1]


def test_nobody_listens(emulator: Emulator, port: int) -> None:
    """A refused connection is a failed attempt like any other."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        free = taken.getsockname()[1]
    ask(port, to(f"http://127.0.0.1:{free}/"))
    emulator.clock.advance(1)
    assert ["postponed"] == outcomes(emulator, 1)
    (entry,) = pushes(emulator)
    assert entry.answer is None
    assert "refused" in entry.error or "connect" in entry.error.lower()


def test_a_slow_customer_times_out(customer: Customer) -> None:
    """An answer that does not come in time fails this attempt."""
    customer.hold.clear()
    with Emulator({"push.timeout": 0.2}, clock={"start": START}) as emulator:
        ask(emulator.running.port, to(customer.url))
        emulator.clock.advance(1)
        assert ["postponed"] == outcomes(emulator, 1)
        assert "0.2 s" in pushes(emulator)[0].explanation[0]["found"]


class Babbler(socketserver.BaseRequestHandler):
    """A customer's server whose answers are not HTTP."""

    def handle(self) -> None:
        self.request.recv(65536)
        self.request.sendall(b"what?\r\n\r\n")


def test_a_customer_that_speaks_no_http(emulator: Emulator, port: int) -> None:
    """An answer that is not HTTP is a failed attempt."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Babbler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        ask(port, to(f"http://127.0.0.1:{server.server_address[1]}/"))
        emulator.clock.advance(1)
        assert ["postponed"] == outcomes(emulator, 1)
        server.shutdown()
        thread.join(20)


def test_stopping_does_not_wait_for_a_slow_customer(customer: Customer) -> None:
    """A push under way is cancelled when the server stops."""
    customer.hold.clear()
    emulator = Emulator({"push.timeout": 300}, clock={"start": START})
    emulator.__enter__()
    ask(emulator.running.port, to(customer.url))
    emulator.clock.advance(1)
    customer.next()
    stopping = threading.Thread(target=emulator.__exit__, daemon=True)
    stopping.start()
    stopping.join(20)
    held_up = stopping.is_alive()
    customer.hold.set()
    stopping.join(20)
    assert not held_up


def test_a_reset_forgets_pushes(emulator: Emulator, port: int, customer: Customer) -> None:
    """After a reset earlier reports are not pushed, and later ones are."""
    ask(port, to(customer.url, "905990000022"))
    emulator.reset()
    emulator.clock.advance(120)
    with Line(port) as line:
        line.say(to(customer.url))
        message_id = line.hear().results[0][1]
    emulator.clock.advance(1)
    assert message_id.encode() in customer.next().body
    assert (["pushed"], True) == (outcomes(emulator, 1), customer.got.empty())
