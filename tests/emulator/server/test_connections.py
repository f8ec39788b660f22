"""Connections are kept, closed, half-closed, pipelined and cut off as HTTP demands (T-04)."""

import re
import socket
import struct
import threading

import pytest
from raw_http import NUMBER, PULL, Line, ask, asking, chunked, credit, eventually, order

from kobikom_emulator import Emulator
from kobikom_emulator.bootstrap import SHUTDOWN_GRACE

RESET = struct.pack("ii", 1, 0)


def open_connections(emulator: Emulator) -> int:
    """The number of open connections of the server."""
    return emulator.in_loop(lambda: len(emulator.running._listener.connections))


def test_a_connection_stays(port: int) -> None:
    """HTTP/1.1 keeps the connection open, without a Connection header."""
    with Line(port) as line:
        for _ in range(5):
            line.say(asking(order()))
            heard = line.hear()
            assert (200, None) == (heard.status, heard.header("Connection"))


def test_a_connection_closes_when_asked(port: int) -> None:
    """`Connection: close` closes after the answer, and the answer says so."""
    with Line(port) as line:
        line.say(asking(order(), "Connection: close"))
        assert ("close", b"") == (line.hear().header("Connection"), line.rest())


def test_a_client_that_closes_its_side_after_asking_is_answered(port: int) -> None:
    """A client that closes its sending side after the request gets the whole answer, then the end."""
    with Line(port) as line:
        line.say(asking(order()))
        line.finish()
        assert (0, b"") == (line.hear().results[0][0], line.rest())


def test_pipelined_requests_are_answered_in_order(port: int) -> None:
    """Three hundred requests in one write get three hundred answers, in the order of the requests."""
    sends = [asking(order(f'<gsm messageId="nth{nth}">{NUMBER}</gsm>')) for nth in range(300)]
    with Line(port) as line:
        line.say(b"".join(sends))
        assert [f"nth{nth}" for nth in range(300)] == [line.hear().results[0][1] for _ in sends]
        line.say(asking(order()))
        assert 0 == line.hear().results[0][0]


def test_pipelined_requests_and_the_end_in_one_go(emulator: Emulator, port: int) -> None:
    """Three hundred requests followed by FIN are all answered, then the connection closes and nothing is left open."""
    with Line(port) as line:
        line.say(b"".join(asking(order(f'<gsm messageId="nth{nth}">{NUMBER}</gsm>')) for nth in range(300)))
        line.finish()
        told = line.rest().decode()
    assert [str(nth) for nth in range(300)] == re.findall(r"<messageid>nth(\d+)<", told)
    eventually(lambda: open_connections(emulator) == 0)


def test_pipelined_requests_of_every_kind(port: int) -> None:
    """Sends, pulls and plain errors mix on one connection, chunked bodies among them."""
    body = chunked(order(), 11)
    requests = [
        asking(order()),
        asking(None, target=PULL),
        asking(None, target="/nowhere"),
        asking(None, "Transfer-Encoding: chunked", method="POST") + body,
        asking(None),
        asking(order(), method="PUT"),
        asking(b"<SMS>"),
    ]
    with Line(port) as line:
        line.say(b"".join(requests))
        line.finish()
        assert [200, 200, 404, 200, 405, 405, 200] == [line.hear().status for _ in requests]
        assert b"" == line.rest()


@pytest.mark.parametrize(
    "said",
    [b"", asking(order())[:30], asking(order())[:60], b"\r\n", asking(order(), "Expect: 100-continue")[:80]],
    ids=["nothing", "half a line", "half a head", "an empty line", "half an expectation"],
)
def test_an_end_before_a_whole_head_closes(emulator: Emulator, port: int, said: bytes) -> None:
    """FIN while idle or within a head closes the connection without an answer, and nothing is left open."""
    with Line(port) as line:
        line.say(said)
        line.finish()
        assert b"" == line.rest()
    eventually(lambda: open_connections(emulator) == 0)


def test_an_end_after_an_answer_closes(emulator: Emulator, port: int) -> None:
    """FIN on a kept connection without open requests closes it."""
    with Line(port) as line:
        line.say(asking(order()))
        assert 200 == line.hear().status
        line.finish()
        assert b"" == line.rest()
    eventually(lambda: open_connections(emulator) == 0)


CUT = {
    "body": asking(order())[:-10],
    "body, none of it": asking(order())[: -len(order())],
    "chunk": asking(None, "Transfer-Encoding: chunked", method="POST") + chunked(order(), 50)[:99],
    "before the last chunk": asking(None, "Transfer-Encoding: chunked", method="POST") + chunked(order(), 50)[:-5],
}


@pytest.mark.parametrize("cut", CUT)
@pytest.mark.parametrize("pieces", [1, 2])
def test_an_end_within_a_body(emulator: Emulator, port: int, cut: str, pieces: int) -> None:
    """FIN within a body gets one plain 400, then the end; nothing is sent, charged or left open."""
    before = credit(port)
    with Line(port) as line:
        if pieces == 2:
            line.say(CUT[cut][:-5])
            credit(port)  # a round trip: the server has begun to read that body
            line.say(CUT[cut][-5:])
        else:
            line.say(CUT[cut])
        line.finish()
        heard = line.hear()
        assert (400, "close", b"") == (heard.status, heard.header("Connection"), line.rest())
    assert before == credit(port)
    eventually(lambda: open_connections(emulator) == 0)


def test_an_end_within_the_second_of_two_bodies(port: int) -> None:
    """Of two requests, the complete one is carried out and answered, the one that was cut is refused."""
    with Line(port) as line:
        line.say(asking(order()) + asking(order())[:-10])
        line.finish()
        assert [200, 400] == [line.hear().status, line.hear().status]
        assert b"" == line.rest()
    assert "999.000" == credit(port)


@pytest.mark.parametrize("whole", [True, False])
def test_an_end_after_an_answer_that_came_early(emulator: Emulator, port: int, whole: bool) -> None:
    """A 404 is answered before its body arrives; the body and FIN, or FIN alone, close the connection at once."""
    request = asking(order(), target="/nowhere")
    with Line(port) as line:
        line.say(request[:-50])
        assert 404 == line.hear().status
        if whole:
            line.say(request[-50:])
        line.finish()
        line.socket.settimeout(4)  # less than the time for which a client may go on sending
        assert b"" == line.rest()
    eventually(lambda: open_connections(emulator) == 0)


def test_clients_that_vanish_are_forgotten(emulator: Emulator, port: int) -> None:
    """Connections that are reset at any moment leave no open connection."""
    for said in (b"", asking(order())[:40], asking(order())[:-10], asking(order()), asking(order()) * 50):
        with Line(port) as line:
            line.say(said)
            line.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
    eventually(lambda: open_connections(emulator) == 0)
    assert 200 == ask(port, asking(order())).status


def test_sixty_four_connections_at_once(port: int) -> None:
    """Sixty-four open connections are all served, in any order."""
    lines = [Line(port) for _ in range(64)]
    try:
        for line in lines[::-1]:
            line.say(asking(order()))
        ids = {line.hear().results[0][1] for line in lines}
        for line in lines:
            line.say(asking(order()))
        ids |= {line.hear().results[0][1] for line in lines}
    finally:
        for line in lines:
            line.socket.close()
    assert 128 == len(ids)


def test_a_body_whose_chunks_stop_being_any(port: int) -> None:
    """An invalid chunk ends the request with a plain 400 at once, whether its handling had begun or not."""
    with Line(port) as line:
        line.say(asking(None, "Transfer-Encoding: chunked", method="POST") + b"3\r\nabc\r\n")
        credit(port)
        line.say(b"zz\r\nabc\r\n")
        assert (400, b"") == (line.hear().status, line.rest())
    assert "1000.000" == credit(port)


@pytest.mark.parametrize(
    "said", [b"", asking(order()), asking(order())[:30]], ids=["nothing", "a request", "half a line"]
)
def test_idle_connections_do_not_hold_up_the_end(said: bytes) -> None:
    """A server that stops closes idle connections at once, without waiting for the others."""
    emulator = Emulator()
    emulator.__enter__()
    with Line(emulator.running.port) as line:
        line.say(said)
        if said.endswith(b"</SMS>"):
            assert 200 == line.hear().status
        credit(emulator.running.port)  # a round trip: the server knows the other connection by now
        stopping = threading.Thread(target=emulator.__exit__, daemon=True)
        stopping.start()
        stopping.join(SHUTDOWN_GRACE / 2)
        held_up = stopping.is_alive()
        assert b"" == line.rest()
    stopping.join()
    assert not held_up
