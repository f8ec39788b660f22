"""A body that is longer than its Content-Length says, as where characters are counted instead of bytes (T-04)."""

import logging

import pytest
from raw_http import PULL, Line, ask, asking, credit, eventually, order

from kobikom_emulator import Emulator

SLIP = "more bytes after the body than Content-Length says: it counts bytes, not characters"


def counted_in_characters(text: str) -> bytes:
    """A send whose Content-Length counts the characters of its text."""
    body = order(text=text)
    length = len(body.decode())
    return asking(body).replace(b"Content-Length: %d" % len(body), b"Content-Length: %d" % length)


@pytest.mark.parametrize("text", ["ş", "şifreniz", "Sayın müşterimiz, şifreniz değişti. İyi günler dileriz", "ğ" * 100])
@pytest.mark.parametrize("cut", [None, 0, 1, 7, 30])
def test_the_request_is_answered_and_the_slip_is_named(
    emulator: Emulator, port: int, text: str, cut: int | None, caplog: pytest.LogCaptureFixture
) -> None:
    """In whatever pieces it comes, the request is answered as its Content-Length says, then the connection ends; the
    journal and the log say what to mend.
    """
    request = counted_in_characters(text)
    excess = request[len(request) - sum(character > "\x7f" for character in text) :]
    caplog.set_level(logging.INFO, "kobikom_emulator")
    with Line(port) as line:
        if cut is None:
            line.say(request)
            heard = line.hear()
        else:
            line.say(request.removesuffix(excess) + excess[:cut])
            heard = line.hear()
            line.say(excess[cut:])
            line.finish()
        assert (200, None, [-22]) == (
            heard.status,
            heard.header("Connection"),
            [status for status, *_ in heard.results],
        )
        assert b"" == line.rest()
    request_entry, slip = emulator.journal
    assert ("unreadable", "http", "refused") == (request_entry.operation, slip.operation, slip.outcome)
    assert (SLIP, "nothing") == (slip.explanation[0]["found"], slip.answer["sent"])
    assert 1 == caplog.text.count(SLIP)
    assert "1000.000" == credit(port)


@pytest.mark.parametrize("cut", [0, 1, 3])
@pytest.mark.parametrize("version", ["1.1", "1.0"])
def test_on_a_connection_that_is_closed_after_the_answer(emulator: Emulator, port: int, version: str, cut: int) -> None:
    """The slip is named there too, if the rest of the body comes with the request or after the answer."""
    request = asking(order(), "Connection: close", version=version)
    with Line(port) as line:
        line.say(request + b"SMS>"[:cut])
        assert (200, "close", b"") == ((heard := line.hear()).status, heard.header("Connection"), line.rest())
        line.say(b"SMS>"[cut:])
        line.finish()
        eventually(lambda: len(emulator.journal) == 2)
    assert SLIP == emulator.journal[-1].explanation[0]["found"]


def test_a_pipelined_request_is_no_longer_body(emulator: Emulator, port: int) -> None:
    """What follows a body and begins as a request is one, with line ends between them or without."""
    with Line(port) as line:
        line.say(
            asking(order()) + asking(order()) + b"\r\n" + asking(None, target=PULL) + asking(order(), method="X-Y")
        )
        assert [200, 200, 200, 405] == [line.hear().status for _ in range(4)]
    assert SLIP not in str([entry.explanation for entry in emulator.journal])


def test_a_line_break_after_a_body_is_no_longer_body(emulator: Emulator, port: int) -> None:
    """Old clients write one; the connection stays open."""
    with Line(port) as line:
        for _ in range(2):
            line.say(asking(order()) + b"\r\n")
            assert 200 == line.hear().status
        line.say(b"\r\n")
        line.finish()
        assert b"" == line.rest()
    assert ["send", "send"] == [entry.operation for entry in emulator.journal]


@pytest.mark.parametrize(("target", "status"), [("/nowhere", 404), ("/_emulator/nothing", 403)])
def test_after_any_request_with_a_body(emulator: Emulator, port: int, target: str, status: int) -> None:
    """The slip is named on whatever address it happens."""
    with Line(port) as line:
        line.say(asking(order(), target=target) + b"S>")
        assert (status, b"") == (line.hear().status, line.rest())
    assert SLIP == emulator.journal[-1].explanation[0]["found"]
    assert 200 == ask(port, asking(order())).status
