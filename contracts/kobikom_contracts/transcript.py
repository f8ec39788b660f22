"""What went over the wire, exchange by exchange, as evidence for a report."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over one connection: bytes out, bytes in, seconds it took.

    ``to``: scheme and authority of the server; ``at``: when it ended, in seconds of the epoch. Exchanges of one
    ``group`` that is not 0 went on at the same time. ``half_closed``: the judge closed its sending half;
    ``still_open``: the server was expected to close, and did not. ``setup``: others may have come between it and
    the rest. ``ended``: what happened to the connection, in words. ``label`` names it in a
    recording.
    """

    sent: bytes
    received: bytes
    seconds: float
    to: str = ""
    at: float = 0.0
    group: int = 0
    half_closed: bool = False
    still_open: bool = False
    setup: bool = False
    ended: str = ""
    label: str = ""


@dataclass(slots=True)
class Transcript:
    """The exchanges of the example being judged, oldest first; at most ``limit``.

    What a contract did before its first example is its ``setup``, which later examples rest on.
    """

    exchanges: list[Exchange] = field(default_factory=list)
    limit: int = 200
    setup: tuple[Exchange, ...] = ()
    _before: tuple[Exchange, ...] = ()
    _started: bool = False
    _group: int = 0
    _groups: int = 0

    def add(self, exchange: Exchange) -> None:
        """Keep one more exchange, forgetting the oldest past the limit."""
        self.exchanges.append(replace(exchange, group=self._group) if self._group else exchange)
        del self.exchanges[: -self.limit]

    def start(self) -> None:
        """Start a new contract: nothing is kept."""
        self.exchanges = []
        self.setup = self._before = ()
        self._started = False

    def clear(self) -> None:
        """Start a new example."""
        if self.exchanges:
            self._before = tuple(self.exchanges)
        if not self._started:
            self._started, self.setup = True, self._before
        self.exchanges = []

    def evidence(self) -> tuple[Exchange, ...]:
        """The setup and the present example, or the one before while the present one is empty."""
        example = tuple(self.exchanges) or self._before
        if example is self.setup or not self._started:
            return example
        return (*(replace(one, setup=True) for one in self.setup), *example)

    @contextmanager
    def together(self) -> Iterator[None]:
        """Exchanges added during the block went on at the same time."""
        self._groups += 1
        self._group = self._groups
        try:
            yield
        finally:
            self._group = 0
