"""Which addresses may be pushed to: loopback and private networks, and never those at which this server listens."""

from __future__ import annotations

import errno
import socket
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address

_PRIVATE: tuple[IPv4Network | IPv6Network, ...] = tuple(
    ip_network(network)
    for network in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)

_METADATA: tuple[IPv6Network, ...] = tuple(
    IPv6Network(network) for network in ("fd00:ec2::/32", "fd20:ce::/32", "fd00:42::/64")
)
"""Where Amazon, Google and Scaleway keep the metadata and credentials of a machine in private IPv6 space. The others
use 169.254.169.254 or another address that is not private.
"""


def parsed(address: str) -> Address:
    """An address without its zone, an IPv4 address that is written as IPv6 as IPv4; ValueError for anything else."""
    plain = ip_address(address.partition("%")[0])
    return getattr(plain, "ipv4_mapped", None) or plain


def is_private(address: str) -> bool:
    """Loopback or private network; the addresses where clouds keep their metadata are not."""
    plain = parsed(address)
    return any(plain in network for network in _PRIVATE) and not any(plain in network for network in _METADATA)


def is_loopback(address: str) -> bool:
    """Whether an address is reached from this machine alone."""
    return parsed(address).is_loopback


class OwnAddresses:
    """The addresses at which this server listens: its `ports` on every address of this machine, because which of them
    reach it depends on the machine's routes and forwarded ports.
    """

    def __init__(self, ports: Collection[int] = ()) -> None:
        self._ports = frozenset(ports)

    def include(self, address: str, port: int) -> bool:
        return port in self._ports and _is_of_this_machine(parsed(address))


def _is_of_this_machine(address: Address) -> bool:
    """Whether an address is one of this machine's: no socket can be bound to another one's."""
    if address.is_loopback or address.is_unspecified:
        return True
    family = socket.AF_INET if address.version == 4 else socket.AF_INET6
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as unconnected:
            unconnected.bind((str(address), 0))
    except OSError as error:
        return error.errno != errno.EADDRNOTAVAIL  # in doubt it is one
    return True
