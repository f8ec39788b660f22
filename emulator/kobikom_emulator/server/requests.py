"""Turns the bytes that a client sends into requests, without a socket (T-04).

The requests are the same in whatever pieces the bytes come.
"""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from kobikom_emulator.server.bodies import Body, ChunkedBody, LengthBody
from kobikom_emulator.server.heads import Head, read_head, without_empty_lines
from kobikom_emulator.server.request_line import continues_body
from kobikom_emulator.server.routes import Route, Router


class Request(msgspec.Struct, frozen=True, gc=False):
    """A complete request, or one that is answered by its head (`route.answer`). Nothing is read after the `last`."""

    head: Head
    route: Route
    body: bytes = b""
    last: bool = False


class TooLarge(msgspec.Struct, frozen=True, gc=False):
    """A request whose body is larger than the limit. Nothing is read after it."""

    head: Head
    route: Route


class Expectation(msgspec.Struct, frozen=True, gc=False):
    """The client waits for 100 Continue before it sends the body of its request."""


class LongerBody(msgspec.Struct, frozen=True, gc=False):
    """The body of this request is longer than its Content-Length says. Nothing is read after it."""

    head: Head


class Unfinished(msgspec.Struct, frozen=True, gc=False):
    """There is more to read already, after others had their turn."""


Event: TypeAlias = Request | TooLarge | Expectation | LongerBody | Unfinished

_USUAL = (b"POST /", b"GET /")
"""How most requests begin, for speed."""

_EXPECTATION = Expectation()
_UNFINISHED = Unfinished()


class Requests:
    """The requests of one connection."""

    def __init__(self, router: Router, max_target: int) -> None:
        self.unread = b""
        """Bytes that were received and not read."""
        self._router = router
        self._max_target = max_target
        self._head: Head | None = None
        """The head of a request whose body is not complete; `_route` and `_body` are set with it."""
        self._route: Route
        self._body: Body
        self._sized: Head | None = None
        """The head of the last request if it had a Content-Length, until the next head."""

    @property
    def incomplete(self) -> Head | None:
        """The head of a request that waits for more of its body and is not answered yet."""
        return None if self._head is None or self._route.answer is not None else self._head

    @property
    def is_answered(self) -> bool:
        """Whether the rest of a body is read whose request was answered by its head."""
        return self._head is not None and self._route.answer is not None

    @property
    def in_head(self) -> bool:
        """Whether a part of a head was received."""
        return self._head is None and bool(self.unread)

    @property
    def may_go_on(self) -> bool:
        """Whether the client may be sending the rest of something."""
        return self._head is not None or bool(self.unread)

    def feed(self, data: bytes) -> None:
        self.unread = self.unread + data if self.unread else data

    def clear(self) -> None:
        """Forget what was not read, and a request whose body is not complete."""
        self.unread, self._head, self._sized = b"", None, None

    def next_event(self) -> Event | None:
        """What the bytes hold next; None if that is not complete. `BadRequest` if it is not HTTP/1.x: no more can be
        read then.
        """
        if not self.unread:
            return None
        return self._read_head() if self._head is None else self._read_body(self._head)

    @property
    def had_length(self) -> bool:
        """Whether the last request had a Content-Length, and no other followed."""
        return self._sized is not None

    def longer_body(self, *, at_end: bool = False) -> LongerBody | None:
        """What the unread bytes are if they are more of the last request's body; `at_end` says that no more follow."""
        rest = self.unread.lstrip(b"\r\n")
        if self._head is not None or self._sized is None or not rest:
            return None
        longer = continues_body(rest)
        return LongerBody(self._sized) if longer or (longer is None and at_end) else None

    def _read_head(self) -> Event | None:
        data = self.unread
        if data[0] in b"\r\n":
            data = self.unread = without_empty_lines(data)
            if not data or data == b"\r":
                return None
        if self._sized is not None and not data.startswith(_USUAL) and continues_body(data):
            return LongerBody(self._sized)
        head_and_end = read_head(data, self._max_target)
        if head_and_end is None:
            return None
        head, start = head_and_end
        fields = head.fields
        route = self._router.route(head)
        length = fields.length or 0
        end = start + length
        if not fields.chunked and length <= route.cap and len(data) >= end and not (length and head.expects_continue):
            self.unread = data[end:]
            self._sized = head if length else None
            return Request(head, route, data[start:end])
        self.unread = data[start:]
        self._sized = None
        return self._begin_body(head, route, length)

    def _begin_body(self, head: Head, route: Route, length: int) -> Event:
        """Prepare for a body that is received in pieces, unless it is refused."""
        kept = route.answer is None
        self._body = LengthBody(length, kept=kept) if length else ChunkedBody(route.cap, kept=kept)
        self._head, self._route = head, route
        if kept and length > route.cap:
            return TooLarge(head, route)
        if route.answer is not None:
            return Request(head, route, last=head.expects_continue or length > route.cap)
        return _EXPECTATION if head.expects_continue else _UNFINISHED

    def _read_body(self, head: Head) -> Event | None:
        body, route = self._body, self._route
        self.unread = body.feed(self.unread)
        if body.size > route.cap:
            return TooLarge(head, route)
        if not body.complete:
            return _UNFINISHED if self.unread else None
        self._head = None
        self._sized = head if head.fields.length else None
        return Request(head, route, body.content()) if route.answer is None else _UNFINISHED
