"""The program behind every repro file: repeats recorded exchanges and says whether the answers are the same again.

It needs the standard library only, and is copied into each file unchanged. What differs from one run to the
next is left out of the comparison: ids that the server makes, the message ids' prefix, dates (but for their form
and distance from now) and balances (but for their form and by how much they fall).
"""

from __future__ import annotations

import argparse
import json
import os
import re
import secrets
import socket
import ssl
import sys
import threading
import time
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from kobikom_contracts.server_suite.answer_shapes import (
    PREFIX,
    TURKEY,
    Shapes,
    clock_in,
    complete,
    made_ids,
    shown_text,
    total,
)

RECORDED: dict[str, Any] = json.loads('{"target": "", "sentence": "", "exchanges": []}')

Exchange = dict[str, Any]
GONE, THERE, UNABLE = 0, 1, 2
RACES = 10
TIMEOUT = 10.0
SECRET = re.compile(rb"\{\{(password|second)(:swapcase|:shortened)?\|(xml|url|xml-url|utf-16-le)\}\}")


def with_secrets(request: bytes) -> bytes:
    """The request with the passwords of the environment, and the length of its body put right."""

    def secret(match: re.Match[bytes]) -> bytes:
        text = os.environ.get({b"password": "KOBIKOM_PASSWORD", b"second": "KOBIKOM_SECOND_PASSWORD"}[match[1]], "test")
        text = {b":swapcase": text.swapcase(), b":shortened": text[:-1]}.get(match[2], text)
        if match[3].startswith(b"xml"):
            text = escape(text)
        coded = quote(text, safe="") if match[3].endswith(b"url") else text
        return coded.encode("utf-16-le" if match[3] == b"utf-16-le" else "utf-8")

    if not SECRET.search(request):
        return request
    whole = []
    for one in re.split(rb"(?=(?:POST|GET) /\S* HTTP/1)", SECRET.sub(secret, request)):
        head, blank, body = one.partition(b"\r\n\r\n")
        whole.append(re.sub(rb"(?i)(content-length:) *\d+", b"\\1 %d" % len(body), head) + blank + body)
    return b"".join(whole)


class Replay:
    """One repetition: what the answers were then and are now, and the ids that stand for one another."""

    def __init__(self, url: str, tls: ssl.SSLContext) -> None:
        self.url, self.tls = url.rstrip("/"), tls
        self.prefix = b"kc" + secrets.token_hex(4).encode()
        self.ids: dict[str, str] = {}
        self.created: list[tuple[str, str]] = []
        self.then, self.now = Shapes(), Shapes()
        self.read_clocks()

    def read_clocks(self) -> None:
        """Find out what the server's clock showed when the exchanges began, and shows now, where it has one of its own.

        A clock that is seen nowhere is not compared with.
        """
        controlled, passed = False, 0
        for exchange in RECORDED["exchanges"]:
            controlled = controlled or self.is_control(exchange)
            if advanced := re.search(r'\{"advance": (\d+)\}', exchange["sent"]):
                passed += int(advanced[1])
            if exchange["sent"].startswith("GET") and (clock := clock_in(exchange["received"])):
                self.then.clock = clock - timedelta(seconds=passed)
                self.now.clock = clock_in(self.ask(exchange)[0].decode("latin-1"))
                return
        if not controlled:
            self.now.clock = datetime.now(TURKEY)
            first = next((one["at"] for one in RECORDED["exchanges"] if one["at"]), 0.0)
            self.then.clock = datetime.fromtimestamp(first, TURKEY)

    def origin(self, exchange: Exchange) -> str:
        """Where to send an exchange: the target may be another one than then."""
        return self.url if exchange["to"] == RECORDED["target"] else exchange["to"]

    def request(self, exchange: Exchange) -> bytes:
        """The bytes to send: with a prefix, passwords, ids and a Host of now."""
        request = exchange["sent"].encode("latin-1")
        old, new = (urlsplit(one).netloc.encode() for one in (exchange["to"], self.origin(exchange)))
        request = request.replace(b"Host: " + old, b"Host: " + new, 1)
        request = PREFIX.sub(self.prefix, request)
        for then, now in self.ids.items():
            request = request.replace(then.encode(), now.encode())
        token = os.environ.get("KOBIKOM_CONTROL__TOKEN")
        if token and b"/_emulator/" in request.split(b"\r\n")[0]:
            request = request.replace(b"\r\n", b"\r\nAuthorization: Bearer " + token.encode() + b"\r\n", 1)
        return with_secrets(request)

    def ask(self, exchange: Exchange) -> tuple[bytes, bool]:
        """The present answer, and whether the connection stays open where it was expected to close."""
        request = self.request(exchange)
        parts = urlsplit(self.origin(exchange))
        port = parts.port or (443 if parts.scheme == "https" else 80)
        with socket.create_connection((parts.hostname, port), TIMEOUT) as plain:
            secured = parts.scheme == "https"
            connection = self.tls.wrap_socket(plain, server_hostname=parts.hostname) if secured else plain
            with connection:
                return self.talk(connection, request, exchange)

    def talk(self, connection: socket.socket, request: bytes, exchange: Exchange) -> tuple[bytes, bool]:
        """Send the request and read what comes."""
        connection.settimeout(TIMEOUT)
        head, blank, body = request.partition(b"\r\n\r\n")
        answer = b""
        try:
            if b"expect: 100-continue" in head.lower():
                connection.sendall(head + blank)
                connection.settimeout(2)
                answer += connection.recv(65536)
                connection.settimeout(TIMEOUT)
                request = body
            connection.sendall(request)
            if exchange["half_closed"]:
                connection.shutdown(socket.SHUT_WR)
            wanted = exchange["received"].count("HTTP/1.")
            while not complete(answer, wanted):
                data = connection.recv(65536)
                if not data:
                    return answer, False
                answer += data
            if exchange["still_open"]:
                connection.settimeout(2)
                return answer, bool(connection.recv(1))
        except TimeoutError:
            return answer, exchange["still_open"]
        except OSError:
            pass
        return answer, False

    def repeat(self, exchange: Exchange) -> bool:
        """Repeat one exchange; True when the answer is the same as then, or when it isn't compared."""
        if not exchange["sent"]:
            print(f"... {exchange['seconds']:.0f} s pass")
            time.sleep(exchange["seconds"])  # a recorded pause is part of what is repeated
            return True
        answer, still_open = self.ask(exchange)
        self.note(exchange, answer)
        if self.is_control(exchange):
            self.remember(exchange)
            return shown_text(exchange["received"].encode("latin-1")) == shown_text(answer)
        if exchange["setup"]:
            self.show(exchange, answer, same=True)
            return True
        then = self.then.of(exchange["received"])
        now = self.now.of(PREFIX.sub(self.recorded_prefix(), answer).decode("latin-1"))
        same = (then, exchange["still_open"]) == (now, still_open)
        self.show(exchange, answer, same=same)
        return same

    def note(self, exchange: Exchange, answer: bytes) -> None:
        """Keep the ids that the server made, and what is known of its clock and of credit."""
        text = answer.decode("latin-1")
        then, now = (made_ids(one) for one in (exchange["received"], text))
        if len(then) == len(now):
            self.ids.update({a: b for a, b in zip(then, now, strict=True) if a != b and not PREFIX.search(a.encode())})
        for shapes in (self.then, self.now):
            shapes.note(exchange["sent"], control=self.is_control(exchange))

    def race(self, group: list[Exchange]) -> bool:
        """Repeat exchanges at the same time; True when as many of each answer came as then."""
        answers: dict[int, str] = {}

        def run(index: int, exchange: Exchange) -> None:
            answers[index] = self.ask(exchange)[0].decode("latin-1")

        threads = [threading.Thread(target=run, args=pair) for pair in enumerate(group)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        then, now = total(one["received"] for one in group), total(answers.values())
        print(f"{len(group)} requests at once: {dict(now)}; then: {dict(then)}")
        return then == now

    def recorded_prefix(self) -> bytes:
        """The prefix of message ids that was recorded."""
        found = (PREFIX.search(one["sent"].encode("latin-1")) for one in RECORDED["exchanges"])
        return next((one[0] for one in found if one), self.prefix)

    def is_control(self, exchange: Exchange) -> bool:
        """True of a call of the control API, whose answers are not compared."""
        return "/_emulator/" in exchange["sent"].split("\r\n")[0]

    def remember(self, exchange: Exchange) -> None:
        """Keep what must be put back afterwards: accounts made, fault rules armed."""
        method, path = exchange["sent"].split(" ")[:2]
        if (method == "PUT" and "/accounts/" in path) or (method == "POST" and path.endswith("/faults")):
            self.created.append((path, exchange["to"]))

    def put_back(self) -> None:
        """Delete the accounts and fault rules that were made."""
        for path, to in dict.fromkeys(self.created):
            authority = urlsplit(to).netloc
            request = f"DELETE {path} HTTP/1.1\r\nHost: {authority}\r\nConnection: close\r\n\r\n"
            plain = {"to": to, "sent": request, "received": "HTTP/1.", "half_closed": False, "still_open": False}
            self.ask(plain)

    def show(self, exchange: Exchange, answer: bytes, *, same: bool) -> None:
        """Print an exchange and, where it differs, both answers."""
        print(">", exchange["sent"].encode("latin-1").decode("utf-8", "backslashreplace"))
        print("< now: ", answer.decode("utf-8", "backslashreplace"))
        if not same:
            print("< then:", exchange["received"].encode("latin-1").decode("utf-8", "backslashreplace"))
        print()


def same_again(replay: Replay) -> bool:
    """Repeat everything; True when every answer is the same as then."""
    exchanges, same = list(RECORDED["exchanges"]), True
    while exchanges:
        group = [one for one in exchanges if one["group"] and one["group"] == exchanges[0]["group"]]
        if group:
            same = replay.race(group) and same
            exchanges = exchanges[len(group) :]
        else:
            same = replay.repeat(exchanges.pop(0)) and same
    return same


def costs_money(url: str) -> bool:
    """True when the requests may send real messages: they send some, to a server that is not on this machine."""
    sends = any("<gsm" in one["sent"] or "%3Cgsm" in one["sent"] for one in RECORDED["exchanges"])
    return sends and urlsplit(url).hostname not in ("127.0.0.1", "localhost", "::1")


def main() -> int:
    """Repeat the exchanges; exit 1 when the fault is there, 0 when it is gone, 2 when neither is known."""
    parser = argparse.ArgumentParser(description=RECORDED["sentence"])
    parser.add_argument("url", nargs="?", default=RECORDED["target"], help="the server, as http://HOST:PORT")
    parser.add_argument("--yes", action="store_true", help="send real messages that cost money")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    parser.add_argument("--ca", help="a file of certificates to trust")
    options = parser.parse_args()
    if costs_money(options.url) and not (options.yes or os.environ.get("KOBIKOM_YES")):
        print(f"this sends messages through {options.url}, which may cost money: give --yes, or set KOBIKOM_YES=1")
        return UNABLE
    tls = ssl.create_default_context(cafile=options.ca)
    if options.insecure:
        tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE
    print(RECORDED["sentence"])
    races = any(one["group"] for one in RECORDED["exchanges"])
    for _ in range(RACES if races else 1):
        try:
            replay = Replay(options.url, tls)
            same = same_again(replay)
            replay.put_back()
        except OSError as error:
            print(f"cannot reach the server: {error}")
            return UNABLE
        if same:
            print("THERE: every answer is the same as then.")
            return THERE
    print("GONE: the answers are not those of then.")
    return GONE


if __name__ == "__main__":
    sys.exit(main())
