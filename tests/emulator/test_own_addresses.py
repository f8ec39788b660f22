"""Pushes never go to the emulator itself or to services of another protocol, however the address is written (S-19)."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.request import urlopen

import pytest

from kobikom_emulator import BadSettings, Emulator
from kobikom_emulator.domain.push_urls import PORTS_OF_OTHERS, destination
from kobikom_emulator.driver import ControlRefused
from kobikom_emulator.pusher import HttpPusher, OwnAddresses, is_private

TYPE = "application/xml; charset=UTF-8"


def interface_addresses() -> list[str]:
    """The machine's addresses, as far as its own name is known."""
    try:
        return sorted({str(address[0]) for *_, address in socket.getaddrinfo(socket.gethostname(), None)})
    except OSError:
        return []


FORMS = [
    "localhost", "LOCALHOST", "localhost.", "127.0.0.1", "127.0.0.1.", "127.1", "127.0.1", "0x7f000001", "0x7f.1",
    "0x7F.0.0.0x1", "2130706433", "017700000001", "0177.0.0.1", "127.0.0.2", "127.255.255.254", "0.0.0.0", "0",
    "[::1]", "[0:0:0:0:0:0:0:1]", "[::]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::ffff:0.0.0.0]", "[::1%25lo]", "user@127.0.0.1", "example.com@127.0.0.1", "127.0.0.1%00", "%31%32%37.0.0.1",
    "１２７.0.0.1", "①②⑦.0.0.1", "ⓛocalhost", "127。0。0。1", "localhost%2e", "127.0.0.1\\",
    *(f"[{address}]" if ":" in address else address for address in interface_addresses()),
]  # fmt: skip


@asynccontextmanager
async def listening(host: str = "127.0.0.1") -> AsyncIterator[tuple[int, list[bytes]]]:
    """A port of loopback, with the first line of each request that arrives there."""
    got: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readline())
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(take, host, 0)
    async with server:
        yield server.sockets[0].getsockname()[1], got


async def push(url: str, **more: Any) -> Any:
    pusher = HttpPusher(content_type=TYPE, **{"timeout": 5.0} | more)
    try:
        return await (await pusher.push(url, b"<DeliveryReport/>")).whole()
    finally:
        await pusher.close()


@pytest.mark.parametrize("allowed", ["private", "any"])
@pytest.mark.parametrize("form", FORMS)
async def test_no_push_reaches_the_emulator_itself(form: str, allowed: str) -> None:
    """Whatever its address is called, nothing arrives there, and the push is not delivered."""
    async with listening() as (port, got):
        result = await push(f"http://{form}:{port}/_emulator/reset", allowed=allowed, own=OwnAddresses({port}))
    assert (False, []) == (result.delivered, got)


@pytest.mark.parametrize("form", ["localhost", "127.0.0.1", "0x7f000001", "[::ffff:127.0.0.1]"])
async def test_another_port_of_loopback_is_reached(form: str) -> None:
    """Receivers of users run on this machine."""
    async with listening() as (port, got):
        result = await push(f"http://{form}:{port}/dlr", own=OwnAddresses({port + 1}))
    assert (True, [b"POST /dlr HTTP/1.1\r\n"]) == (result.delivered, got)


async def test_the_checked_address_is_the_one_that_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name is resolved once for a push: one that means something else the second time gains nothing."""
    asked: list[str] = []

    async with listening() as (port, got):
        look_up = socket.getaddrinfo

        def resolved(host: Any, *rest: Any, **more: Any) -> list[Any]:
            if host != "rebind.example":
                return look_up(host, *rest, **more)
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.1" if asked[1:] else "127.0.0.1", port))]

        monkeypatch.setattr(socket, "getaddrinfo", resolved)
        assert (await push(f"http://rebind.example:{port}/")).delivered
    assert (["rebind.example"], 1) == (asked, len(got))


async def test_a_name_server_that_does_not_answer_holds_up_no_other_look_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each name is looked up by itself, however many are waiting."""
    over, look_up = threading.Event(), socket.getaddrinfo

    def resolved(host: Any, *rest: Any, **more: Any) -> list[Any]:
        if host == "silent.example":
            over.wait(60)
        return look_up("localhost" if host == "silent.example" else host, *rest, **more)

    monkeypatch.setattr(socket, "getaddrinfo", resolved)
    async with listening() as (port, got):
        waiting = [asyncio.ensure_future(push("http://silent.example/", timeout=60)) for _ in range(50)]
        result = await push(f"http://localhost:{port}/")
        over.set()
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    assert (True, 1) == (result.delivered, len(got))


async def test_a_redirect_to_the_emulator_is_not_followed() -> None:
    """The answer is what the receiver said, a failure; whatever scheme and host it points to."""
    async with listening() as (own, got):
        for location in (f"http://127.0.0.1:{own}/_emulator/reset", "file:///etc/passwd", "ftp://127.0.0.1/", "//x"):

            async def redirect(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, to: str = location) -> None:
                await reader.readline()
                head = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n"
                writer.write(head.encode())
                writer.close()

            async with await asyncio.start_server(redirect, "127.0.0.1", 0) as receiver:
                port = receiver.sockets[0].getsockname()[1]
                result = await push(f"http://127.0.0.1:{port}/", own=OwnAddresses({own}))
            assert "HTTP 307" == result.detail
    assert [] == got


async def test_cookies_of_a_receiver_are_not_kept() -> None:
    """What one receiver sets is not sent with the next push."""
    seen: list[bytes] = []

    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    pusher = HttpPusher(content_type=TYPE)
    async with await asyncio.start_server(take, "127.0.0.1", 0) as receiver:
        url = f"http://localhost:{receiver.sockets[0].getsockname()[1]}/"
        for _ in range(2):
            await (await pusher.push(url, b"x")).whole()
        await pusher.close()
    assert [False, False] == [b"cookie" in head.lower() for head in seen]


@pytest.mark.parametrize(
    "address",
    ["169.254.169.254", "fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "::ffff:169.254.169.254",
     "100.100.100.200", "fe80::a9fe:a9fe", "168.63.129.16", "64:ff9b::7f00:1", "2002:7f00:1::"],
)  # fmt: skip
def test_metadata_of_clouds_is_not_private(address: str) -> None:
    """Machines of clouds keep credentials there, in IPv4 and in IPv6."""
    assert not is_private(address)


REFUSED_URLS = [
    "ftp://x", "file:///etc/passwd", "gopher://127.0.0.1:70/", "unix:/run/x.sock", "http+unix://%2Frun%2Fx/", "//h/",
    "javascript:1", "data:,x", "127.0.0.1:9000/x", "http://", "http:///x", "http:/h/", "http://u:p@127.0.0.1/",
    "http://u@h/", "http://@h/", "http://h:0/", "http://h:99999/", "http://h:x/", "http://h:-1/", "http://[::1/",
    "http://[::1]x/", "http://h/\r\nX: y", "http://h/ x", "http://h/\tx", "http://h\x00/", "http://h:25/",
    "https://h:22/", "http://h:6379/", "http://h:11211/",
]  # fmt: skip


@pytest.mark.parametrize("url", REFUSED_URLS)
def test_an_account_is_not_given_such_a_push_url(url: str) -> None:
    """In settings and over the control API it is refused, and the error names the field."""
    with pytest.raises(BadSettings, match="push-url"):
        Emulator(accounts=[{"user": "u", "password": "p", "push_url": url}])
    with Emulator() as emulator:
        with pytest.raises(ControlRefused) as refusal:
            emulator.kobikom.account("test", push_url=url)
        assert (422, "push_url") == (refusal.value.status, refusal.value.field)


@pytest.mark.parametrize("url", REFUSED_URLS)
async def test_a_message_with_such_a_push_url_is_not_pushed(url: str) -> None:
    """Neither with `any`: nothing is resolved or connected."""
    result = await push(url, allowed="any")
    assert (True, None) == (result.refused, result.response)


@pytest.mark.parametrize("port", sorted(PORTS_OF_OTHERS))
async def test_ports_of_other_protocols_get_no_push(port: int) -> None:
    """A report contains ids that its sender chose: a mail server or cache could take a line of it for a command."""
    assert (await push(f"http://127.0.0.1:{port}/")).refused


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://h/", "h:80"), ("https://H/x", "h:443"), ("HTTP://h.:80/", "h:80"), ("http://h:/", "h:80"),
        ("http://[::1]:90/a", "[::1]:90"), ("http://h:8080?x", "h:8080"), ("ftp://h/", ""), ("nonsense", ""),
    ],
)  # fmt: skip
def test_pushes_to_one_host_and_port_share_a_destination(url: str, expected: str) -> None:
    """Whatever path, case or default port the URL is written with."""
    assert expected == destination(url)


def test_a_send_cannot_reset_the_server_by_a_push() -> None:
    """A send whose push URL is the control API of the same server: the push is refused, and nothing is reset."""
    with Emulator(clock={"start": "2026-01-31T09:00:00+03:00"}) as emulator:
        hosts = ("127.0.0.1", "localhost", "0x7f000001", "[::ffff:127.0.0.1]")
        for host in hosts:
            _send(emulator, f"http://{host}:{emulator.running.port}/_emulator/spaces/default/reset")
        emulator.clock.advance(3600)
        emulator.kobikom.drain()
        pushes = [entry for entry in emulator.journal if entry.operation == "push"]
        assert ["refused"] * len(hosts) == [entry.outcome for entry in pushes]
        assert len(hosts) == len(emulator.kobikom.messages)


def _send(emulator: Emulator, url: str) -> None:
    body = (
        "<SMS><dogrulama><kullanici>test</kullanici><parola>test</parola></dogrulama><mesajiniz><metin>x</metin>"
        f"<pushurl>{url}</pushurl><alicilar><gsm>905321234567</gsm></alicilar></mesajiniz></SMS>"
    )
    with urlopen(f"{emulator.url}/api/sendsms/xml/", body.encode()) as answer:
        assert b"<status>0</status>" in answer.read()
