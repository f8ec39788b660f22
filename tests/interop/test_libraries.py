"""HTTP libraries and languages can use the emulator with their default behaviour."""

import http.client
import shutil
import subprocess
import urllib.request
from collections.abc import Callable

import aiohttp
import httpx
import pytest
import requests
from raw_http import CSV, NUMBER, order

from kobikom_emulator import Emulator

PULL = "/api/sendsms/xml/pull"
CREDENTIALS = {"kullanici": "test", "parola": "test"}
Post = Callable[[str, bytes], tuple[int, str, str]]


def by_urllib(url: str, body: bytes) -> tuple[int, str, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(urllib.request.Request(url, data=body), timeout=20) as answer:
        return answer.status, answer.headers["Content-Type"], answer.read().decode()


def by_http_client(url: str, body: bytes) -> tuple[int, str, str]:
    host, _, path = url.removeprefix("http://").partition("/")
    connection = http.client.HTTPConnection(host, timeout=20)
    try:
        connection.request(
            "POST",
            f"/{path}",
            iter([body[:50], body[50:]]),
            encode_chunked=True,
            headers={"Transfer-Encoding": "chunked"},
        )
        answer = connection.getresponse()
        return answer.status, answer.headers["Content-Type"], answer.read().decode()
    finally:
        connection.close()


def by_requests(url: str, body: bytes) -> tuple[int, str, str]:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, data={"XML": body.decode()}, timeout=20)
    return answer.status_code, answer.headers["Content-Type"], answer.text


def by_requests_multipart(url: str, body: bytes) -> tuple[int, str, str]:
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(url, files={"XML": ("x.xml", body, "text/xml")}, timeout=20)
    return answer.status_code, answer.headers["Content-Type"], answer.text


def by_httpx(url: str, body: bytes) -> tuple[int, str, str]:
    with httpx.Client(trust_env=False, timeout=20) as client:
        answer = client.post(url, content=body, headers={"Content-Type": "text/xml; charset=utf-8"})
    return answer.status_code, answer.headers["Content-Type"], answer.text


@pytest.mark.parametrize("post", [by_urllib, by_http_client, by_requests, by_requests_multipart, by_httpx])
@pytest.mark.parametrize("slash", ["/", ""])
def test_a_send(emulator: Emulator, post: Post, slash: str) -> None:
    """Each library's form of the body is accepted, and the answer has the status and type of the page."""
    status, content_type, answer = post(
        f"{emulator.url}/api/sendsms/xml{slash}", order(text="ğüş & co".replace("&", "&amp;"))
    )
    assert (200, CSV) == (status, content_type)
    assert f"<destination>{NUMBER}</destination>" in answer
    assert "<status>0</status>" in answer


async def test_aiohttp(emulator: Emulator) -> None:
    """aiohttp's client sends a form, waits for 100 Continue, and pulls on the same connection."""
    async with aiohttp.ClientSession(emulator.url, timeout=aiohttp.ClientTimeout(20)) as session:
        async with session.post("/api/sendsms/xml/", data={"XML": order().decode()}, expect100=True) as answer:
            assert "<status>0</status>" in await answer.text()
        emulator.clock.advance(2)
        async with session.get(PULL, params=CREDENTIALS) as answer:
            assert 'status="DELIVERED"' in await answer.text()
        async with session.get(PULL, params=CREDENTIALS) as answer:
            assert "NO_DATA" == await answer.text()


def test_a_session_reuses_its_connection(emulator: Emulator) -> None:
    """The pool of requests uses one connection for sends, refusals and pulls."""
    with requests.Session() as session:
        session.trust_env = False
        for body in [order(), b"<SMS>", order(NUMBER, "1")] * 3:
            assert 200 == session.post(f"{emulator.url}/api/sendsms/xml/", data=body, timeout=20).status_code
            assert "NO_DATA" == session.get(emulator.url + PULL, params=CREDENTIALS, timeout=20).text
        assert 1 == emulator.in_loop(lambda: len(emulator.running._listener.connections))


PROGRAMS = {
    "curl": [
        "curl",
        "-sS",
        "--max-time",
        "20",
        "--data-binary",
        "@-",
        "-H",
        "Content-Type:",
        "-H",
        "Expect: 100-continue",
    ],
    "php": [
        "php",
        "-r",
        "echo file_get_contents($argv[1], false, stream_context_create(['http' => ['method' => 'POST', 'timeout' => 20,"
        "'header' => 'Content-Type: application/xml', 'content' => stream_get_contents(STDIN)]]));",
        "--",
    ],
    "node": [
        "node",
        "-e",
        "fetch(process.argv[1], {method: 'POST', body: require('fs').readFileSync(0)})"
        ".then(answer => answer.text()).then(text => process.stdout.write(text))",
    ],
}


@pytest.mark.parametrize("program", PROGRAMS)
def test_other_languages(emulator: Emulator, program: str) -> None:
    """curl, PHP's streams and Node's fetch send a message with their default behaviour."""
    if shutil.which(program) is None:
        pytest.skip(f"{program} is not installed")
    process = subprocess.run(
        [*PROGRAMS[program], f"{emulator.url}/api/sendsms/xml/"],
        input=b"XML=" + order(text="ğüş"),
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (0, b"") == (process.returncode, process.stderr)
    assert b"<status>0</status>" in process.stdout
