"""A receiver of webhooks over HTTP: what it gets, that it can check the signature, and which addresses are refused."""

import base64
import hashlib
import hmac
import http.server
import json
import queue
import re
import threading
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import pytest
from raw_http import NUMBER, ask, asking, eventually, order

from kobikom_emulator import Emulator

SPACE = "/_emulator/spaces/default"


class Receiver:
    """An HTTP server that keeps every POST: its headers and body."""

    def __init__(self) -> None:
        self.got: queue.Queue[tuple[dict[str, str], bytes]] = queue.Queue()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            timeout = 20

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                receiver.got.put(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    running = Receiver()
    thread = threading.Thread(target=running.server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join(20)


def control(emulator: Emulator, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    status, answer = emulator.ask_control(method, SPACE + path, b"" if body is None else json.dumps(body).encode())
    return status, json.loads(answer) if answer else None


def test_a_receiver_gets_signed_events(emulator: Emulator, port: int, receiver: Receiver) -> None:
    """With the secret that was given once, it can check that an event is the emulator's and was not changed."""
    status, added = control(emulator, "POST", "/webhooks", {"url": receiver.url})
    assert 201 == status
    ask(port, asking(order()))
    emulator.clock.advance(1)
    key = base64.b64decode(added["secret"].removeprefix("whsec_"))
    for expected in ("message.accepted", "message.delivered"):
        headers, body = receiver.got.get(timeout=20)
        signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
        signature = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        assert f"v1,{signature}" == headers["webhook-signature"]
        event = json.loads(body)
        assert (expected, NUMBER, "application/json") == (event["type"], event["data"]["to"], headers["content-type"])

    def counted() -> bool:
        (shown,) = control(emulator, "GET", "/webhooks")[1]["webhooks"]
        return bool((2, 0) == (shown["sent"], shown["waiting"]) and "secret" not in shown)

    eventually(counted)


@pytest.mark.parametrize("url", ["http://192.0.2.1/", "ftp://127.0.0.1/", "http://169.254.169.254/", "nonsense"])
def test_an_address_outside_is_refused_at_once(emulator: Emulator, url: str) -> None:
    """By the rules of pushes; nothing is added."""
    status, problem = control(emulator, "POST", "/webhooks", {"url": url})
    assert (422, "url") == (status, problem["field"])
    assert [] == control(emulator, "GET", "/webhooks")[1]["webhooks"]


def test_switched_off_pushes_switch_webhooks_off() -> None:
    """`push.allow = none` holds for both."""
    with Emulator({"push": {"allow": "none"}}) as emulator:
        assert 422 == control(emulator, "POST", "/webhooks", {"url": "http://127.0.0.1/"})[0]


def test_a_webhook_can_be_set_in_the_settings(receiver: Receiver) -> None:
    """For the default space, from its first request on."""
    secret = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    with Emulator({"webhooks": [{"url": receiver.url, "secret": secret, "events": ["message.refused"]}]}) as emulator:
        urlopen(Request(f"{emulator.url}/api/sendsms/xml/", data=b"<nonsense"), timeout=20).close()
        event = json.loads(receiver.got.get(timeout=20)[1])
    assert ("message.refused", -22) == (event["type"], event["data"]["code"])


def test_a_space_has_webhooks_of_its_own(emulator: Emulator, port: int, receiver: Receiver) -> None:
    """What happened in another space is not among its events."""
    wanted = b'{"name": "other", "accounts": [{"user": "other", "password": "pw"}]}'
    emulator.ask_control("POST", "/_emulator/spaces", wanted)
    body = json.dumps({"url": receiver.url, "events": ["message.accepted"]}).encode()
    assert 201 == emulator.ask_control("POST", "/_emulator/spaces/other/webhooks", body)[0]
    ask(port, asking(order()))
    login = b"<kullanici>other</kullanici><parola>pw</parola>"
    ask(port, asking(re.sub(rb"<kullanici>.*</parola>", login, order(), flags=re.DOTALL)))
    assert "other" == json.loads(receiver.got.get(timeout=20)[1])["data"]["space"]
    assert [] == control(emulator, "GET", "/webhooks")[1]["webhooks"]


def test_the_server_stops_while_a_receiver_is_silent(emulator: Emulator, port: int) -> None:
    """A post under way, or a pause before the next, is cancelled with the space."""
    emulator.ask_control("POST", f"{SPACE}/webhooks", b'{"url": "http://127.0.0.1:9/"}')
    ask(port, asking(order()))
    eventually(lambda: control(emulator, "GET", "/webhooks")[1]["webhooks"][0]["error"])
