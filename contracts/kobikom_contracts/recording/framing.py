"""Finds where HTTP/1.x messages begin and end in a stream of bytes, and keeps every byte.

It judges nothing: what cannot be read is kept as it came.
"""

from __future__ import annotations

import re
from enum import Enum, auto

from kobikom_contracts.recording.exchanges import Headers

MOST_HEAD = 1 << 20

_REQUEST_LINE = re.compile(rb"(\S+) (\S.*|) ?(HTTP/1\.\d)\s*")
_STATUS_LINE = re.compile(rb"(HTTP/1\.\d) +(\d{3})(?: (.*))?", re.DOTALL)
_METHOD = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]*(?: |\Z)")
_CHUNK_SIZE = re.compile(rb"\s*([0-9A-Fa-f]{1,15})\s*(?:;.*)?\s*", re.DOTALL)


class _Phase(Enum):
    HEAD = auto()
    LENGTH = auto()
    CHUNK_SIZE = auto()
    CHUNK_END = auto()
    TRAILER = auto()
    UNTIL_CLOSE = auto()
    UNREADABLE = auto()
    COMPLETE = auto()


class Message:
    """One request or answer, read from any segmentation of its bytes.

    ``spans`` are the places of the body in ``raw``, without chunked framing. ``interim`` holds the 1xx statuses that
    came before an answer; their bytes are in ``raw`` too. ``answers_method`` is the method of the request that an
    answer belongs to. Of a body larger than ``most_body`` octets only so many are kept, and nothing behind them.
    """

    def __init__(self, *, answers_method: str | None = None, most_body: int | None = None) -> None:
        self.raw = bytearray()
        self.first_line: tuple[str, str, str] = ("", "", "")
        """Method, target and version of a request; version, status and reason of an answer."""
        self.headers: Headers = ()
        self.spans: list[tuple[int, int]] = []
        self.interim: tuple[int, ...] = ()
        self.head_start = self.head_end = 0
        self.answers_method = answers_method
        self._phase = _Phase.HEAD
        self._at = 0
        self._left = 0
        self._chunked = False
        self.left_out = 0
        """Octets that were read and not kept."""
        self._most_body = most_body
        self._body_octets = 0
        self._kept_to: int | None = None
        """The place behind the last octet that is kept, once there is one that is not."""

    @property
    def complete(self) -> bool:
        """Every byte of the message is there."""
        return self._phase is _Phase.COMPLETE

    @property
    def end(self) -> int:
        """The place in ``raw`` up to which it was read: behind a complete message, only appended bytes follow."""
        return self._at

    @property
    def unreadable(self) -> bool:
        """The bytes are not HTTP/1.x."""
        return self._phase is _Phase.UNREADABLE

    @property
    def until_close(self) -> bool:
        """The end of the connection is the end of the message."""
        return self._phase is _Phase.UNTIL_CLOSE

    @property
    def has_head(self) -> bool:
        """The head was read as a whole."""
        return self.head_end > 0

    @property
    def body(self) -> bytes:
        """The body without chunked framing."""
        return b"".join(bytes(self.raw[start:end]) for start, end in self.spans)

    @property
    def kept(self) -> bytes:
        """The bytes as they came, up to the first that was left out."""
        return bytes(self.raw[: self._kept_to])

    def append(self, surplus: bytes) -> None:
        """Keep bytes that came behind the end of the message and are no message of their own."""
        if self._kept_to is None:
            self.raw += surplus
        else:
            self.left_out += len(surplus)

    def feed(self, data: bytes) -> bytes:
        """Take the next bytes; those behind the end of the message are returned."""
        if self.complete:
            return data
        self.raw += data
        while self._step():
            pass
        surplus = b""
        if self._phase is _Phase.COMPLETE:
            surplus = bytes(self.raw[self._at :])
            del self.raw[self._at :]
        self._leave_out()
        return surplus

    def _leave_out(self) -> None:
        """Forget what was read behind the last octet that is kept."""
        if self._kept_to is None and self._most_body is not None and self._body_octets > self._most_body:
            left = self._most_body
            for number, (start, end) in enumerate(self.spans):
                if end - start > left:
                    self._kept_to = start + left
                    self.spans[number:] = [(start, self._kept_to)]
                    break
                left -= end - start
        if self._kept_to is not None and self._at > self._kept_to:
            self.left_out += self._at - self._kept_to
            del self.raw[self._kept_to : self._at]
            self._at = self._kept_to

    def _step(self) -> bool:
        """Read one element of the framing; False when there is nothing more to read."""
        match self._phase:
            case _Phase.HEAD:
                return self._head()
            case _Phase.LENGTH:
                return self._length()
            case _Phase.CHUNK_SIZE | _Phase.CHUNK_END | _Phase.TRAILER:
                return self._chunk_line()
            case _Phase.UNTIL_CLOSE | _Phase.UNREADABLE:
                self._body(len(self.raw))
                return False
        return False

    def _body(self, end: int) -> None:
        """What lies between here and ``end`` belongs to the body."""
        if self._kept_to is not None:
            self._at = max(end, self._at)
        elif end > self._at:
            self._body_octets += end - self._at
            if self.spans and self.spans[-1][1] == self._at:
                self.spans[-1] = (self.spans[-1][0], end)
            else:
                self.spans.append((self._at, end))
            self._at = end

    def _head(self) -> bool:
        while self._at < len(self.raw) and self.raw[self._at] in b"\r\n":
            self._at += 1
        if self._at == len(self.raw):
            return False
        if not self._begins_like_http():
            return self._unreadable()
        end = _head_end(self.raw, self._at)
        if end < 0:
            return self._unreadable() if len(self.raw) - self._at > MOST_HEAD else False
        lines = re.split(rb"\r?\n", bytes(self.raw[self._at : end]).rstrip(b"\r\n"))
        first = self._first_line(lines[0])
        if first is None:
            return self._unreadable()
        self.head_start, self.head_end, self._at = self._at, end, end
        self.first_line = first
        self.headers = tuple(_header(line) for line in lines[1:] if line)
        return self._after_head()

    def _begins_like_http(self) -> bool:
        if self.answers_method is None:
            return _METHOD.match(self.raw, self._at) is not None
        start = bytes(self.raw[self._at : self._at + 7])
        return b"HTTP/1.".startswith(start)

    def _unreadable(self) -> bool:
        self._at, self._phase = 0, _Phase.UNREADABLE
        self.spans = []
        return True

    def _first_line(self, line: bytes) -> tuple[str, str, str] | None:
        words = (_REQUEST_LINE if self.answers_method is None else _STATUS_LINE).fullmatch(line)
        if words is None:
            return None
        first, second, third = ((word or b"").decode("latin-1") for word in words.groups())
        return first, second.rstrip(" "), third

    def _after_head(self) -> bool:
        values = {name.lower(): value for name, value in reversed(self.headers)}
        if self.answers_method is not None:
            status = int(self.first_line[1])
            if status < 200 and status != 101:
                self.interim += (status,)
                self.head_end = 0
                return True
            if self.answers_method == "HEAD" or status in (204, 304):
                self._phase = _Phase.COMPLETE
                return False
            if status == 101:
                self._phase = _Phase.UNTIL_CLOSE
                return True
        if b"chunked" in values.get(b"transfer-encoding", b"").lower():
            self._phase, self._chunked = _Phase.CHUNK_SIZE, True
        elif re.fullmatch(rb"[0-9]{1,18}", length := values.get(b"content-length", b"")):
            self._phase, self._left = _Phase.LENGTH, int(length)
        elif self.answers_method is not None:
            self._phase = _Phase.UNTIL_CLOSE
        else:
            self._phase = _Phase.COMPLETE
        return True

    def _length(self) -> bool:
        end = min(len(self.raw), self._at + self._left)
        self._left -= end - self._at
        self._body(end)
        if self._left:
            return False
        self._phase = _Phase.CHUNK_END if self._chunked else _Phase.COMPLETE
        return True

    def _chunk_line(self) -> bool:
        end = self.raw.find(b"\n", self._at) + 1
        if not end:
            return False
        line, self._at = bytes(self.raw[self._at : end]), end
        match self._phase:
            case _Phase.CHUNK_END:
                self._phase = _Phase.CHUNK_SIZE
            case _Phase.TRAILER:
                if not line.strip():
                    self._phase = _Phase.COMPLETE
            case _:
                size = _CHUNK_SIZE.fullmatch(line)
                if size is None:  # nobody knows where this message ends
                    self._at -= len(line)
                    self._phase = _Phase.UNTIL_CLOSE
                elif int(size[1], 16):
                    self._phase, self._left = _Phase.LENGTH, int(size[1], 16)
                else:
                    self._phase = _Phase.TRAILER
        return True


def _head_end(raw: bytearray, start: int) -> int:
    """The place behind the blank line that ends a head; -1 when it is not there."""
    ends = [at + len(mark) for mark in (b"\n\r\n", b"\n\n") if (at := raw.find(mark, start)) >= 0]
    return min(ends, default=-1)


def _header(line: bytes) -> tuple[bytes, bytes]:
    name, _, value = line.partition(b":")
    return name.strip(), value.strip(b" \t\r")
