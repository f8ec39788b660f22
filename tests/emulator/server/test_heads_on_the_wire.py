"""Heads that break HTTP/1.1 a little are accepted, long and slow ones refused; the journal says why (T-04, T-08)."""

import pytest
from raw_http import PULL, Line, ask, asking, order

from kobikom_emulator import Emulator


def found(emulator: Emulator) -> list[str]:
    """What the last journal entry found."""
    return [note["found"] for note in emulator.journal[-1].explanation]


@pytest.mark.parametrize("password", ["şifre", "ğüşıöçĞÜŞİÖÇ"])
def test_octets_of_a_target_are_taken_as_if_percent_encoded(password: str) -> None:
    """A pull with a raw password in UTF-8 is answered as one that is percent-encoded, also as the second request of a
    connection and in single bytes (T-08.3).
    """
    with Emulator(accounts=[{"user": "test", "password": password}]) as emulator:
        raw = asking(None, target=f"/api/sendsms/xml/pull?kullanici=test&parola={password}")
        with Line(emulator.running.port) as line:
            line.say(raw + raw)
            line.say(*[raw[at : at + 1] for at in range(len(raw))])
            assert [b"NO_DATA"] * 3 == [line.hear().body for _ in range(3)]
        assert 3 == len(emulator.journal)


@pytest.mark.parametrize("pieces", [1, 9])
def test_the_longest_target(pieces: int) -> None:
    """A target of exactly the setting is read, one byte more gets 414 and a journal entry (T-11.2)."""
    with Emulator({"limits.max-target": 2000}) as emulator:
        port = emulator.running.port
        target = f"{PULL}&messageid=".ljust(2000, "1")
        assert 200 == ask(port, asking(None, target=target)).status
        request = asking(None, target=f"{target}1")
        step = len(request) // pieces
        with Line(port) as line:
            line.say(*[request[at : at + step] for at in range(0, len(request), step)])
            heard = line.hear()
            assert (414, "close", b"") == (heard.status, heard.header("Connection"), line.rest())
        (reason,) = found(emulator)
        assert reason.startswith("a target of more than 2000 bytes, the setting limits.max-target")
        assert "parola" not in reason


@pytest.mark.parametrize(
    ("request_", "notes"),
    [
        (asking(order(), host=None), ["HTTP/1.1 without a Host header"]),
        (asking(order()).replace(b"\r\n", b"\n"), ["line ends of LF alone, without CR"]),
        (asking(order(), host=None, version="1.0"), []),
        (asking(order()), []),
    ],
    ids=["no Host", "line feeds", "HTTP/1.0", "all right"],
)
def test_what_is_accepted_is_noted(emulator: Emulator, port: int, request_: bytes, notes: list[str]) -> None:
    """A request without Host, or with line ends of LF, is carried out; its journal entry says what it broke."""
    assert [0] == [status for status, *_ in ask(port, request_).results]
    entry = emulator.journal[-1]
    assert notes == [note["found"] for note in entry.explanation if note["kind"] == "noted"]
    assert "accepted" == entry.outcome


@pytest.mark.parametrize(
    ("bytes_", "reason"),
    [
        (
            b"hello there\r\n\r\n",
            "a request line without a version, as in HTTP/0.9; this server speaks HTTP/1.1: hello there",
        ),
        (
            b"GET /pull?parola=secret\r\n\r\n",
            "a request line without a version, as in HTTP/0.9; this server speaks HTTP/1.1: GET /pull",
        ),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "the preface of HTTP/2; this server speaks HTTP/1.1: PRI * HTTP/2.0"),
        (bytes.fromhex("1603010200010001fc0303"), "the beginning of TLS; this port speaks HTTP without TLS"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n", "two headers Host"),
        (
            b"GET / HTTP/1.1\r\nHost: a\r\nX: a\r\n b\r\n\r\n",
            "a header line that begins with a blank: write a value in one line",
        ),
    ],
    ids=["HTTP/0.9", "query", "HTTP/2", "TLS", "two Hosts", "folded"],
)
def test_what_is_not_http_is_in_the_journal_in_words_for_people(
    emulator: Emulator, port: int, bytes_: bytes, reason: str
) -> None:
    """At once, without the end of the connection; a query, which may hold a password, is left out (T-08.4)."""
    with Line(port) as line:
        line.say(bytes_)
        assert (400, b"") == (line.hear().status, line.rest())
    assert [reason] == found(emulator)


@pytest.mark.parametrize("said", [b"GET / HT", b"POST / HTTP/1.1\r\nHost: a\r\n", b"\r"])
def test_a_head_that_takes_too_long(said: bytes) -> None:
    """It gets 408 and a journal entry; a request before it is answered (T-08)."""
    with Emulator({"limits.header-timeout": 0.05}) as emulator, Line(emulator.running.port) as line:
        line.say(asking(order()) + said)
        assert [200, 408] == [line.hear().status, line.hear().status]
        assert b"" == line.rest()
        assert ["no complete head within 0.05 s"] == found(emulator)


def test_a_body_that_takes_longer_than_a_head_may() -> None:
    """The time-out is that of the head alone, and each head has its own."""
    with Emulator({"limits.header-timeout": 0.05}) as emulator, Line(emulator.running.port) as line:
        line.say(asking(order())[:-1])
        with Line(emulator.running.port) as slower:  # its 408 shows that the time is over
            slower.say(b"GET")
            assert 408 == slower.hear().status
        line.say(asking(order())[-1:])
        assert 200 == line.hear().status


@pytest.mark.parametrize("expect", [(), ("Expect: 100-continue",)], ids=["", "Expect"])
def test_an_early_refusal_says_whether_the_body_is_read(port: int, expect: tuple[str, ...]) -> None:
    """A wrong path is answered before the body comes. The connection stays open and the body is read and thrown away;
    it closes where the client may leave the body out, as it waits for 100 Continue.
    """
    request = asking(order(), *expect, target="/nowhere")
    with Line(port) as line:
        line.say(request[:-10])
        heard = line.hear()
        assert (404, "close" if expect else None) == (heard.status, heard.header("Connection"))
        if expect:
            assert b"" == line.rest()
        else:
            line.say(request[-10:] + asking(order()))
            assert 200 == line.hear().status
