"""What is not a request of the API gets a plain HTTP error at once, in bounded memory, without a traceback (T-08)."""

import json
import select
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from raw_http import PULL, SEND, Line, ask, asking, credit, order

from kobikom_emulator import Emulator

MEGABYTE = 1 << 20


@pytest.mark.parametrize(
    "target",
    [
        "/api",
        "/api/sendsms/xml//",
        "/API/SENDSMS/XML/",
        "/api/sendsms/xml/push",
        "/api/sendsms/xml%2F",
        "http://kobikom.com",
        "/s/nobody/api/sendsms/xml/",
        "/_emulato",
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "OPTIONS"])
def test_a_wrong_path_is_404(port: int, target: str, method: str) -> None:
    """Any other path gets a plain 404 that names the path of the API (T-08)."""
    heard = ask(port, asking(order() if method == "POST" else None, target=target, method=method))
    assert ("HTTP/1.1 404 Not Found", "text/plain; charset=UTF-8") == (heard.line, heard.header("Content-Type"))
    assert SEND in heard.body.decode()


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "OPTIONS", "PATCH"])
def test_a_wrong_method_on_the_send_path(port: int, method: str) -> None:
    """Only POST sends; other methods get 405 with Allow, and the connection stays open (T-08)."""
    with Line(port) as line:
        line.say(asking(None, method=method))
        heard = line.hear()
        assert ("HTTP/1.1 405 Method Not Allowed", "POST") == (heard.line, heard.header("Allow"))
        line.say(asking(order()))
        assert 200 == line.hear().status


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS"])
def test_a_wrong_method_on_the_pull_path(port: int, method: str) -> None:
    """Only GET pulls; other methods get 405 (T-08, R-01)."""
    heard = ask(port, asking(b"x", target=PULL, method=method))
    assert ("HTTP/1.1 405 Method Not Allowed", "GET") == (heard.line, heard.header("Allow"))


PLAIN_ERRORS = {
    "path": asking(None, target="/api"),
    "method of a send": asking(None),
    "method of a pull": asking(b"x", target=PULL),
    "method in a named space": asking(None, target="/s/other/api/sendsms/xml/"),
    "announced size": asking(b"x" * 2000),
    "not HTTP": b"hello\r\n\r\n",
    "incomplete body": b"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx",
    "a fault rule's answer": asking(order()),
    "a fault rule's answer to a pull": asking(None, target=PULL),
}


@pytest.mark.parametrize("what", PLAIN_ERRORS)
def test_plain_errors_carry_the_time_of_the_space(what: str) -> None:
    """Their Date is that of every other answer, the space's clock (T-08)."""
    fault = {"effect": {"kind": "http", "status": 502}}
    settings = {"limits.max-body": 1000, "clock.start": "2012-05-22T12:28:38Z"}
    with Emulator(settings, faults=[fault] if what.startswith("a fault") else []) as kobikom:
        if "named" in what:
            space = {"name": "other", "clock": {"set": "2013-01-01T00:00:00Z"}}
            assert 201 == kobikom.ask_control("POST", "/_emulator/spaces", json.dumps(space).encode())[0]
        with Line(kobikom.running.port) as line:
            line.say(PLAIN_ERRORS[what])
            line.finish()
            heard = line.hear()
    date = "Tue, 01 Jan 2013 00:00:00 GMT" if "named" in what else "Tue, 22 May 2012 12:28:38 GMT"
    assert (True, date) == (heard.status >= 400, heard.header("Date"))


@pytest.mark.parametrize(("target", "allowed"), [(SEND, "POST"), (PULL, "GET")])
def test_head_has_no_body(port: int, target: str, allowed: str) -> None:
    """HEAD is a wrong method, too; its answer has a Content-Length and no body (T-08)."""
    with Line(port) as line:
        line.say(asking(None, target=target, method="HEAD"))
        heard = line.hear(head_only=True)
        assert (405, allowed) == (heard.status, heard.header("Allow"))
        assert int(heard.header("Content-Length") or 0) > 0
        line.say(asking(None, "Connection: close", target="/api", method="HEAD"))
        assert 404 == line.hear(head_only=True).status
        assert b"" == line.rest()


def test_a_head_pull_takes_no_reports(emulator: Emulator, port: int) -> None:
    """HEAD consumes no report, because its answer shows none (R-03)."""
    ask(port, asking(order()))
    emulator.clock.advance(2)
    with Line(port) as line:
        line.say(asking(None, target=PULL, method="HEAD"))
        line.hear(head_only=True)
    assert 1 == ask(port, asking(None, target=PULL)).body.count(b"<message ")


@pytest.mark.parametrize("expect", [(), ("Expect: 100-continue",)])
def test_a_body_announced_too_large_is_refused_at_once(port: int, expect: tuple[str, ...]) -> None:
    """A Content-Length of 100 MB is refused with 413 before a byte of the body, and without 100 Continue (T-11)."""
    with Line(port) as line:
        line.say(asking(None, *expect, f"Content-Length: {100 * MEGABYTE}", method="POST"))
        heard = line.hear()
        assert ("HTTP/1.1 413", "close") == (heard.line[:12], heard.header("Connection"))
        line.finish()
        assert b"" == line.rest()


def test_the_largest_body_that_is_read() -> None:
    """A body of exactly the limit is read, one byte more is refused, with a Content-Length or chunked (T-11)."""
    body = order()
    with Emulator({"limits.max-body": len(body)}) as emulator:
        port = emulator.running.port
        assert [200, 413] == [ask(port, asking(each)).status for each in (body, body + b" ")]
        head = asking(None, "Transfer-Encoding: chunked", method="POST")
        pieces = b"%x\r\n%s\r\n" % (len(body), body)
        assert 200 == ask(port, head + pieces + b"0\r\n\r\n").status
        assert 413 == ask(port, head + pieces + b"1\r\n \r\n0\r\n\r\n").status


def resident(peak: str = "VmHWM") -> int:
    """The peak resident memory of this process, in bytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(peak):
            return int(line.split()[1]) * 1024
    raise LookupError(peak)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read as Linux tells it")
def test_an_endless_chunked_body_is_refused_in_bounded_memory(port: int) -> None:
    """100 MB in chunks get 413 as soon as the limit is passed, and the rest is not kept in memory (T-11)."""
    ask(port, asking(order()))
    before = resident()
    piece = b"%x\r\n%s\r\n" % (MEGABYTE // 4, b"x" * (MEGABYTE // 4))
    answered_after = None
    with Line(port) as line:
        line.say(asking(None, "Transfer-Encoding: chunked", method="POST"))
        for sent in range(1, 401):
            try:
                line.say(piece)
            except ConnectionError:
                break  # the server has read on long enough and closed
            if answered_after is None and select.select([line.socket], [], [], 0)[0]:
                assert 413 == line.hear().status
                answered_after = sent
    assert answered_after is not None
    assert answered_after < 200, "413 did not come before half of it was sent"
    assert resident() - before < 64 * MEGABYTE
    assert "999.000" == credit(port)


GARBAGE = {
    "words": b"hello there\r\n\r\n",
    "tls": bytes.fromhex("160301020001000001fc0303") + b"\r\n\r\n",
    "http/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "version": b"GET / HTTP/9.x\r\nHost: a\r\n\r\n",
    "no target": b"GET HTTP/1.1\r\nHost: a\r\n\r\n",
    "header name": b"GET / HTTP/1.1\r\nHost: a\r\nX\xff y: 1\r\n\r\n",
    "length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: many\r\n\r\n",
    "lengths": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "length and chunks": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunk": asking(None, "Transfer-Encoding: chunked", method="POST") + b"zz\r\n",
    "endless line": b"GET /" + b"a" * 100_000,
    "endless header": b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100_000,
    "many headers": b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X%d: a\r\n" % nth for nth in range(999)) + b"\r\n",
}


STATUS = {"endless line": 414, "endless header": 431, "many headers": 431}


@pytest.mark.parametrize("what", GARBAGE)
def test_what_is_not_http_gets_one_plain_line(port: int, what: str) -> None:
    """What is not HTTP/1.x gets a 400 of one line with Content-Length and no header that names the software (T-09); too
    long a target gets 414, too many or too long headers 431.
    """
    with Line(port) as line:
        line.say(GARBAGE[what])
        line.finish()
        heard = line.hear()
        assert b"" == line.rest()
    status = STATUS.get(what, 400)
    assert (status, "text/plain; charset=UTF-8", "close") == (
        heard.status,
        heard.header("Content-Type"),
        heard.header("Connection"),
    )
    assert heard.body.startswith(b"%d: " % status)
    assert (1, None) == (heard.body.count(b"\n"), heard.header("Server"))


def test_a_method_that_nobody_knows_is_a_wrong_method(port: int) -> None:
    """It is HTTP: it gets 405 with Allow, like any other wrong method (T-08)."""
    heard = ask(port, asking(None, method="SEND"))
    assert (405, "POST") == (heard.status, heard.header("Allow"))


def test_garbage_after_a_request(port: int) -> None:
    """A request before invalid bytes is answered, the invalid bytes get a 400, and the connection ends."""
    with Line(port) as line:
        line.say(asking(order()))
        assert 200 == line.hear().status
        line.say(b"garbage\r\n\r\n")
        assert (400, b"") == (line.hear().status, line.rest())


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [("POST", "/api/sendsms/", "/api/sendsms/xml/"), ("GET", "/api/sendsms/xml/", "POST"), ("POST", "/pull", "pull")],
)
def test_a_wrong_address_stands_in_the_journal(method: str, target: str, expected: str) -> None:
    """A request that did not reach the API has a journal entry (T-08)."""
    with Emulator() as kobikom:
        with pytest.raises(HTTPError):
            urlopen(Request(kobikom.url + target, data=b"" if method == "POST" else None, method=method), timeout=10)
        (entry,) = kobikom.journal
    assert ("http", "refused", f"{method} {target}") == (
        entry.operation,
        entry.outcome,
        entry.explanation[0]["found"],
    )
    assert expected in entry.explanation[0]["expected"]


@pytest.mark.parametrize(
    ("what", "status", "found"),
    [
        (GARBAGE["words"], 400, "hello"),
        (asking(b"x" * 2000, target="/api/sendsms/xml/"), 413, "a longer one"),
        (b"POST /api/sendsms/xml/ HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nx", 400, "ended before"),
    ],
    ids=["not HTTP", "too large", "incomplete"],
)
def test_a_request_that_never_reached_the_api_is_an_entry_of_its_own(what: bytes, status: int, found: str) -> None:
    """Entries of kind `http` hold the answer and what was wrong: not HTTP, too large, incomplete (T-08)."""
    with Emulator({"limits.max-body": 1000}) as kobikom:
        with Line(kobikom.running.port) as line:
            line.say(what)
            line.finish()
            assert status == line.hear().status
        (entry,) = kobikom.journal
    assert ("http", "http", "refused", None) == (entry.kind, entry.operation, entry.outcome, entry.code)
    assert status == entry.answer["status"]
    assert found in entry.explanation[0]["found"]


def test_the_root_answers_people_with_the_page_and_programs_with_a_text(port: int) -> None:
    """A browser is sent to the page, anything else gets the addresses; HEAD has no body, and a POST is refused."""
    heard = ask(port, asking(None, "Accept: text/html,*/*;q=0.8", target="/"))
    assert (302, "_emulator/") == (heard.status, heard.header("Location"))
    heard = ask(port, asking(None, "Accept: */*", target="/"))
    assert (200, True) == (heard.status, b"POST /api/sendsms/xml/\n" in heard.body)
    with Line(port) as line:
        line.say(asking(None, target="/", method="HEAD"))
        assert (200, str(len(heard.body))) == (line.hear(head_only=True).status, heard.header("Content-Length"))
    assert 404 == ask(port, asking(order(), target="/", method="POST")).status


def test_the_favicon_is_that_of_the_page(port: int) -> None:
    """Browsers ask for it at the root."""
    heard = ask(port, asking(None, target="/favicon.ico"))
    icon = ask(port, asking(None, target="/" + (heard.header("Location") or "")))
    assert (302, 200, "image/svg+xml") == (heard.status, icon.status, icon.header("Content-Type"))
