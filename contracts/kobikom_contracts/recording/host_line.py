"""Replaces the Host line of each request in a stream; every other byte stays."""

from __future__ import annotations

import re

from kobikom_contracts.recording.framing import Message

_HOST = re.compile(rb"(?im)^(host[ \t]*:[ \t]*)[^\r\n]*")


class HostLine:
    """A stream of requests whose Host header becomes ``host``; a request without one stays without."""

    def __init__(self, host: str) -> None:
        self._host = host.encode("latin-1")
        self._message = Message(most_body=0)
        self._held: bytes | None = b""
        """The beginning of a message whose head is not complete yet; None behind a head."""
        self._raw = False

    def feed(self, data: bytes) -> bytes:
        """The bytes to pass on: a head is held until its end, everything else goes on at once."""
        result = b""
        while data and not self._raw:
            surplus = self._message.feed(data)
            result += self._passed(data[: len(data) - len(surplus)])
            data = surplus
            if self._message.complete:
                self._message, self._held = Message(most_body=0), b""
            elif self._message.unreadable:
                self._raw = True
        return result + data

    def end(self) -> bytes:
        """What was held when the stream ended."""
        held, self._held = self._held or b"", b""
        return held

    def _passed(self, data: bytes) -> bytes:
        if self._held is None:
            return data
        held = self._held + data
        if not self._message.has_head and not self._message.unreadable:
            self._held = held
            return b""
        self._held = None
        end = self._message.head_end
        return _HOST.sub(lambda line: line[1] + self._host, held[:end]) + held[end:]
