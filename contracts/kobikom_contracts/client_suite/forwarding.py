"""Has another server answer a request."""

from __future__ import annotations

import asyncio
import http.client
from urllib.parse import urlsplit

from kobikom_contracts.client_suite.http_values import NOTHING, Ending, Received, Reply
from kobikom_contracts.client_suite.scripted_server import Script
from kobikom_contracts.core.verdicts import CannotRun

_BY_HOP = frozenset({"connection", "keep-alive", "proxy-connection", "transfer-encoding", "expect", "host"})
_UPSTREAM_TIME = 60.0


def check_url(upstream: str) -> None:
    """Raise :class:`CannotRun` unless this is the URL of a server."""
    try:
        at = urlsplit(upstream)
        valid = at.scheme in ("http", "https") and bool(at.hostname) and (at.port is None or at.port > 0)
    except ValueError:
        valid = False
    if not valid:
        raise CannotRun(f"{upstream!r} is not an http or https URL")


def forward(upstream: str) -> Script:
    """A script that has another server answer; 502 where that cannot be reached, and no answer where it gives none."""
    at = urlsplit(upstream)
    connection_type = http.client.HTTPSConnection if at.scheme == "https" else http.client.HTTPConnection
    base = at.path.rstrip("/")

    def exchange(request: Received) -> Reply:
        headers = {name: value for name, value in request.headers if name.lower() not in _BY_HOP}
        headers["Content-Length"] = str(len(request.body))
        connection = connection_type(at.hostname or "", at.port, timeout=_UPSTREAM_TIME)
        try:
            connection.request(request.method or "GET", base + (request.target or "/"), request.body, headers)
            return _passed_on(connection.getresponse())
        except (http.client.HTTPException, ValueError):
            return NOTHING
        except OSError as error:
            text = f"the proxy cannot reach {at.netloc}: {error}".encode()
            return _reply("HTTP/1.1 502 Bad Gateway", [("Content-Length", str(len(text)))], text)
        finally:
            connection.close()

    return lambda request: asyncio.to_thread(exchange, request)


def _passed_on(answer: http.client.HTTPResponse) -> Reply:
    try:
        body = answer.read()
    except http.client.IncompleteRead as cut:
        body = cut.partial
    headers = [(name, value) for name, value in answer.getheaders() if name.lower() not in _BY_HOP]
    if answer.getheader("Content-Length") is None:
        headers.append(("Content-Length", str(len(body))))
    return _reply(f"HTTP/1.1 {answer.status} {answer.reason}", headers, body)


def _reply(status: str, headers: list[tuple[str, str]], body: bytes) -> Reply:
    lines = [status, *(f"{name}: {value}" for name, value in headers), "Connection: close"]
    return Reply("\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + body, Ending.CLOSE)
