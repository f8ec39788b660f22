"""Replaces the Host line of each request in a stream; every other byte stays."""

from __future__ import annotations

import re

from kobikom_contracts.recording.framing import Message

_HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)[^\r\n]*")


class HostLine:
    """A stream of requests whose Host header becomes ``host``; a request without one stays without."""

    def __init__(self, host: str) -> None:
        self._host = host.encode("latin-1")
        self._message = Message()
        self._passed = 0
        """Octets of the message that were handed out."""
        self._raw = False

    def feed(self, data: bytes) -> bytes:
        """The bytes to pass on: a head is held until its end, everything else goes on at once."""
        result = b""
        while data and not self._raw:
            data = self._message.feed(data)
            result += self._ready()
            if self._message.complete:
                self._message, self._passed = Message(), 0
            elif self._message.unreadable:
                self._raw = True
        return result + data

    def end(self) -> bytes:
        """What was held when the stream ended."""
        held = bytes(self._message.raw[self._passed :])
        self._passed = len(self._message.raw)
        return held

    def _ready(self) -> bytes:
        message = self._message
        if not message.has_head and not message.unreadable:
            return b""
        ready = bytes(message.raw[self._passed :])
        if message.has_head and self._passed == 0:
            head = _HOST.sub(lambda line: line[1] + self._host, ready[: message.head_end])
            ready = head + ready[message.head_end :]
        self._passed = len(message.raw)
        return ready
