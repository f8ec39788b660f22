"""The paper server: which request means which operation, and a socket to ask it on.

It joins `httpd`, `dialect` and `world`, and holds no rule but the routes and the order of A-04.
"""

import asyncio
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, localcontext
from email.utils import format_datetime
from types import TracebackType
from typing import Self
from urllib.parse import parse_qsl, unquote

from . import dialect, httpd
from .dialect import Result
from .manner import PLAIN, Manner
from .orders import RefusedError, recipients_of
from .readings import PAPER, Readings
from .request_document import Node, UnreadableError, read
from .world import Account, Clock, World

SEND_PATH = "/api/sendsms/xml"
PULL_PATH = SEND_PATH + "/pull"


def real_clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)


class PaperServer:
    """A naive Kobikom on a loopback port: `async with PaperServer() as server: ... server.url`.

    `accounts`: the customers, by default one test/test. `clock`: returns an aware datetime.
    `readings`: what it does where the page can be understood in several ways. `manner`: how it writes
    the heads of its answers. `world`: what it knows, for tests that want to look inside.
    """

    def __init__(
        self,
        accounts: Iterable[Account] | None = None,
        clock: Clock = real_clock,
        *,
        port: int = 0,
        max_body: int = 10 * 1024 * 1024,
        max_recipients: int = 50_000,
        readings: Readings = PAPER,
        manner: Manner = PLAIN,
    ) -> None:
        self.readings = readings
        self.manner = manner
        self.world = World(
            (Account(),) if accounts is None else accounts, clock, max_recipients=max_recipients, readings=readings
        )
        self._clock = clock
        self._port = port
        self._max_body = max_body
        self._server: asyncio.Server | None = None
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def url(self) -> str:
        """`http://127.0.0.1:PORT`, while it listens."""
        assert self._server is not None, "not listening"
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._port, limit=httpd.HEAD_LIMIT)
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._connections:
            task.cancel()
        await asyncio.gather(*self._connections, return_exceptions=True)
        await self._server.wait_closed()
        self._server = None

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.get_running_loop().create_task(
            httpd.serve_connection(
                reader,
                writer,
                respond=self.respond,
                date=lambda: format_datetime(self._clock().astimezone(UTC), usegmt=True),
                max_body=self._max_body,
                manner=self.manner,
            )
        )
        self._connections.add(task)
        task.add_done_callback(self._connections.discard)

    def respond(self, request: httpd.Request) -> httpd.Response:
        """The answer to one request; refusals included it is HTTP 200 (T-08)."""
        # The page prints its request lines with the whole address (T-04).
        path, _, query = re.sub(r"^https?://[^/?]*", "", request.target).partition("?")
        path = unquote(path)
        if path in (SEND_PATH, SEND_PATH + "/"):
            if request.method != "POST":
                return httpd.plain(405, Allow="POST")
            answer = self._post(request.body, request.headers.get("content-type", ""))
        elif path in (PULL_PATH, PULL_PATH + "/"):
            if request.method != "GET":
                return httpd.plain(405, Allow="GET")
            answer = self._pull(query)
        else:
            return httpd.plain(404)
        return httpd.Response(200, answer, {"Content-Type": dialect.CONTENT_TYPES[self.readings.content_type]})

    def _post(self, body: bytes, content_type: str) -> bytes:
        """Send, titles and balance (T-01); a refusal is one empty result (A-05, A-06)."""
        try:
            root = read(body, content_type, self.readings)
        except UnreadableError:
            return self._refusal(-22, None)
        try:
            with localcontext() as context:
                context.prec, context.rounding = 60, ROUND_HALF_UP
                return self._operate(root)
        except UnreadableError:
            return self._refusal(-22, None)
        except RefusedError as refusal:
            return self._refusal(refusal.code, root)

    def _refusal(self, code: int, root: Node | None) -> bytes:
        """One empty result, or under `refusal-shape=per-recipient` one a number of a send (A-05, A-06)."""
        if root is None or root.name != "sms" or self.readings.refusal_shape == "single":
            return dialect.send_answer([Result(code)], self.readings)
        recipients = [one for block in root.all("mesajiniz") for one in recipients_of(block) if one.number]
        own = self.readings.choices.echo_refused_ids
        results = [Result(code, one.client_id if own else "", one.number) for one in recipients]
        return dialect.send_answer(results or [Result(code)], self.readings)

    def _operate(self, root: Node) -> bytes:
        if root.name not in ("sms", "basliklar", "bakiye"):
            raise UnreadableError(f"unknown root element {root.name}")
        login = next(root.all("dogrulama"), Node("dogrulama", {}))
        account = self.world.login(login.value("kullanici"), login.value("parola"))
        match root.name:
            case "basliklar":
                return dialect.titles_answer(account.titles, self.readings)
            case "bakiye":
                return dialect.balance_answer(self.world.balance(account), account.currency, self.readings)
            case _:
                return dialect.send_answer(self.world.send(account, root), self.readings)

    def _pull(self, query: str) -> bytes:
        """R-01; R-07: a refusal is the bare number."""
        asked: dict[str, str] = {}
        for name, value in parse_qsl(query, keep_blank_values=True):
            asked.setdefault(name.lower(), value)
        try:
            account = self.world.login(asked.get("kullanici", ""), asked.get("parola", ""), pulls=True)
        except RefusedError as refusal:
            return str(refusal.code if self.readings.pull_refusal == "negative" else -refusal.code).encode()
        named = asked.get("messageid")
        ids = None if named is None else frozenset(i.strip() for i in named.split(","))
        reports = self.world.pull(account, ids, asked.get("appid", "").strip())
        return dialect.reports_answer(reports, self.readings)
