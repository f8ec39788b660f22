"""Generated message ids: consecutive integers from where the seed says."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

_RUN_LENGTHS: Mapping[int, int] = {10: 10**6, 15: 10**8, 18: 10**10}
"""Ids that a seed has for itself, by the number of digits; the next run follows."""


class SeededIds:
    """One run of ids for each number of digits (S-02): the same for the same seed, in every space. Of 15 digits, two
    seeds in nine million share a run.
    """

    def __init__(self, seed: int) -> None:
        self.restart(seed)

    def peek(self, digits: int) -> int:
        first = self._first.get(digits)
        if first is None:
            first = self._first[digits] = _first_of(self._seed, digits)
        return first + self._taken

    def next_after(self, seed: int, taken: int, digits: int) -> int:
        return _first_of(seed, digits) + taken

    @property
    def seed(self) -> int:
        """The seed that the ids come from."""
        return self._seed

    @property
    def taken(self) -> int:
        """How many ids were taken."""
        return self._taken

    def take(self, count: int) -> None:
        self._taken += count

    def restart(self, seed: int) -> None:
        self._seed = seed
        self._taken = 0
        self._first: dict[int, int] = {}


def _first_of(seed: int, digits: int) -> int:
    """The first id of a seed."""
    length = _RUN_LENGTHS[digits]
    smallest: int = 10 ** (digits - 1) // length
    place = int.from_bytes(sha256(f"kobikom-emulator ids {seed}".encode()).digest()[:8])
    return (smallest + place % (8 * smallest)) * length + 1
