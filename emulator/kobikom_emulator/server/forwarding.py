"""What a proxy in front of the server adds to a request: a base path, and the headers X-Forwarded-…"""

from __future__ import annotations

from asyncio import BaseTransport
from collections.abc import Collection, Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from multidict import CIMultiDict

HEADERS = ("X-Forwarded-Prefix", "X-Forwarded-Host", "X-Forwarded-Proto")


class Forwarding:
    """`base_path` is the path below which a proxy shows the server; `trusted` are the addresses and networks of proxies
    whose headers are believed.
    """

    def __init__(self, *, base_path: str = "", trusted: Collection[str] = ()) -> None:
        self.base_path = base_path
        self._trusted = tuple(ip_network(proxy, strict=False) for proxy in trusted)

    def below_base(self, path: str) -> str:
        """A path without the base path, which a proxy may have taken off already."""
        base = self.base_path
        if base and (path == base or path.startswith(base + "/")):
            return path.removeprefix(base) or "/"
        return path

    def believed(self, headers: Mapping[str, str], transport: BaseTransport | None) -> Mapping[str, str]:
        """The headers of a request, without those of a proxy that is not trusted."""
        if not any(name in headers for name in HEADERS) or self._is_trusted(transport):
            return headers
        kept = cast("CIMultiDict[str]", headers).copy()
        for name in HEADERS:
            kept.popall(name, None)
        return kept

    def _is_trusted(self, transport: BaseTransport | None) -> bool:
        peer = None if transport is None else transport.get_extra_info("peername")
        if not self._trusted or not isinstance(peer, tuple):
            return False
        address = ip_address(str(peer[0]).partition("%")[0])
        if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        return any(address in network for network in self._trusted)
