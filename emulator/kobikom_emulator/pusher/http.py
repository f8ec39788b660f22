"""`ports.Pusher` over HTTP.

By default it posts only to loopback and private networks, so that a fake cannot be used against anybody else, and never
to the server's own addresses. A name is resolved for each push, the connection goes to the addresses that were checked,
and redirects are not followed.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
import threading
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any, Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kobikom_emulator.domain.push_urls import push_url_problem
from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PushResponse, PushResult
from kobikom_emulator.pusher.addresses import OwnAddresses, is_private

Allowed = Literal["private", "any", "none"]


class Forbidden(Exception):
    """The address may not be pushed to; `why` says it in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class _Rules:
    """Which addresses may be connected to."""

    def __init__(self, allowed: Allowed, own: OwnAddresses) -> None:
        self.allowed = allowed
        self._own = own

    def check(self, address: str, port: int, *, name: str = "") -> None:
        """`Forbidden` where a push may not go to an address; `name` is what it was resolved from."""
        host = Phrase("{name} ({address})", name=name, address=address) if name else address
        if self._own.include(address, port):
            raise Forbidden(Phrase("{host} with port {port} is the emulator itself", host=host, port=str(port)))
        if self.allowed == "private" and not is_private(address):
            if name:
                raise Forbidden(Phrase("{host} is {address}, neither loopback nor private", host=name, address=address))
            raise Forbidden(Phrase("{host} is neither loopback nor private", host=address))


async def _looked_up(host: str, port: int, family: socket.AddressFamily) -> list[tuple[Any, ...]]:
    """What `getaddrinfo` says of a name, looked up in a thread of its own: a name server that does not answer then
    holds up neither the other look-ups nor the end of the process.
    """
    loop = asyncio.get_running_loop()
    future: asyncio.Future[list[tuple[Any, ...]]] = loop.create_future()

    def tell(answer: list[tuple[Any, ...]] | Exception) -> None:
        if future.done():
            return
        if isinstance(answer, Exception):
            future.set_exception(answer)
        else:
            future.set_result(answer)

    def look_up() -> None:
        answer: list[tuple[Any, ...]] | Exception
        try:
            answer = [*socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)]
        except (OSError, UnicodeError) as error:
            answer = error
        with contextlib.suppress(RuntimeError):  # the loop is closed already
            loop.call_soon_threadsafe(tell, answer)

    try:
        threading.Thread(target=look_up, name="kobikom-emulator look-up", daemon=True).start()
    except RuntimeError as error:  # there are too many
        raise OSError(errno.EAGAIN, str(error)) from None
    return await future


class _GuardedResolver(AbstractResolver):
    """Resolves names, and refuses one that has an address that may not be pushed to."""

    def __init__(self, rules: _Rules) -> None:
        self._rules = rules

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        addresses = await _looked_up(host, port, family)
        results: list[ResolveResult] = []
        for address_family, _, proto, _, address in addresses:
            ip = str(address[0])
            self._rules.check(ip, port, name=host)
            results.append(
                ResolveResult(hostname=host, host=ip, port=port, family=address_family, proto=proto, flags=0)
            )
        return results

    async def close(self) -> None:
        return None


def is_ip_literal(host: str) -> bool:
    """Whether aiohttp connects to a host without asking the resolver: one with a colon, or of digits and points."""
    return ":" in host or host.replace(".", "").isdigit()


Headers = list[tuple[str, str]]

RESPONSE_KEPT = 64 * 1024
"""Bytes of a receiver's answer that are read."""


async def _note_headers(
    _: aiohttp.ClientSession, context: SimpleNamespace, sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    """Tell `HttpPusher.push` the headers that went out, those that aiohttp adds included."""
    context.trace_request_ctx[:] = [(str(name), value) for name, value in sent.headers.items()]


class _Body:
    """The body of a receiver's answer, of which only the beginning is read."""

    def __init__(self, response: aiohttp.ClientResponse, head: PushResponse, timeout: float) -> None:
        self._response = response
        self._head = head
        self._timeout = timeout

    async def read(self) -> PushResponse:
        """The answer with as much of its body as arrives within the time-out."""
        response, body, cut = self._response, bytearray(), ""
        try:
            while len(body) < RESPONSE_KEPT and not response.content.at_eof():
                body += await response.content.read(RESPONSE_KEPT - len(body))
        except TimeoutError:
            cut = Phrase("the body was not complete within {seconds} s", seconds=self._timeout)
        except (aiohttp.ClientError, OSError):
            cut = Phrase("the connection ended before the body was complete")
        finally:
            complete = not cut and response.content.at_eof()
            if complete:
                response.release()
            else:
                response.close()  # or its connection would be kept for the rest of the body
        return PushResponse(self._head.status, self._head.headers, bytes(body), complete, cut)


class HttpPusher:
    """`ports.Pusher` over aiohttp; the session is made with the first push. `own` are the server's own addresses."""

    def __init__(
        self,
        *,
        allowed: Allowed = "private",
        timeout: float = 10.0,
        content_type: str,
        own: OwnAddresses | None = None,
    ) -> None:
        self._rules = _Rules(allowed, own or OwnAddresses())
        self._seconds = timeout
        self._headers = {"Content-Type": content_type, "User-Agent": "kobikom-emulator"}
        self._session: aiohttp.ClientSession | None = None

    async def push(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> PushResult:
        """One POST, until the head of the answer is there: its status decides."""
        sent: Headers = []
        try:
            target = self._target(url)
            response = await self._client().post(
                target,
                data=body,
                headers={**self._headers, **(headers or {})},
                allow_redirects=False,
                trace_request_ctx=sent,
            )
        except Forbidden as forbidden:
            return PushResult(error=forbidden.why, refused=True, headers=self._headers_of(sent))
        except TimeoutError:
            error = Phrase("no answer within {seconds} s", seconds=self._seconds)
            return PushResult(error=error, headers=self._headers_of(sent))
        except MemoryError:
            return PushResult(error=Phrase("out of memory"), headers=self._headers_of(sent))
        except (aiohttp.ClientError, OSError, ValueError) as problem:
            cause = problem.__cause__ or problem
            if isinstance(cause, Forbidden):
                return PushResult(error=cause.why, refused=True, headers=self._headers_of(sent))
            return PushResult(error=str(problem) or type(problem).__name__, headers=self._headers_of(sent))
        head = PushResponse(
            response.status, tuple((str(name), value) for name, value in response.headers.items()), complete=False
        )
        return PushResult(head, headers=self._headers_of(sent), rest=_Body(response, head, self._seconds).read)

    def _headers_of(self, sent: Headers) -> tuple[tuple[str, str], ...]:
        """The headers as they were sent; where nothing was, those that are the same in every push."""
        return tuple(sent or self._headers.items())

    def address_problem(self, url: str) -> str:
        try:
            self._target(url)
        except Forbidden as forbidden:
            return forbidden.why
        return ""

    def _target(self, url: str) -> URL:
        """The address as aiohttp takes it: requested byte for byte, nothing in it is encoded or decoded (S-19)."""
        if problem := push_url_problem(url):
            raise Forbidden(problem)
        try:
            target = URL(url, encoded=True)
            host, port = target.host or "", target.port or 0
        except ValueError as error:
            raise Forbidden(Phrase("{url} is not a URL: {error}", url=repr(url[:80]), error=str(error))) from None
        if self._rules.allowed == "none":
            raise Forbidden(Phrase("pushes are switched off"))
        if is_ip_literal(host):
            try:
                self._rules.check(host, port)
            except ValueError:  # 2130706433, 127.1
                raise Forbidden(Phrase("{host} is not an address in its usual form", host=host)) from None
        return target

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            tracing = aiohttp.TraceConfig()
            tracing.on_request_headers_sent.append(_note_headers)
            self._session = aiohttp.ClientSession(
                # How many pushes are under way at one time is limited where they are begun.
                connector=aiohttp.TCPConnector(
                    resolver=_GuardedResolver(self._rules), use_dns_cache=False, limit=0, keepalive_timeout=5
                ),
                timeout=aiohttp.ClientTimeout(total=self._seconds),
                cookie_jar=aiohttp.DummyCookieJar(),  # a receiver's cookies are not for the next one
                auto_decompress=False,
                trace_configs=[tracing],
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
