"""Checks whether a request may use the control API: a page of another site in a browser may not, nor a push of this
server, and where a token is set the request must have it.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping
from ipaddress import ip_address

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.public_address import PublicAddress

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""

_KNOWN_NAMES = frozenset({"localhost", "host.docker.internal"})

HEADER = "X-Kobikom"
"""A header that says that a change is meant for this API, whatever its body is: `X-Kobikom: 1`."""

_JSON = "application/json"


class Guard:
    """Checks Host (against DNS rebinding), Origin and content type (against cross-site posts) and the token.

    A Host may be an IP address, localhost, a name without a dot (a service in a container network) or one of `hosts`.
    A change needs `Content-Type: application/json` or the header `X-Kobikom`: a page of another site cannot send either
    without asking first, and a delivery report that is pushed has neither.
    """

    def __init__(self, *, token: str = "", hosts: Collection[str] = (), address: PublicAddress | None = None) -> None:
        self._token = token
        self._address = address or PublicAddress("http://localhost")
        self._hosts = _KNOWN_NAMES | {host.lower() for host in hosts} | {host_name(self._address.host)} - {""}

    def check(self, method: str, headers: Mapping[str, str]) -> None:
        """`Problem` 403, 401 or 415 if this request may not be answered."""
        host = headers.get("Host", "")
        name = host_name(host)
        if not self._is_known(name):
            raise Problem(
                403,
                f"the control API does not answer to the host {name!r}; add it to control.hosts if it should",
                field="Host",
            )
        if method not in SAFE:
            self._check_page(headers)
        if self._token and not hmac.compare_digest(_bearer_token(headers), self._token.encode()):
            raise Problem(
                401,
                "the control API requires its token: Authorization: Bearer …",
                headers={"WWW-Authenticate": "Bearer"},
            )
        if method not in SAFE and HEADER not in headers and media_type(headers) != _JSON:
            raise Problem(
                415,
                f"{_named(media_type(headers))} changes nothing here: send Content-Type: {_JSON} (curl: --json) "
                f"or the header {HEADER}: 1 with every {method}, also without a body",
                field="Content-Type",
            )

    def _check_page(self, headers: Mapping[str, str]) -> None:
        """A browser says itself whether a page asks its own server, by the address that it sees: that also holds where
        a proxy changes the Host. Over plain HTTP only the Origin tells.
        """
        site, origin = headers.get("Sec-Fetch-Site"), headers.get("Origin")
        if site == "cross-site":
            raise Problem(403, "a page of another site may not change anything here", field="Sec-Fetch-Site")
        if origin is not None and site != "same-origin" and not self._address.is_origin(origin, headers):
            raise Problem(
                403,
                f"a page of {origin!r} may not change anything here; behind a proxy, set proxy.public-url to the "
                "address that people see",
                field="Origin",
            )

    def _is_known(self, name: str) -> bool:
        if not name or name in self._hosts or not {".", ":"} & set(name):
            return True
        try:
            ip_address(name)
        except ValueError:
            return name.endswith(".localhost")
        return True


def host_name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.rpartition(":")[0] if host.count(":") == 1 else host


def media_type(headers: Mapping[str, str]) -> str:
    """The media type of the Content-Type, without parameters; "" where there is none."""
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _named(content_type: str) -> str:
    return f"a request with Content-Type {content_type!r}" if content_type else "a request without Content-Type"


def _bearer_token(headers: Mapping[str, str]) -> bytes:
    """The octets of the token: a header has a character for each."""
    scheme, _, token = headers.get("Authorization", "").partition(" ")
    return token.strip().encode("latin-1", "replace") if scheme.lower() == "bearer" else b""
