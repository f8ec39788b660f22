"""Pushes delivery reports to a client's receiver, as a server does (S-19)."""

from __future__ import annotations

import http.client
import time
from urllib.parse import urlsplit

from kobikom_contracts.transcript import Exchange

ACKNOWLEDGED = range(200, 300)


class Unreceived(Exception):
    """A push that was not answered at all; the text says why."""


def push(url: str, body: bytes, seconds: float) -> tuple[int, Exchange]:
    """POST a report; the status of the answer, and what went over the wire. Raises :class:`Unreceived`."""
    at = urlsplit(url)
    target = (at.path or "/") + (f"?{at.query}" if at.query else "")
    started = time.monotonic()
    try:
        connection = http.client.HTTPConnection(at.hostname or "", at.port or 80, timeout=seconds)
        try:
            connection.request("POST", target, body, {"Content-Type": "text/xml; charset=UTF-8"})
            answer = connection.getresponse()
            received = answer.read()
        finally:
            connection.close()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreceived(f"{type(error).__name__}: {error}") from None
    sent = f"POST {target} HTTP/1.1\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
    head = f"HTTP/1.1 {answer.status} {answer.reason}\r\n\r\n".encode()
    return answer.status, Exchange(sent, head + received, time.monotonic() - started)
