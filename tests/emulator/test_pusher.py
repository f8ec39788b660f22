"""Where reports may be pushed to, and how an attempt ends (S-19)."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web

from kobikom_emulator.pusher import RESPONSE_KEPT, HttpPusher, is_private

TYPE = "application/xml; charset=UTF-8"


@asynccontextmanager
async def customer(
    status: int = 200, *, silent: bool = False, body: bytes = b"", endless: bool = False
) -> AsyncIterator[tuple[str, list[Any]]]:
    """A customer's server on loopback, with what it received."""
    got: list[Any] = []
    over = asyncio.Event()

    async def take(request: web.BaseRequest) -> web.StreamResponse:
        got.append((request.method, request.raw_path, request.headers.get("Content-Type"), await request.read()))
        if silent:
            await over.wait()
        if endless:
            response = web.StreamResponse(status=status)
            await response.prepare(request)
            await response.write(body)
            await over.wait()
            return response
        return web.Response(status=status, body=body, headers={"Location": "/elsewhere"} if status == 302 else {})

    runner = web.ServerRunner(web.Server(take))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}", got
    finally:
        over.set()
        await runner.cleanup()


async def push(url: str, **more: Any) -> Any:
    pusher = HttpPusher(content_type=TYPE, **{"timeout": 5.0} | more)
    try:
        return await (await pusher.push(url, b"<DeliveryReport/>")).whole()
    finally:
        await pusher.close()


@pytest.mark.parametrize(
    ("address", "private"),
    [
        ("127.0.0.1", True), ("127.255.255.254", True), ("10.1.2.3", True), ("172.16.0.1", True), ("172.31.9.9", True),
        ("192.168.1.1", True), ("::1", True), ("fd00::1", True), ("::ffff:10.0.0.1", True),
        ("0.0.0.0", False), ("172.32.0.1", False), ("192.167.1.1", False), ("169.254.169.254", False),
        ("8.8.8.8", False), ("::", False), ("fe80::1", False), ("fe80::1%eth0", False), ("2001:db8::1", False),
        ("::ffff:8.8.8.8", False), ("100.64.0.1", False),
    ],
)  # fmt: skip
def test_private_addresses(address: str, private: bool) -> None:
    """Loopback and private networks; link-local ones, where clouds keep their metadata, are not."""
    assert private is is_private(address)


@pytest.mark.parametrize(
    "url",
    [
        "http://203.0.113.1/", "http://169.254.169.254/latest", "http://[2001:db8::1]/", "http://[::ffff:203.0.113.1]/",
        "http://0.0.0.0/", "http://3405803777/", "http://203.0.28929/", "http://2130706433/", "http://127.1/",
        "ftp://127.0.0.1/", "file:///etc/passwd", "127.0.0.1/x", "http://", "", "http://127.0.0.1:99999/", "http://[::1",
    ],
)  # fmt: skip
async def test_forbidden_addresses_are_refused_for_good(url: str) -> None:
    """A refused address gets no attempt, and no later one (S-19)."""
    result = await push(url)
    assert (False, True) == (result.delivered, result.refused)
    assert result.detail
    assert "\n" not in result.detail


async def test_a_name_counts_as_what_it_stands_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name of a public address is refused, one of loopback is not (S-19)."""

    def resolved(*_: Any, **__: Any) -> list[Any]:
        return [(2, 1, 6, "", ("127.0.0.1", 0)), (2, 1, 6, "", ("203.0.113.1", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    result = await push("http://rebind.example/")
    assert (True, "rebind.example is 203.0.113.1, neither loopback nor private") == (result.refused, result.detail)


async def test_localhost_is_resolved_and_reached() -> None:
    """Names of loopback work (S-19)."""
    async with customer() as (url, got):
        result = await push(url.replace("127.0.0.1", "localhost"))
    assert (True, 1) == (result.delivered, len(got))


async def test_a_push_is_one_post_of_the_document() -> None:
    """Path and query kept, the documented type (S-19)."""
    async with customer() as (url, got):
        result = await push(url + "/dlr?x=%C5%9F")
    assert (True, "HTTP 200") == (result.delivered, result.detail)
    assert [("POST", "/dlr?x=%C5%9F", TYPE, b"<DeliveryReport/>")] == got


@pytest.mark.parametrize(
    "rest",
    [
        "/dlr?to=%2Fa%2fb", "/a%2Fb/%41", "/dlr?a=b+c%20d&e=%26%3D", "/a/../b/./c", "/dlr?x=1;y=2",
        "/dlr?u=http://h/p?q", "/%C5%9F", "/a//b", "/dlr?a=[1]&b={2}|3", "/dlr?x=%zz%",
    ],
)  # fmt: skip
async def test_a_url_is_requested_byte_for_byte(rest: str) -> None:
    """Nothing in it is decoded, encoded or tidied up (S-19)."""
    async with customer() as (url, got):
        assert (await push(url + rest)).delivered
    assert [rest] == [target for _, target, _, _ in got]


@pytest.mark.parametrize("rest", ["", "?x=1"])
async def test_a_url_without_a_path_gets_one(rest: str) -> None:
    """HTTP has no empty target (S-19)."""
    async with customer() as (url, got):
        assert (await push(url + rest)).delivered
    assert ["/" + rest] == [target for _, target, _, _ in got]


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("www.example.com/dlr", "not an http or https URL"),
        ("http://127.0.0.1/a b", "blanks or control characters"),
        ("http://127.0.0.1/\r\nX: y", "blanks or control characters"),
        ("http://203.0.113.1/", "neither loopback nor private"),
        ("http://127.0.0.1:x/", "is not a URL"),
        ("http://127.0.0.1/", ""),
        ("http://name.example/", ""),
    ],
)
async def test_an_address_is_judged_before_anything_is_pushed(url: str, problem: str) -> None:
    """What a push would be refused for, names excepted: they are resolved when it is made (S-19)."""
    pusher = HttpPusher(content_type=TYPE)
    found = pusher.address_problem(url)
    assert (bool(problem), True) == (bool(found), problem in found)
    assert "pushes are switched off" == HttpPusher(allowed="none", content_type=TYPE).address_problem("http://h/")
    assert "" == HttpPusher(allowed="any", content_type=TYPE).address_problem("http://203.0.113.1/")


@pytest.mark.parametrize(
    ("status", "delivered"), [(200, True), (204, True), (299, True), (302, False), (404, False), (500, False)]
)
async def test_any_2xx_is_success_and_redirects_are_not_followed(status: int, delivered: bool) -> None:
    """Nothing else is success, and a failure may be tried again (S-19)."""
    async with customer(status) as (url, got):
        result = await push(url)
    assert (delivered, False, f"HTTP {status}", 1) == (result.delivered, result.refused, result.detail, len(got))


async def test_a_silent_customer_is_given_up() -> None:
    """After the time-out (S-19)."""
    async with customer(silent=True) as (url, _):
        result = await push(url, timeout=0.05)
    assert (False, False, "no answer within 0.05 s") == (result.delivered, result.refused, result.detail)


async def test_what_was_sent_and_what_was_answered_are_kept() -> None:
    """Every header that went out, and status, headers and body of the answer (S-19)."""
    async with customer(500, body="sıra dolu".encode()) as (url, _):
        result = await push(url + "/dlr")
    assert {
        "Content-Type": TYPE, "User-Agent": "kobikom-emulator", "Content-Length": "17",
        "Host": url.removeprefix("http://"),
    }.items() <= dict(result.headers).items()  # fmt: skip
    assert result.response is not None
    assert (500, "sıra dolu".encode(), True) == (
        result.response.status, result.response.body, result.response.complete
    )  # fmt: skip
    assert ("Content-Length", "10") in result.response.headers
    assert {str} == {type(text) for pair in (*result.headers, *result.response.headers) for text in pair}


@pytest.mark.parametrize(
    ("length", "kept", "complete"), [(RESPONSE_KEPT - 1, RESPONSE_KEPT - 1, True), (200_000, RESPONSE_KEPT, False)]
)
async def test_a_long_answer_is_cut(length: int, kept: int, complete: bool) -> None:
    """Of a receiver's body only the beginning is read, and said to be that; it is delivered all the same (S-19)."""
    async with customer(body=b"x" * length) as (url, _):
        result = await push(url)
    assert result.response is not None
    assert (True, kept, complete) == (result.delivered, len(result.response.body), result.response.complete)


@pytest.mark.parametrize(("status", "delivered"), [(200, True), (503, False)])
async def test_an_endless_answer_is_decided_by_its_head(status: int, delivered: bool) -> None:
    """What arrived within the time-out is kept (S-19)."""
    async with customer(status, body=b"beginning", endless=True) as (url, _):
        result = await push(url, timeout=0.2)
    assert result.response is not None
    assert (delivered, b"beginning", False) == (result.delivered, result.response.body, result.response.complete)


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbeginning",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nbeginning\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
    ],
)
async def test_a_push_is_delivered_by_a_2xx_head(answer: bytes) -> None:
    """Whatever is wrong with the body that follows; a body that is cut is said to be that (S-19)."""

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n<DeliveryReport/>")
        writer.write(answer)
        writer.close()

    async with await asyncio.start_server(take, "127.0.0.1", 0) as server:
        result = await push(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
    assert result.response is not None
    cut = b"beginning" in answer
    assert (True, not cut, cut) == (result.delivered, result.response.complete, bool(result.response.cut))


async def test_the_result_is_there_before_the_body() -> None:
    """The head decides; the rest is read afterwards, within the time-out (S-19)."""
    async with customer(body=b"beginning", endless=True) as (url, _):
        pusher = HttpPusher(content_type=TYPE, timeout=0.3)
        result = await pusher.push(url, b"x")
        assert (True, b"") == (result.delivered, result.response.body if result.response else None)
        whole = (await result.whole()).response
        await pusher.close()
    assert whole is not None
    assert (b"beginning", "the body was not complete within 0.3 s") == (whole.body, whole.cut)


async def test_without_a_connection_the_usual_headers_are_kept(unused_tcp_port: int) -> None:
    """Those that every push has, so that it can be repeated (S-19)."""
    result = await push(f"http://127.0.0.1:{unused_tcp_port}/")
    assert (("Content-Type", TYPE), ("User-Agent", "kobikom-emulator")) == result.headers
    assert (None, result.detail) == (result.response, result.error)


async def test_nobody_there_is_a_failure_to_be_tried_again(unused_tcp_port: int) -> None:
    """A failed connection is not a refusal (S-19)."""
    result = await push(f"http://127.0.0.1:{unused_tcp_port}/")
    assert (False, False) == (result.delivered, result.refused)
    assert result.detail


async def test_switched_off_and_wide_open() -> None:
    """`none` refuses every address, `any` only what is not a URL (S-19)."""
    async with customer() as (url, got):
        assert (await push(url, allowed="none")).refused
        assert (await push(url, allowed="any")).delivered
    assert 1 == len(got)
    assert (await push("nonsense", allowed="any")).refused


async def test_closing_twice_is_fine() -> None:
    """Closing a pusher that never pushed does nothing."""
    pusher = HttpPusher(content_type=TYPE)
    await pusher.close()
    await pusher.close()


async def test_a_name_that_no_thread_can_look_up_is_tried_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many threads, like too little memory, fails the attempt and not the loop (S-19)."""
    for error in (RuntimeError("can't start new thread"), MemoryError()):

        def fail(_: object, problem: Exception = error) -> None:
            raise problem

        with monkeypatch.context() as patched:
            patched.setattr("threading.Thread.start", fail)
            result = await push("http://localhost:1234/")
        assert (False, False, None) == (result.delivered, result.refused, result.response)
        assert result.error
