"""What went over the wire, exchange by exchange, as evidence for a report."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Exchange:
    """What went over one connection: bytes out, bytes in, seconds it took."""

    sent: bytes
    received: bytes
    seconds: float


@dataclass(slots=True)
class Transcript:
    """The exchanges of the example being judged, oldest first; at most ``limit``."""

    exchanges: list[Exchange] = field(default_factory=list)
    limit: int = 200

    def add(self, exchange: Exchange) -> None:
        """Keep one more exchange, forgetting the oldest past the limit."""
        self.exchanges.append(exchange)
        del self.exchanges[: -self.limit]

    def clear(self) -> None:
        """Start a new example."""
        self.exchanges.clear()
