"""Routes requests to the gateway and the control API, and answers plain HTTP errors (T-01, T-04, T-08, T-11).

It uses `aiohttp`'s low-level server without its router: the vendor has two resources.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import NamedTuple, Protocol, cast
from urllib.parse import quote_from_bytes

from aiohttp import web
from aiohttp.web_request import BaseRequest

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.connection import Connection, Listener
from kobikom_emulator.server.forwarding import Forwarding
from kobikom_emulator.server.reply import Pause, Reply, Streams
from kobikom_emulator.server.shortage import Shortage

SEND = "/api/sendsms/xml"
PULL = "/api/sendsms/xml/pull"
CONTROL = "/_emulator"
SPACES = "/s/"

MAX_TARGET = 64 * 1024
"""Bytes of a request line: a pull may name some thousands of messages (R-04). Longer ones are answered with 400."""

_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"

_WRONG_PATH = Answer(
    (f"404: nothing here. The API: POST {SEND}/ and GET {PULL}. The emulator's own: {CONTROL}/health\n".encode(),),
    status=404,
)


_STOPPING = Answer((b"503: the server is stopping\n",), status=503)


class ControlHandler(Protocol):
    """Handler for everything under `/_emulator/`; injected by bootstrap."""

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


class _TooLarge(Exception):
    """The body is larger than the limit."""


class _Route(NamedTuple):
    """The resource of a request, and the gateway to the space that its path names."""

    resource: str
    gateway: Gateway


class HttpServer:
    """Answers every request of the server."""

    def __init__(
        self,
        gateway: Gateway,
        control: ControlHandler,
        *,
        forwarding: Forwarding | None = None,
        pause: Pause = asyncio.sleep,
        shortage: Shortage | None = None,
        idle_timeout: float = 75.0,
    ) -> None:
        self._gateway = gateway
        self._control = control
        self._forwarding = forwarding or Forwarding()
        self._pause = pause
        self._pauses: set[asyncio.Future[None]] = set()
        self._streams: Streams = set()
        self._stopping = False
        self._shortage = shortage or Shortage()
        self._idle_timeout = idle_timeout

    def listener(self) -> web.Server:
        """A protocol factory for `loop.create_server`; call it in the loop that will serve."""
        # Compressed bodies are not decompressed: the API does not document them, and a small one can be huge (T-11).
        return Listener(
            self._handle,
            not_http=self._record_not_http,
            shortage=self._shortage,
            idle_timeout=self._idle_timeout,
            access_log=None,
            auto_decompress=False,
            lingering_time=5.0,
            max_line_size=MAX_TARGET,
        )

    def end_delays(self) -> None:
        """Answer at once what fault rules delay, and end the streams: called when the server stops."""
        self._stopping = True
        for task in (*self._pauses, *self._streams):
            task.cancel()

    async def _delay(self, seconds: float) -> None:
        """The pause that a fault rule asks for, ended early by `end_delays`."""
        if self._stopping:
            return
        pause = asyncio.ensure_future(self._pause(seconds))
        self._pauses.add(pause)
        try:
            await asyncio.wait([pause])
        finally:
            self._pauses.discard(pause)
            pause.cancel()

    async def _handle(self, request: BaseRequest) -> web.StreamResponse:
        cast("Connection", request.protocol).settle(request.content)
        try:
            answer = await self._answer(request)
        except _TooLarge:
            cap, setting = self._cap(request)
            answer = Answer((f"413: the body is over {cap} bytes, the setting {setting}\n".encode(),), status=413)
            answer = self._refuse(
                request,
                answer,
                expected=Phrase("a body of at most {count} bytes", count=cap),
                found=Phrase("a longer one"),
            )
        except ConnectionError:
            answer = Answer((b"400: the body is not complete\n",), status=400)
            answer = self._refuse(
                request, answer, expected=Phrase("a complete body"), found=Phrase("a connection that ended before")
            )
        if self._stopping and answer.stream is not None:
            answer = _STOPPING
        return Reply(answer, request, self._delay, self._streams)

    async def _answer(self, request: BaseRequest) -> Answer:
        path, *query = _origin_form(request.raw_path).partition("?")
        path, *_ = target = (self._forwarding.below_base(path), *query)
        resource = _RESOURCES.get(path)
        gateway = self._gateway
        if resource is None:
            if path == CONTROL or path.startswith(CONTROL + "/"):
                return await self._control.answer(
                    request.method,
                    "".join(target),
                    await self._body(request),
                    self._forwarding.believed(_headers(request), request.transport),
                )
            if path == "/" and request.method in ("GET", "HEAD"):
                return _root(request)
            if path == "/favicon.ico":
                return _FAVICON
            route = self._under_space(path)
            if route is None:
                return self._refuse(request, _WRONG_PATH, expected=Phrase("{send}/ or {pull}", send=SEND, pull=PULL))
            resource, gateway = route
        if resource == PULL:
            if request.method != "GET":
                return self._refuse(request, _wrong_method(request.method, "GET"), expected="GET", gateway=gateway)
            return await gateway.pull(_wire(request, "".join(target)), cast("Connection", request.protocol))
        if request.method != "POST":
            return self._refuse(request, _wrong_method(request.method, "POST"), expected="POST", gateway=gateway)
        body = await self._body(request)
        return await gateway.post(_wire(request, "".join(target), body), cast("Connection", request.protocol))

    def _refuse(
        self, request: BaseRequest, answer: Answer, *, expected: str, found: str = "", gateway: Gateway | None = None
    ) -> Answer:
        """Write a plain HTTP refusal to the journal, where people look first; returns the answer with its time."""
        wire = _wire(request, _ascii(request.raw_path))
        return (gateway or self._gateway).record_http_refusal(wire, answer, expected=expected, found=found)

    def _record_not_http(self, reason: str, answer: Answer) -> Answer:
        return self._gateway.record_http_refusal(WireRequest("", ""), answer, expected="HTTP/1.x", found=reason)

    def _under_space(self, path: str) -> _Route | None:
        """`/s/<space>/api/…`: the space named by the path."""
        if not path.startswith(SPACES):
            return None
        name, slash, rest = path.removeprefix(SPACES).partition("/")
        resource = _RESOURCES.get(slash + rest)
        gateway = self._gateway.within(name)
        return _Route(resource, gateway) if resource is not None and gateway is not None else None

    def _cap(self, request: BaseRequest) -> tuple[int, str]:
        """The most bytes a body may have, and the setting that says so; an imported state has its own."""
        path = self._forwarding.below_base(_origin_form(request.raw_path).partition("?")[0]).rstrip("/")
        if request.method == "PUT" and path.startswith(CONTROL + "/") and path.endswith("/state"):
            return self._gateway.max_state, "limits.max-state"
        return self._gateway.max_body, "limits.max-body"

    async def _body(self, request: BaseRequest) -> bytes:
        """The whole body; `_TooLarge` as soon as it is known to be larger than the limit."""
        cap, _ = self._cap(request)
        if (request.content_length or 0) > cap:
            raise _TooLarge
        if request.headers.get("Expect", "").lower() == "100-continue" and request.version >= (1, 1):
            transport = request.transport
            if transport is not None:
                transport.write(_CONTINUE)
        content = request.content
        chunks: list[bytes] = []
        size = 0
        while not content.at_eof():
            chunk = await content.readany()
            size += len(chunk)
            if size > cap:
                raise _TooLarge
            chunks.append(chunk)
        if (error := content.exception()) is not None:
            raise error
        return chunks[0] if len(chunks) == 1 else b"".join(chunks)


_ASCII = bytes(range(128))

_RESOURCES = {SEND: SEND, SEND + "/": SEND, PULL: PULL, PULL + "/": PULL}


def _origin_form(target: str) -> str:
    """The path and query of a request target; proxies, and the vendor's page, send it in absolute form (T-01)."""
    target = _ascii(target)
    if target[:1] == "/":
        return target
    _, separator, rest = target.partition("://")
    if not separator:
        return target
    _, slash, path = rest.partition("/")
    return slash + path


_ROOT = Answer(
    (
        f"kobikom-emulator, a fake of Kobikom's SMS API.\n"
        f"Send, titles, balance: POST {SEND}/\nReports: GET {PULL}\nPage: {CONTROL}/\n"
        f"Control API: {CONTROL}/openapi.json\n".encode(),
    )
)
_FAVICON = Answer((), status=302, headers={"Location": f"{CONTROL}/inbox/icon.svg".removeprefix("/")})


def _root(request: BaseRequest) -> Answer:
    """The page for browsers, a short text for programs."""
    if "text/html" not in request.headers.get("Accept", ""):
        return _ROOT
    # Relative to the address that the browser asked for, whatever path a proxy put before it.
    _, _, last = _origin_form(request.raw_path).partition("?")[0].rpartition("/")
    return Answer(
        (), status=302, headers={"Location": f"{last}{CONTROL}/" if last else f"{CONTROL}/".removeprefix("/")}
    )


def _ascii(target: str) -> str:
    """A target with its octets outside of ASCII percent-encoded (T-08)."""
    if target.isascii():
        return target
    return quote_from_bytes(target.encode("utf-8", "surrogateescape"), safe=_ASCII)


def _wire(request: BaseRequest, target: str, body: bytes = b"") -> WireRequest:
    return WireRequest(
        request.method, target, body, _content_type(request), tuple(request.raw_headers), time.perf_counter()
    )


def _content_type(request: BaseRequest) -> str:
    """The Content-Type with a character for each octet, as `_headers` has it."""
    content_type = request.headers.get("Content-Type", "")
    return content_type if content_type.isascii() else _headers(request)["Content-Type"]


def _headers(request: BaseRequest) -> Mapping[str, str]:
    """The head with a character for each octet (ISO 8859-1): aiohttp's own has half characters for octets that are no
    UTF-8, which nothing can write.
    """
    headers = request.headers
    if all([value.isascii() for value in headers.values()]):
        return headers
    octets = headers.copy()
    octets.clear()
    octets.extend([(name.decode("latin-1"), value.decode("latin-1")) for name, value in request.raw_headers])
    return octets


def _wrong_method(method: str, allowed: str) -> Answer:
    return Answer(
        (f"405: {method} is not for this resource, {allowed} is\n".encode(),), status=405, headers={"Allow": allowed}
    )
