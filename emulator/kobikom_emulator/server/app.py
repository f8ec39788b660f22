"""Routes requests to the gateway and the control API, and answers plain HTTP errors (T-01, T-04, T-08, T-11)."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Coroutine, Mapping
from http import HTTPStatus
from typing import Any, Protocol

from kobikom_emulator.exchange import Answer, Transmission, WireRequest, without_text
from kobikom_emulator.gateway.gateway import Gateway
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.server.bad_request import BadRequest
from kobikom_emulator.server.connection import ConnectionLimits
from kobikom_emulator.server.forwarding import Forwarding
from kobikom_emulator.server.heads import Head
from kobikom_emulator.server.listener import Listener
from kobikom_emulator.server.reply import Pause, Streams
from kobikom_emulator.server.routes import Client, Resource, Route
from kobikom_emulator.server.shortage import Shortage, is_shortage

SEND = "/api/sendsms/xml"
PULL = "/api/sendsms/xml/pull"
CONTROL = "/_emulator"
SPACES = "/s/"

_log = logging.getLogger("kobikom_emulator.server")

_WRONG_PATH = Answer(
    (f"404: nothing here. The API: POST {SEND}/ and GET {PULL}. The emulator's own: {CONTROL}/health\n".encode(),),
    status=404,
)
_STOPPING = Answer((b"503: the server is stopping\n",), status=503)
_SHORTAGE = Answer((b"503: the server is out of memory or descriptors\n",), status=503)
_FAILURE = Answer((b"500: an error of the server\n",), status=500)
_UNSENT = Answer((), status=400, transmission=Transmission(drop=True))
"""The answer to bytes after a body: none, or the client would take it for that to its next request."""


class ControlHandler(Protocol):
    """Handler for everything under `/_emulator/`; injected by bootstrap."""

    async def answer(self, method: str, target: str, body: bytes, headers: Mapping[str, str]) -> Answer: ...


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
        limits: ConnectionLimits | None = None,
    ) -> None:
        self.streams: Streams = set()
        self._gateway = gateway
        self._control = control
        self._forwarding = forwarding or Forwarding()
        self._pause = pause
        self._pauses: set[asyncio.Future[None]] = set()
        self._stopping = False
        self._shortage = shortage or Shortage()
        self._limits = limits or ConnectionLimits()
        self._send_routes = {
            target: Route(Resource.SEND, gateway, target, gateway.max_body) for target in (SEND, f"{SEND}/")
        }
        """The routes of most requests, for speed."""

    def listener(self) -> Listener:
        """A protocol factory for `loop.create_server`; call it in the loop that will serve."""
        return Listener(self, self._limits)

    def end_delays(self) -> None:
        """Answer at once what fault rules delay, and end the streams: called when the server stops."""
        self._stopping = True
        for task in (*self._pauses, *self.streams):
            task.cancel()

    async def delay(self, seconds: float) -> None:
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

    # requests

    def route(self, head: Head) -> Route:
        """Where a request goes; wrong paths and methods are refused here."""
        if head.method == "POST" and head.target in self._send_routes:
            return self._send_routes[head.target]
        path, mark, query = _origin_form(head.target).partition("?")
        path = self._forwarding.below_base(path)
        target = path + mark + query
        gateway = self._gateway
        resource = _RESOURCES.get(path)
        if resource is None:
            if path == CONTROL or path.startswith(CONTROL + "/"):
                if head.method == "PUT" and path.rstrip("/").endswith("/state"):
                    return Route(Resource.CONTROL, gateway, target, gateway.max_state, "limits.max-state")
                return Route(Resource.CONTROL, gateway, target, gateway.max_body)
            if path == "/" and head.method in ("GET", "HEAD"):
                return self._answered(_root(head), target)
            if path == "/favicon.ico":
                return self._answered(_FAVICON, target)
            space_route = self._under_space(path)
            if space_route is None:
                expected = Phrase("{send}/ or {pull}", send=SEND, pull=PULL)
                return self._answered(self._record(head, _WRONG_PATH, expected=expected), target)
            resource, gateway = space_route
        allowed = "POST" if resource is Resource.SEND else "GET"
        if head.method != allowed:
            answer = _wrong_method(head.method, allowed)
            return self._answered(self._record(head, answer, expected=allowed, gateway=gateway), target)
        return Route(resource, gateway, target, gateway.max_body)

    def begin(self, head: Head, route: Route, body: bytes, client: Client) -> Coroutine[Any, Any, Answer]:
        """The operation that answers a complete request."""
        if route.kind is Resource.SEND:
            return route.gateway.post(_wire(head, route.target, body), client)
        if route.kind is Resource.PULL:
            return route.gateway.pull(_wire(head, route.target), client)
        return self._ask_control(head, route, body, client)

    async def _ask_control(self, head: Head, route: Route, body: bytes, client: Client) -> Answer:
        headers = self._forwarding.believed(head.fields.headers, client.transport)
        answer = await self._control.answer(head.method, route.target, body, headers)
        return _STOPPING if self._stopping and answer.stream is not None else answer

    def _answered(self, answer: Answer, target: str) -> Route:
        """The route of a request that is answered by its head; its body is read and thrown away."""
        return Route(Resource.NONE, self._gateway, target, self._gateway.max_body, answer=answer)

    def _under_space(self, path: str) -> tuple[Resource, Gateway] | None:
        """`/s/<space>/api/…`: the resource, and a gateway to the space named by the path."""
        if not path.startswith(SPACES):
            return None
        name, slash, rest = path.removeprefix(SPACES).partition("/")
        resource = _RESOURCES.get(slash + rest)
        gateway = self._gateway.within(name)
        return (resource, gateway) if resource is not None and gateway is not None else None

    # refusals: people look into the journal first

    def refuse(self, refusal: BadRequest, head: Head | None) -> Answer:
        """Refuse what is not HTTP/1.x; without a head where that is what is wrong."""
        # Without the quotation, which may hold a password or the control token.
        not_http = refusal.status == HTTPStatus.BAD_REQUEST
        _log.info("%s: %s", "not HTTP" if not_http else refusal.status, refusal.reason)
        prefix = "not HTTP/1.x: " if not_http else ""
        answer = Answer((f"{refusal.status}: {prefix}{refusal.reason}\n".encode(),), status=refusal.status)
        found = refusal.reason
        if refusal.quotation:
            found = Phrase("{reason}: {line}", reason=found, line=refusal.quotation)
        expected = "HTTP/1.x" if not_http else Phrase("a request within the limits")
        return self._record(head, answer, expected=expected, found=found)

    def refuse_too_large(self, head: Head, route: Route) -> Answer:
        """Refuse a body of more bytes than the cap (T-11)."""
        text = f"413: the body is over {route.cap} bytes, the setting {route.setting}\n"
        answer = Answer((text.encode(),), status=413)
        expected = Phrase("a body of at most {count} bytes", count=route.cap)
        return self._record(head, answer, expected=expected, found=Phrase("a longer one"))

    def refuse_incomplete(self, head: Head) -> Answer:
        """Refuse a request whose body ended early."""
        answer = Answer((b"400: the body is not complete\n",), status=400)
        expected, found = Phrase("a complete body"), Phrase("a connection that ended before")
        return self._record(head, answer, expected=expected, found=found)

    def record_longer_body(self, head: Head) -> None:
        """Write down that more bytes followed a body than its Content-Length says."""
        reason = Phrase("more bytes after the body than Content-Length says: it counts bytes, not characters")
        _log.info("%s", reason)
        expected = Phrase("a body of {count} bytes, as its Content-Length says", count=head.fields.length or 0)
        self._record(head, _UNSENT, expected=expected, found=reason)

    def failure(self, error: Exception) -> Answer:
        """The answer to a request that raised an exception, which is logged."""
        if is_shortage(error):
            self._shortage.log(error)
            return _SHORTAGE
        _log.error("error while a request was answered: %s", without_text(error))
        return _FAILURE

    def _record(
        self, head: Head | None, answer: Answer, *, expected: str, found: str = "", gateway: Gateway | None = None
    ) -> Answer:
        """Write a refusal to the journal; the answer with the space's time."""
        wire = WireRequest("", "") if head is None else _wire(head, head.target)
        return (gateway or self._gateway).record_http_refusal(wire, answer, expected=expected, found=found)


_RESOURCES = {
    SEND: Resource.SEND,
    SEND + "/": Resource.SEND,
    PULL: Resource.PULL,
    PULL + "/": Resource.PULL,
}


def _origin_form(target: str) -> str:
    """The path and query of a request target; proxies, and the vendor's page, send it in absolute form (T-01)."""
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


def _root(head: Head) -> Answer:
    """The page for browsers, a short text for programs."""
    if "text/html" not in head.fields.headers.get("Accept", ""):
        return _ROOT
    # Relative to the address that the browser asked for, whatever path a proxy put before it.
    _, _, last = _origin_form(head.target).partition("?")[0].rpartition("/")
    return Answer(
        (), status=302, headers={"Location": f"{last}{CONTROL}/" if last else f"{CONTROL}/".removeprefix("/")}
    )


def _wire(head: Head, target: str, body: bytes = b"") -> WireRequest:
    fields = head.fields
    return WireRequest(head.method, target, body, fields.content_type, fields.raw, time.perf_counter(), head.leniences)


def _wrong_method(method: str, allowed: str) -> Answer:
    return Answer(
        (f"405: {method} is not for this resource, {allowed} is\n".encode(),), status=405, headers={"Allow": allowed}
    )
