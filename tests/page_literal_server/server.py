"""The page-literal server: one account, a clock that is moved by its owner, the standard library's HTTP."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as ET

from .documents import BALANCE, TITLES, Message, read, reports, results, results_as_printed

SEND_PATH = "/api/sendsms/xml/"
PULL_PATH = "/api/sendsms/xml/pull"
DELAY = re.compile(r"(\d+d)?(\d+h)?(\d+m)?(\d+s)?", re.ASCII)
UNITS = {"d": 86400, "h": 3600, "m": 60, "s": 1}


class PageLiteralServer:
    """A server that does what the page prints; ``credit`` pays for that many recipients.

    A wrong user name is -10 and a wrong password -11, as the list of codes says; whole amounts are
    written without places; a generated id has the ten digits of the page's only one. With ``grouped`` the
    point of an amount separates thousands, as it may in the page's 18.532; with ``as_printed`` later results
    are those of the page's second answer, which is not well-formed.
    """

    def __init__(self, *, credit: int, grouped: bool = False, as_printed: bool = False) -> None:
        self._grouped = grouped
        self._results = results_as_printed if as_printed else results
        self.now = datetime.fromisoformat("2026-03-05T07:04:04")
        self._credit = credit
        self._next_id = 1023012301
        self._waiting: list[Message] = []
        self._lock = threading.Lock()

    def let_pass(self, seconds: float) -> None:
        """Move the clock forward."""
        self.now += timedelta(seconds=seconds)

    @contextmanager
    def listening(self) -> Iterator[str]:
        """Its URL, on a free loopback port for as long as the block lasts."""
        literal = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                self._answer(literal.post(body) if urlsplit(self.path).path == SEND_PATH else None)

            def do_GET(self) -> None:
                self._answer(literal.pull(urlsplit(self.path).query) if urlsplit(self.path).path == PULL_PATH else None)

            def _answer(self, text: str | None) -> None:
                body = (text or "").encode()
                self.send_response(404 if text is None else 200)
                self.send_header("Content-Type", "text/csv;charset= UTF-8")
                self.send_header("Content-Length", str(len(body)))
                with suppress(ConnectionError):
                    self.end_headers()
                    self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Write nothing to standard error."""

        with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
            thread.start()
            try:
                yield f"http://127.0.0.1:{server.server_address[1]}"
            finally:
                server.shutdown()
                thread.join()

    def post(self, body: bytes) -> str:
        """The answer to a send, a title query or a balance query."""
        try:
            root = read(body)
        except (ET.ParseError, LookupError, ValueError):
            return results([(-22, "", "")])
        if root.findtext("dogrulama/kullanici", "").strip() != "test":
            return results([(-10, "", "")])
        if root.findtext("dogrulama/parola", "").strip() != "test":
            return results([(-11, "", "")])
        with self._lock:
            match root.tag:
                case "SMS":
                    return self._send(root)
                case "basliklar":
                    return TITLES
                case "bakiye":
                    return BALANCE.format(f"{self._credit:,}".replace(",", ".") if self._grouped else self._credit)
        return results([(-22, "", "")])

    def _send(self, root: ET.Element) -> str:
        rows: list[tuple[int, str, str]] = []
        seen: set[str] = set()
        for block in root.findall("mesajiniz"):
            delay = DELAY.fullmatch(block.findtext("ileriTarih", ""))
            if delay is None:
                return results([(-27, "", "")])
            seconds = sum(int(part[:-1]) * UNITS[part[-1]] for part in delay.groups("0s"))
            for gsm in block.findall("alicilar/gsm"):
                number, own = (gsm.text or "").strip(), gsm.get("messageId", "")
                if number:
                    code = -33 if own in seen else self._judge(number)
                    rows.append((code, self._accept(own, seconds) if code == 0 else own, number))
                    seen |= {own} - {""}
        return self._results(rows or [(-6, "", "")])

    def _judge(self, number: str) -> int:
        if not re.fullmatch(r"\+?[0-9]{8,15}", number):
            return -13
        return 0 if self._credit > 0 else -2

    def _accept(self, own_id: str, seconds: int) -> str:
        self._credit -= 1
        ident = own_id or str(self._next_id)
        self._next_id += 1
        self._waiting.append(Message(ident, bool(own_id), self.now, self.now + timedelta(seconds=max(seconds, 1))))
        return ident

    def pull(self, query: str) -> str:
        """The answer to a pull: a code, NO_DATA, or each report that has not been given."""
        asked = dict(parse_qsl(query))
        user, password = asked.get("kullanici"), asked.get("parola")
        if not user or not password:
            return "11" if user else "10"
        if (user, password) != ("test", "test"):
            return "5"
        named = asked["messageid"].split(",") if "messageid" in asked else None
        with self._lock:
            due = [m for m in self._waiting if m.done <= self.now and (named is None or m.id in named)]
            self._waiting = [m for m in self._waiting if m not in due]
        return reports(due)
