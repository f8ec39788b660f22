"""How bytes are divided on their way changes neither what is recorded nor what is passed on."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kobikom_contracts.recording.conversation import Conversation, ObservedExchange
from kobikom_contracts.recording.host_line import HostLine

from .test_proxy import CONVERSATIONS, OK, post

START = datetime(2026, 1, 2, tzinfo=UTC)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[start:end] for start, end in pairwise(places)]


def recorded(requests: list[bytes], answers: list[bytes]) -> list[tuple[bytes, bytes, str]]:
    emitted: list[ObservedExchange] = []
    moments = iter(START + timedelta(seconds=second) for second in range(10**6))
    conversation = Conversation(1, now=lambda: next(moments), emit=emitted.append)
    for data in requests:
        conversation.from_client(data)
    for data in answers:
        conversation.from_server(data)
    conversation.server_closed()
    return [(bytes(one.request.raw), bytes(one.answer.raw), one.ended) for one in emitted]


@pytest.mark.parametrize("name", CONVERSATIONS)
@given(cuts=st.lists(st.integers(0, 2000), max_size=8))
def test_any_division_is_recorded_the_same(name: str, cuts: list[int]) -> None:
    """The exchanges are those of the undivided streams, to the byte."""
    requests, answers = (b"".join(parts) for parts in CONVERSATIONS[name])
    whole = recorded([requests], [answers])
    assert list(zip(*CONVERSATIONS[name], strict=True)) == [(one[0], one[1]) for one in whole]
    assert whole == recorded(pieces(requests, cuts), pieces(answers, cuts))


@given(cuts=st.lists(st.integers(0, 2000), max_size=8))
def test_a_host_line_is_replaced_in_any_division(cuts: list[int]) -> None:
    """Each request gets the other host, and every other byte stays, wherever the stream is divided."""
    requests = post() + post(b"Expect: 100-continue\r\n") + b"GET / HTTP/1.0\r\n\r\n" + post(body=b"Host: a\r\n\r\n")
    stream = HostLine("other:1")
    passed = b"".join(stream.feed(data) for data in pieces(requests, cuts)) + stream.end()
    assert requests.replace(b"hOsT:  kobikom.com ", b"hOsT:  other:1") == passed


def test_the_end_of_half_a_head_is_passed_on() -> None:
    """A head that never ends is held, and passed on when the client closes."""
    stream = HostLine("other")
    assert b"" == stream.feed(b"GET / HTTP/1.1\r\nHo")
    assert b"GET / HTTP/1.1\r\nHo" == stream.end()


def test_an_answer_before_the_end_of_its_request_belongs_to_it() -> None:
    """An early refusal is recorded with the whole request that it answers."""
    refusal = b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n"
    emitted: list[ObservedExchange] = []
    conversation = Conversation(1, now=lambda: START, emit=emitted.append)
    conversation.from_client(post()[:-10])
    conversation.from_server(refusal)
    assert [] == emitted
    conversation.from_client(post()[-10:] + post())
    conversation.from_server(OK)
    assert [(post(), refusal), (post(), OK)] == [(bytes(one.request.raw), bytes(one.answer.raw)) for one in emitted]


def test_an_answer_to_head_has_no_body() -> None:
    """The length of an answer to HEAD is that of a body that does not come."""
    head = b"HEAD / HTTP/1.1\r\n\r\n"
    described = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n"
    assert [(head, described, "answered"), (post(), OK, "answered")] == recorded([head + post()], [described + OK])
