"""Generated message ids: consecutive integers from where the seed says."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

_RUN_LENGTHS: Mapping[int, int] = {10: 10**6, 15: 10**8, 18: 10**10}
"""Ids that a seed has for itself, by the number of digits; the next run follows."""


class SeededIds:
    """One run of ids for each number of digits (S-02). Of 15 digits, two seeds in nine million share a run."""

    def __init__(self, seed: int) -> None:
        self.restart(seed)

    def peek(self, digits: int) -> int:
        first = self._first.get(digits)
        if first is None:
            first = self._first[digits] = self._first_of(digits)
        return first + self._taken

    def _first_of(self, digits: int) -> int:
        length = _RUN_LENGTHS[digits]
        smallest: int = 10 ** (digits - 1) // length
        return (smallest + self._hash % (8 * smallest)) * length + 1

    @property
    def taken(self) -> int:
        """How many ids were taken."""
        return self._taken

    def take(self, count: int) -> None:
        self._taken += count

    def restart(self, seed: int) -> None:
        self._hash = int.from_bytes(sha256(f"kobikom-emulator ids {seed}".encode()).digest()[:8])
        self._taken = 0
        self._first: dict[int, int] = {}
