"""The requests that bytes hold: the same in any pieces, and none that a strict parser does not see (T-04)."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, cast

import pytest
from aiohttp.http import HttpProcessingError, HttpRequestParser
from aiohttp.http_parser import HttpRequestParserPy
from hypothesis import example, given, settings
from hypothesis import strategies as st
from raw_http import PULL, asking, chunked, order

from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.heads import Head
from kobikom_emulator.server.requests import LongerBody, Request, Requests, TooLarge, Unfinished
from kobikom_emulator.server.routes import Resource, Route

MAX_TARGET = 300
CAP = 2000


class AnyPath:
    """Every path is a resource, except /early, which is answered by its head."""

    def route(self, head: Head) -> Route:
        early = head.target.startswith("/early")
        resource = Resource.NONE if early else Resource.SEND
        return Route(resource, cast("Any", None), head.target, CAP, answer=cast("Any", "early") if early else None)


def events(pieces: list[bytes]) -> list[Any]:
    """What a connection reads from these pieces and the end after them, up to the last event that it acts on."""
    requests = Requests(AnyPath(), MAX_TARGET)
    heard: list[Any] = []
    for piece in pieces:
        requests.feed(piece)
        try:
            while (event := requests.next_event()) is not None:
                if isinstance(event, Unfinished):
                    continue
                heard.append(shown(event))
                persistent = not isinstance(event, Request) or (event.head.persistent and not event.last)
                if isinstance(event, TooLarge | LongerBody) or not persistent:
                    return heard
        except BadRequest as refusal:
            return [*heard, ("refused", refusal.status, str(refusal.reason))]
    return [*heard, ("end", requests.incomplete is not None, requests.longer_body(at_end=True) is not None)]


def shown(event: Any) -> tuple[Any, ...]:
    head = getattr(event, "head", None)
    about = () if head is None else (head.method, head.target, head.minor, head.fields.raw, head.leniences)
    early = head is not None and head.target.startswith("/early")
    return (type(event).__name__, *about, b"" if early else getattr(event, "body", b""), getattr(event, "last", False))


HEADS = st.sampled_from(
    [
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
        b"POST /early HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
        b"POST / HTTP/1.1\nHost: a\nContent-Length: 3\n\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000\r\n\r\n",
        b"GET /?parola=\xc5\x9fifre HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET /" + b"a" * MAX_TARGET + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\n",
        b"GET /\r\n",
        b"\x16\x03\x01\x02\x00\x01",
    ]
)
BODIES = st.sampled_from(
    [b"abc", b"abcd>", b"ab", b"3\r\nabc\r\n0\r\n\r\n", b"3\r\nabc\r\n0\r\nX: y\r\n\r\n", b"3\r\nabcd\r\n0\r\n\r\n",
     b"z\r\n", b"800\r\n" + b"a" * 2048, b"3;x=\xff\r\nabc\r\n0\r\n\r\n", b"", b"\r\n", b"\n"]
)  # fmt: skip
NOISE = st.one_of(st.binary(max_size=4), st.sampled_from([b"\r", b"\n", b"\r\n", b" ", b":", b"\t", b"\0", b"GET / "]))


@st.composite
def streams(draw: st.DrawFn) -> bytes:
    """A few requests, or what looks like them, with some bytes exchanged."""
    said = b"".join(draw(st.lists(st.one_of(HEADS, BODIES), min_size=1, max_size=6)))
    for _ in range(draw(st.integers(0, 2))):
        start = draw(st.integers(0, len(said)))
        said = said[:start] + draw(NOISE) + said[start + draw(st.integers(0, 3)) :]
    return said


def cut(said: bytes, places: list[int]) -> list[bytes]:
    places = sorted({place % (len(said) + 1) for place in places})
    return [said[start:stop] for start, stop in zip([0, *places], [*places, len(said)], strict=True)]


@settings(max_examples=400)
@given(streams(), st.lists(st.integers(0, 5000), max_size=6))
@example(b"GET / HTTP/1.1\r\nHost: a\n\r\n\r\n", [23, 24, 25])
@example(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabcs ht", [49, 50, 51, 52])
@example(b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 65500 + b"\r\n\r\n", [65530, 65535, 65540])
def test_the_same_in_any_pieces(said: bytes, places: list[int]) -> None:
    """Requests, refusals and their reasons are those of the bytes in one piece."""
    assert events([said]) == events(cut(said, places))


@settings(max_examples=200)
@given(streams())
def test_the_same_byte_by_byte(said: bytes) -> None:
    """No byte is a place where it matters that a piece ends."""
    assert events([said]) == events([said[at : at + 1] for at in range(len(said))])


class Consumer:
    """What a parser of aiohttp wants to pause and resume."""

    def pause_reading(self) -> None: ...

    def resume_reading(self, **_: object) -> None: ...


def strictly(parser: type[HttpRequestParser], said: bytes) -> Iterator[tuple[str, str, bytes]]:
    """Method, target and body of the requests that a parser of aiohttp sees, byte by byte: it forgets those before an
    error in the same piece. A body that is not complete is left out.
    """
    loop = asyncio.new_event_loop()
    reading: list[tuple[Any, Any]] = []
    try:
        read = parser(cast("Any", Consumer()), loop, 2**20, max_line_size=2**20, max_headers=128, auto_decompress=False)
        with contextlib.suppress(HttpProcessingError):
            for at in range(len(said)):
                reading += read.feed_data(said[at : at + 1])[0]
        for message, payload in reading:
            if payload.is_eof() and payload.exception() is None:
                yield message.method, message.path, loop.run_until_complete(payload.read())
    finally:
        loop.close()


ORDINARY = st.sampled_from(
    [
        asking(order()),
        asking(b"XML=" + order(text="\u011f\u00fc\u015f")),
        asking(None, target=PULL),
        asking(None, "Transfer-Encoding: chunked", method="POST") + chunked(order(), 17),
        asking(b"abc", "Connection: close"),
        asking(b"abc", version="1.0", host=None),
        b"\r\n",
    ]
)
ATTACKS = st.sampled_from(
    [b"Content-Length: 4\r\n", b"Transfer-Encoding: chunked\r\n", b"Transfer-Encoding: x\r\n", b" folded\r\n", b"\n",
     b"Content-Length : 4\r\n", b"Transfer-Encoding:\x0bchunked\r\n", b"X:\n", b"0\r\n\r\n", b"5\r\n", b";a\nb", b"\r",
     b"\0", b"+", b"0x", b"_", b","]
)  # fmt: skip


@st.composite
def attacks(draw: st.DrawFn) -> bytes:
    """Ordinary requests with what smugglers insert."""
    said = b"".join(draw(st.lists(ORDINARY, min_size=1, max_size=3)))
    for _ in range(draw(st.integers(1, 3))):
        lines = [0, *[at + 1 for at, byte in enumerate(said) if byte == 10]]
        start = draw(st.one_of(st.sampled_from(lines), st.integers(0, len(said))))
        said = said[:start] + draw(ATTACKS) + said[start + draw(st.integers(0, 1)) :]
    return said


def is_strict(event: tuple[Any, ...]) -> bool:
    """Whether a request has nothing that the server accepts beyond a strict parser."""
    return not event[5] and event[1] in ("GET", "POST") and "%" not in event[2]


@pytest.mark.skipif(HttpRequestParser is HttpRequestParserPy, reason="aiohttp has no extensions here")
@settings(max_examples=300)
@given(said=attacks())
def test_no_request_that_a_strict_parser_does_not_see(said: bytes) -> None:
    """Up to the first leniency, every request is one that a parser of aiohttp sees too, at the same place with the same
    body.
    """
    ours = [event for event in events([said]) if event[0] == "Request"]
    theirs = [list(strictly(parser, said)) for parser in (HttpRequestParser, HttpRequestParserPy)]
    for nth, event in enumerate(ours):
        if not is_strict(event):
            break
        assert (event[1], event[2], event[6]) in [seen[nth] for seen in theirs if len(seen) > nth]


VARIED = [
    asking(order()),
    b"GET /?a=\xc5\x9f HTTP/1.1\r\nHost: a\r\n\r\n",
    b"GET / HTTP/1.1\nHost: a\n\n",
    b"GET / HTTP/1.1\r\nX: \xff\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
    b"SEND / HTTP/1.1\r\n\r\n",
]
SAME_EVERYWHERE = """
import sys
sys.path[:0] = ["tests/emulator/server", "tests/e2e"]
from test_requests import HttpRequestParser, VARIED, events
print(HttpRequestParser.__module__, *[repr(events([each])) for each in VARIED], sep="\\n")
"""


def test_the_same_with_and_without_the_extensions_of_aiohttp() -> None:
    """aiohttp reads heads with a C or a Python parser; the requests are the same with both."""
    outputs = []
    for without in ("", "1"):
        finished = subprocess.run(
            [sys.executable, "-c", SAME_EVERYWHERE],
            env=os.environ | {"AIOHTTP_NO_EXTENSIONS": without},
            capture_output=True,
            text=True,
            check=True,
        )
        outputs.append(finished.stdout.partition("\n")[::2])
    (with_c, one), (with_python, other) = outputs
    assert ("aiohttp._http_parser", "aiohttp.http_parser") == (with_c, with_python)
    assert one == other
    assert 6 == one.count("\n")


LENIENT = {
    "no Host": (b"GET / HTTP/1.1\r\n\r\n", ["HTTP/1.1 without a Host header"]),
    "line feeds": (b"GET / HTTP/1.1\nHost: a\n\n", ["line ends of LF alone, without CR"]),
    "neither": (b"GET / HTTP/1.1\n\n", ["line ends of LF alone, without CR", "HTTP/1.1 without a Host header"]),
    "no Host in HTTP/1.0": (b"GET / HTTP/1.0\r\n\r\n", []),
    "all right": (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", []),
}


@pytest.mark.parametrize("what", LENIENT)
def test_what_is_accepted_beyond_http_1_1(what: str) -> None:
    """RFC 9112 lets a server accept it; the request says what it broke."""
    said, leniences = LENIENT[what]
    request, *_ = events([said])
    assert ("Request", leniences) == (request[0], [str(lenience) for lenience in request[5]])


REFUSED = {
    "a request line without a version, as in HTTP/0.9; this server speaks HTTP/1.1": b"GET /\r\n",
    "the preface of HTTP/2; this server speaks HTTP/1.1": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    "HTTP/2.0; this server speaks HTTP/1.1": b"GET / HTTP/2.0\r\n",
    "the beginning of TLS; this port speaks HTTP without TLS": bytes.fromhex("1603010200010001fc0303"),
    "bytes that do not begin with a method": b"<SMS>",
    "a request line without a target": b"hello\r\n",
    "no HTTP/1.1 after the target; a blank in a target is written %20": b"GET /a b HTTP/1.1\r\n",
    "a control character in the target": b"GET /\x01 HTTP/1.1\r\n",
    "a target that does not begin with /": b"GET a HTTP/1.1\r\n",
    "a target of more than 300 bytes, the setting limits.max-target": b"GET /" + b"a" * 300,
    "two headers Host": b"GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n",
    "two headers Content-Length": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na",
    "two headers Transfer-Encoding": b"POST / HTTP/1.1\r\n" + b"Transfer-Encoding: chunked\r\n" * 2 + b"\r\n",
    "a Host header that is not a host name": b"GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
    "a Content-Length that is not a number": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\n",
    "Content-Length and Transfer-Encoding in one request": b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n",
    "a Transfer-Encoding other than chunked": b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
    "a Transfer-Encoding in HTTP/1.0, which has none": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n",
    "line ends of CRLF and of LF alone in one head": b"GET / HTTP/1.1\r\nHost: a\nX: y",
    "a header line that begins with a blank: write a value in one line": b"GET / HTTP/1.1\r\nX: a\r\n b\r\n\r\n",
    "header line 2 without a colon": b"GET / HTTP/1.1\r\nHost: a\r\nhello\r\n\r\n",
    "a blank before the colon of header line 2": b"GET / HTTP/1.1\r\nHost: a\r\nX : a\r\n\r\n",
    "a name of header line 2 that is not one word in ASCII": b"GET / HTTP/1.1\r\nHost: a\r\nX\xff: a\r\n\r\n",
    "a control character in the header X": b"GET / HTTP/1.1\r\nHost: a\r\nX: a\x00b\r\n\r\n",
    "more than 128 header lines": b"GET / HTTP/1.1\r\n" + b"X: a\r\n" * 129 + b"\r\n",
    "more than 65,536 bytes of header lines": b"GET / HTTP/1.1\r\nX: " + b"a" * 65536,
    "a chunk that does not begin with its size in hexadecimal digits and CRLF": b"POST / HTTP/1.1\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0x1\r\n",
    "a chunk that is longer than its size": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
    "a trailer field that is not valid": b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\na\r\n",
}  # fmt: skip


@pytest.mark.parametrize("reason", REFUSED)
def test_why_bytes_are_refused(reason: str) -> None:
    """Each refusal says what is wrong in words for people, as early as it is known."""
    status = 414 if "target of more" in reason else 431 if reason.startswith("more than") else 400
    assert ("refused", status, reason) == events([REFUSED[reason]])[-1]


@pytest.mark.parametrize(
    "line",
    [b": a", b"a b: c", b"a\tb: c", b"a\0: b", b"a: b\0", b"a: b\x7f", b"a: b\x1f", b" a: b", b"\xc3\xbc: b", b"a(: b"],
)
def test_the_parser_of_header_lines_is_strict(line: bytes) -> None:
    """What the server relies on `aiohttp.http.HeadersParser` for: it refuses these lines."""
    assert ("refused", 400) == events([b"GET / HTTP/1.0\r\n" + line + b"\r\n\r\n"])[-1][:2]


def test_the_parser_of_header_lines_keeps_other_octets() -> None:
    """A value may have any octets from 0x80 on; blanks around it are no part of it."""
    (request,) = events([b"GET / HTTP/1.0\r\na: \t\xc3\xff;\t\r\n\r\n"])
    assert ((b"a", b"\xc3\xff;"),) == request[4]
