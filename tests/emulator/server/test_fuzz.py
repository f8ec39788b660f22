"""No bytes on a socket, and no body in a request, cause a 500, a hang, a traceback or lost credit."""

import socket
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from raw_http import NUMBER, PULL, Line, ask, asking, chunked, credit, order

from kobikom_emulator import Emulator

SHARED = settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
VALID = [
    asking(order()),
    asking(b"XML=" + order(text="ğüşıöç &amp; &#x15F;"), "Content-Type: application/xml Accept: */*"),
    asking(None, "Transfer-Encoding: chunked", method="POST") + chunked(order(NUMBER, "1", "+44"), 17),
    asking(None, target=f"{PULL}&messageid=1,2,3&appid=%FF"),
    asking(order(more="<type>longSMS</type><ileriTarih>1d</ileriTarih><ValidityPeriod>1:00</ValidityPeriod>")),
    asking(order(), "Expect: 100-continue", version="1.0"),
    asking(None, target="/_emulator/journal?limit=3", host="127.0.0.1"),
]
SPLICES = st.one_of(
    st.binary(max_size=6),
    st.sampled_from(
        [b"\r\n", b"\n", b"\0", b"<", b"&", b"]]>", b"<!DOCTYPE a>", b"\xff\xfe", b"Content-Length: 9\r\n", b" "]
    ),
)


@pytest.fixture(scope="module")
def shared() -> Iterator[Emulator]:
    with Emulator(seed=1, accounts=[{"user": "test", "password": "test", "credit": "1000000"}]) as running:
        yield running


def answer_to(port: int, said: bytes, cuts: list[int]) -> bytes:
    """The server's answer to some bytes, written in pieces and then ended; a hang fails by time-out."""
    with Line(port) as line:
        try:
            for start, stop in zip([0, *cuts], [*cuts, len(said)], strict=True):
                line.say(said[start:stop])
            line.finish()
        except OSError:
            pass  # the server had closed the connection
        try:
            return line.rest()
        except ConnectionError:
            return line.left


def judge(port: int, said: bytes, cuts: list[int]) -> None:
    answer = answer_to(port, said, cuts)
    assert b" 500 " not in answer.split(b"\r\n", 1)[0]
    assert b"Traceback" not in answer
    assert b"" == answer or answer.startswith(b"HTTP/")
    following = ask(port, asking(order()))
    assert [(200, 0)] == [(following.status, status) for status, *_ in following.results]


def cut_up(said: bytes) -> st.SearchStrategy[tuple[bytes, list[int]]]:
    places = st.lists(st.integers(0, len(said)), max_size=3).map(sorted)
    return st.tuples(st.just(said), places)


@st.composite
def mutants(draw: st.DrawFn) -> bytes:
    """One or two valid requests with bytes removed, inserted and doubled."""
    said = b"".join(draw(st.lists(st.sampled_from(VALID), min_size=1, max_size=2)))
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(said)))
        stop = min(len(said), start + draw(st.integers(0, 30)))
        said = said[:start] + draw(st.one_of(SPLICES, st.just(said[start:stop] * 2))) + said[stop:]
    return said


@SHARED
@given(st.binary(max_size=300).flatmap(cut_up))
@example((b"\r\n" * 50, []))
@example((b"GET / HTTP/1.1\r\n\r\n", [3]))
def test_arbitrary_bytes(shared: Emulator, case: tuple[bytes, list[int]]) -> None:
    """Any bytes, in any pieces, get an HTTP answer or none, and an end; the next client is served."""
    judge(shared.running.port, *case)


@SHARED
@given(mutants().flatmap(cut_up))
def test_mutated_requests(shared: Emulator, case: tuple[bytes, list[int]]) -> None:
    """Valid requests with bytes removed, inserted or doubled, in any pieces, get an answer or none, and an end."""
    judge(shared.running.port, *case)


@SHARED
@given(st.one_of(st.binary(max_size=400), mutants().map(lambda said: said.partition(b"\r\n\r\n")[2])))
def test_arbitrary_bodies(shared: Emulator, body: bytes) -> None:
    """Any body in a valid request gets HTTP 200 and a documented answer, and is charged for what was accepted."""
    port = shared.running.port
    before = float(credit(port))
    following = ask(port, asking(body))
    assert 200 == following.status
    accepted = sum(status == 0 for status, *_ in following.results)
    assert before - float(credit(port)) >= accepted
    if not accepted:
        assert before == float(credit(port))


@SHARED
@given(
    st.text(alphabet=st.characters(codec="latin-1", exclude_characters=" \r\n\0\x7f#", min_codepoint=33), max_size=80)
)
def test_arbitrary_pull_queries(shared: Emulator, query: str) -> None:
    """Any query of a pull gets a documented answer with 200, or 400 where the bytes are not a request line."""
    following = ask(
        shared.running.port, b"GET /api/sendsms/xml/pull?%s HTTP/1.1\r\nHost: a\r\n\r\n" % query.encode("latin-1")
    )
    assert following.status in (200, 400)


def test_the_watch_sees_a_hang() -> None:
    """A server that never closes is noticed: reading from it fails by time-out."""
    with socket.create_server(("127.0.0.1", 0)) as silent, Line(silent.getsockname()[1]) as line:
        line.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            line.rest()
