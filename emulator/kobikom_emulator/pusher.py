"""Posts delivery reports over HTTP, to addresses that may be posted to.

By default only loopback and private networks: a fake must not be turned on strangers. The address is resolved once
and that very address connected to, redirects are not followed.
"""

from __future__ import annotations

import asyncio
import socket
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Literal

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from kobikom_emulator.ports import PushResult

Allowed = Literal["private", "any", "none"]

_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(each) for each in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)


class Forbidden(Exception):
    """The address may not be pushed to; the message says why."""


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
        found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, family=family)
        results: list[ResolveResult] = []
        for each_family, _, proto, _, address in found:
            ip = str(address[0])
            if not is_private(ip):
                raise Forbidden(f"{host} is {ip}, neither loopback nor private")
            results.append(ResolveResult(hostname=host, host=ip, port=port, family=each_family, proto=proto, flags=0))
        return results

    async def close(self) -> None:
        return None


class HttpPusher:
    """`ports.Pusher` over aiohttp; the session is made with the first push."""

    def __init__(self, *, allowed: Allowed = "private", timeout: float = 10.0, content_type: str) -> None:
        self._allowed = allowed
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._headers = {"Content-Type": content_type, "User-Agent": "kobikom-emulator"}
        self._session: aiohttp.ClientSession | None = None

    async def push(self, url: str, body: bytes) -> PushResult:
        try:
            target = self._target(url)
            async with self._client().post(
                target, data=body, headers=self._headers, allow_redirects=False, timeout=self._timeout
            ) as response:
                delivered = 200 <= response.status < 300
                return PushResult(delivered, f"HTTP {response.status}")
        except Forbidden as forbidden:
            return PushResult(False, str(forbidden), refused=True)
        except TimeoutError:
            return PushResult(False, f"no answer within {self._timeout.total:g} s")
        except (aiohttp.ClientError, OSError, ValueError) as error:
            cause = error.__cause__ or error
            if isinstance(cause, Forbidden):
                return PushResult(False, str(cause), refused=True)
            return PushResult(False, str(error) or type(error).__name__)

    def _target(self, url: str) -> URL:
        try:
            target = URL(url)
            host = target.host
        except ValueError as error:
            raise Forbidden(f"{url[:80]!r} is no URL: {error}") from None
        if target.scheme not in ("http", "https") or not host:
            raise Forbidden(f"{url[:80]!r} is no http or https URL")
        if self._allowed == "none":
            raise Forbidden("pushes are switched off")
        if self._allowed == "private":
            try:
                private = is_private(host)
            except ValueError:
                if host.replace(".", "").isdigit():  # 2130706433, 127.1: an address that no resolver would be asked for
                    raise Forbidden(f"{host} is no address in its usual form") from None
                return target  # a name: the resolver judges what it stands for
            if not private:
                raise Forbidden(f"{host} is neither loopback nor private")
        return target

    def _client(self) -> aiohttp.ClientSession:
        if self._session is None:
            resolver = _GuardedResolver() if self._allowed == "private" else None
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(resolver=resolver, use_dns_cache=False), auto_decompress=False
            )
        return self._session

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None
