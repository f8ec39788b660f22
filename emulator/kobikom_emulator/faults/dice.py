"""Chance for fault rules, from a seed alone."""

from __future__ import annotations

from random import Random


class Dice:
    """Each draw has a generator of its own, made from the seed and the number of the draw, so that `drawn` is all that
    has to be kept to go on later, elsewhere.
    """

    def __init__(self, seed: int, *, drawn: int = 0) -> None:
        self.seed = seed
        self.drawn = drawn

    def random(self) -> float:
        """A number from 0 to below 1."""
        return self._next().random()

    def randbytes(self, count: int) -> bytes:
        return self._next().randbytes(count)

    def _next(self) -> Random:
        self.drawn += 1
        return Random(f"kobikom-emulator faults {self.seed} {self.drawn}")
