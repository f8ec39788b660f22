"""Posts delivery reports over HTTP.

By default only to loopback and private networks, so that a fake cannot be used against anybody else. A name is resolved
once, the connection goes to the address that was checked, and redirects are not followed.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from types import SimpleNamespace
from typing import Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kobikom_emulator.phrases import Phrase
from kobikom_emulator.ports import PushResponse, PushResult

Allowed = Literal["private", "any", "none"]

_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


class Forbidden(Exception):
    """The address may not be pushed to; `why` says it in words."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def is_private(address: str) -> bool:
    """Loopback or private network; link-local ones (where clouds keep their metadata) are not."""
    parsed = ip_address(address.partition("%")[0])
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in _PRIVATE)


class _GuardedResolver(AbstractResolver):
    """Resolves names, and refuses every address outside what is allowed."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        loop = asyncio.get_running_loop()
        addresses = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results: list[ResolveResult] = []
        for address_family, _, proto, _, address in addresses:
            ip = str(address[0])
            if not is_private(ip):
                raise Forbidden(Phrase("{host} is {address}, neither loopback nor private", host=host, address=ip))
            results.append(
                ResolveResult(hostname=host, host=ip, port=port, family=address_family, proto=proto, flags=0)
            )
        return results

    async def close(self) -> None:
        return None


Headers = list[tuple[str, str]]

RESPONSE_KEPT = 64 * 1024
"""Bytes of a receiver's answer that are read."""


async def _note_headers(
    _: aiohttp.ClientSession, context: SimpleNamespace, sent: aiohttp.TraceRequestHeadersSentParams
) -> None:
    """Tell `HttpPusher.push` the headers that went out, those that aiohttp adds included."""
    context.trace_request_ctx[:] = [(str(name), value) for name, value in sent.headers.items()]


async def _received(response: aiohttp.ClientResponse) -> PushResponse:
    """The head and the beginning of the body, as far as it arrives within the time-out."""
    body = bytearray()
    complete = False
    try:
        while len(body) < RESPONSE_KEPT and not complete:
            body += await response.content.read(RESPONSE_KEPT - len(body))
            complete = response.content.at_eof()
    except (TimeoutError, aiohttp.ClientError, OSError):
        complete = False
    if not complete:
        response.close()  # or its connection would be kept for the rest of the body
    headers = tuple((str(name), value) for name, value in response.headers.items())
    return PushResponse(response.status, headers, bytes(body), complete)


class HttpPusher:
    """`ports.Pusher` over aiohttp; the session is made with the first push."""

    def __init__(self, *, allowed: Allowed = "private", timeout: float = 10.0, content_type: str) -> None:
        self._allowed = allowed
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._headers = {"Content-Type": content_type, "User-Agent": "kobikom-emulator"}
        self._session: aiohttp.ClientSession | None = None

    async def push(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> PushResult:
        """One POST. The answer's status decides; of its body only the beginning is read."""
        sent: Headers = []
        try:
            target = self._target(url)
            async with self._client().post(
                target,
                data=body,
                headers={**self._headers, **(headers or {})},
                allow_redirects=False,
                timeout=self._timeout,
                trace_request_ctx=sent,
            ) as response:
                return PushResult(await _received(response), headers=self._headers_of(sent))
        except Forbidden as forbidden:
            return PushResult(error=forbidden.why, refused=True, headers=self._headers_of(sent))
        except TimeoutError:
            return PushResult(
                error=Phrase("no answer within {seconds} s", seconds=self._timeout.total or 0.0),
                headers=self._headers_of(sent),
            )
        except (aiohttp.ClientError, OSError, ValueError) as error:
            cause = error.__cause__ or error
            if isinstance(cause, Forbidden):
                return PushResult(error=cause.why, refused=True, headers=self._headers_of(sent))
            return PushResult(error=str(error) or type(error).__name__, headers=self._headers_of(sent))

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
        if any(character <= " " or character == "\x7f" for character in url):
            raise Forbidden(Phrase("{url} is not a URL: it has blanks or control characters", url=repr(url[:80])))
        try:
            target = URL(url, encoded=True)
            host = target.host
        except ValueError as error:
            raise Forbidden(Phrase("{url} is not a URL: {error}", url=repr(url[:80]), error=str(error))) from None
        if target.scheme not in ("http", "https") or not host:
            raise Forbidden(Phrase("{url} is not an http or https URL", url=repr(url[:80])))
        if self._allowed == "none":
            raise Forbidden(Phrase("pushes are switched off"))
        if self._allowed == "private":
            try:
                private = is_private(host)
            except ValueError:
                if host.replace(".", "").isdigit():  # 2130706433, 127.1: addresses that are not given to a resolver
                    raise Forbidden(Phrase("{host} is not an address in its usual form", host=host)) from None
                return target  # a name: the resolver checks its addresses
            if not private:
                raise Forbidden(Phrase("{host} is neither loopback nor private", host=host))
        return target

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = _GuardedResolver() if self._allowed == "private" else None
            tracing = aiohttp.TraceConfig()
            tracing.on_request_headers_sent.append(_note_headers)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False),
                auto_decompress=False,
                trace_configs=[tracing],
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
