"""The address by which a client knows the server: directly, or through a proxy."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlsplit

_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?", re.ASCII)
_PREFIX = re.compile(r"(?:/[\w.~%-]+)+", re.ASCII)


_NAMING = ("Host", "X-Forwarded-Host", "X-Forwarded-Prefix", "X-Forwarded-Proto")


class PublicAddress:
    """`base_url` is the server's own URL, `base_path` the path that a proxy puts before it, `public_url` the address
    that people see. The headers X-Forwarded-… that get here are those of trusted proxies.
    """

    def __init__(self, base_url: str, *, base_path: str = "", public_url: str = "") -> None:
        self._base_url = base_url
        self._base_path = base_path
        self._public_url = public_url
        self.host = urlsplit(public_url).netloc.lower()
        """Name and port of the public address; empty where it is not known."""

    def url(self, headers: Mapping[str, str]) -> str:
        """The server's URL as the client of a request knows it. Outside a container its own URL is of no use."""
        if self._public_url:
            return self._public_url if urlsplit(self._public_url).path else self._public_url + self._base_path
        if not any([name in headers for name in _NAMING]):
            return self._base_url + self._base_path
        own = urlsplit(self._base_url)
        scheme = _first(headers, "X-Forwarded-Proto").lower()
        scheme = scheme if scheme in ("http", "https") else own.scheme
        candidates = (_first(headers, "X-Forwarded-Host"), headers.get("Host", ""), own.netloc)
        host = next(host for host in candidates if _HOST.fullmatch(host))
        prefix = _first(headers, "X-Forwarded-Prefix").rstrip("/")
        return f"{scheme}://{host}{prefix if _PREFIX.fullmatch(prefix) else self._base_path}"

    def is_origin(self, origin: str, headers: Mapping[str, str]) -> bool:
        """Whether the origin of a page is this server, by one of the names that it has for the client."""
        try:
            named = urlsplit(origin).netloc.lower()
        except ValueError:
            return False
        return bool(named) and named in (
            headers.get("Host", "").strip().lower(),
            _first(headers, "X-Forwarded-Host").lower(),
            self.host,
        )


def _first(headers: Mapping[str, str], name: str) -> str:
    """The value of a header that each proxy adds to: the one of the proxy that the client sees."""
    return headers.get(name, "").partition(",")[0].strip()
