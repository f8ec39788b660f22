"""What the server raises while it reads a request that it does not accept as HTTP/1.x."""

from __future__ import annotations

from kobikom_emulator.phrases import Phrase

_MOST_QUOTED = 60


class BadRequest(Exception):
    """A request that is refused before it reaches a resource, after which the connection closes.

    `status` is that of the answer, `reason` a sentence for people. `line` is the request line as far as it was received
    and concerns the reason; it is quoted in the journal only, without its query.
    """

    def __init__(self, reason: Phrase, *, status: int = 400, line: bytes = b"") -> None:
        super().__init__(status, reason)
        self.status = status
        self.reason = reason
        self.line = line

    @property
    def quotation(self) -> str:
        """The beginning of the line, without a query, which may hold a password."""
        return self.line[:_MOST_QUOTED].partition(b"?")[0].decode("latin-1")
