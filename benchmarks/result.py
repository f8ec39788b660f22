"""The values of measurements: results, targets and the number of repetitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from statistics import median, quantiles


class Verdict(StrEnum):
    """Whether a measured value reaches its target."""

    STRETCH = "reached, stretch too"
    REACHED = "reached"
    MISSED = "not reached"
    FOR_COMPARISON = "for comparison"


@dataclass(frozen=True, slots=True)
class Bar:
    """The target of a value. With `at_least`, more is better. `unit` is printed after values ("" for a ratio)."""

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
    """One row of the table: the samples of one value, one for each pair. `bar` is None if there is no target."""

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
        """The lower and the upper quartile."""
        if len(self.samples) < 2:
            return self.samples[0], self.samples[0]
        low, _, high = quantiles(self.samples, n=4, method="inclusive")
        return low, high

    @property
    def verdict(self) -> Verdict:
        return Verdict.FOR_COMPARISON if self.bar is None else self.bar.verdict(self.measured)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row that could not be measured on this machine, and the reason."""

    number: str
    what: str
    reason: str


Row = Result | LeftOut


@dataclass(frozen=True, slots=True)
class Effort:
    """The size of the measurements: pairs, seconds of each side under load, stored reports."""

    name: str
    pairs: int
    seconds: int
    warm_up: int
    stored: int
    peers_from_npm: bool = True

    @property
    def sends(self) -> int:
        """The number of sends to 1,000 recipients that store `stored` reports."""
        return self.stored // 1000


FULL = Effort("full", pairs=15, seconds=1, warm_up=6, stored=1_000_000)
QUICK = Effort("quick", pairs=5, seconds=1, warm_up=3, stored=1_000_000)
SMOKE = Effort("smoke", pairs=1, seconds=1, warm_up=0, stored=2_000, peers_from_npm=False)
"""Only checks that every measurement runs; its numbers are meaningless."""
