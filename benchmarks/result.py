"""Law: what a measurement yields, and how hard it tries. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles


class Verdict(StrEnum):
    """How a measured value stands to its bar."""

    STRETCH = "reached, stretch too"
    REACHED = "reached"
    MISSED = "not reached"
    FOR_COMPARISON = "for comparison"


@dataclass(frozen=True, slots=True)
class Bar:
    """What a value must be. `at_least`: more is better. `unit` stands behind printed values ("" for a ratio)."""

    value: float
    stretch: float
    at_least: bool = False
    unit: str = ""

    def verdict(self, measured: float) -> Verdict:
        if self._passes(measured, self.stretch):
            return Verdict.STRETCH
        return Verdict.REACHED if self._passes(measured, self.value) else Verdict.MISSED

    def _passes(self, measured: float, limit: float) -> bool:
        return measured >= limit if self.at_least else measured <= limit


@dataclass(frozen=True, slots=True)
class Result:
    """One row of the table: the samples (one a pair) of one value. `bar` is None where nothing was promised."""

    number: str
    what: str
    bar: Bar | None
    samples: tuple[float, ...]
    detail: str = ""

    @property
    def measured(self) -> float:
        return median(self.samples)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles: half of the samples lie between them."""
        if len(self.samples) < 2:
            return self.samples[0], self.samples[0]
        low, _, high = quantiles(self.samples, n=4, method="inclusive")
        return low, high

    @property
    def verdict(self) -> Verdict:
        return Verdict.FOR_COMPARISON if self.bar is None else self.bar.verdict(self.measured)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that could not be measured here, and why."""

    number: str
    what: str
    why: str


Row = Result | LeftOut


@dataclass(frozen=True, slots=True)
class Effort:
    """How hard to try: pairs, seconds of each half under load, stored reports of the large measurements."""

    name: str
    pairs: int
    seconds: int
    warm_up: int
    stored: int
    peers_from_npm: bool = True

    @property
    def sends(self) -> int:
        """Sends of 1,000 recipients that store so many reports."""
        return self.stored // 1000


FULL = Effort("full", pairs=15, seconds=1, warm_up=6, stored=1_000_000)
QUICK = Effort("quick", pairs=5, seconds=1, warm_up=3, stored=1_000_000)
SMOKE = Effort("smoke", pairs=1, seconds=1, warm_up=0, stored=2_000, peers_from_npm=False)
"""Only shows that every measurement still runs; its numbers mean nothing."""
