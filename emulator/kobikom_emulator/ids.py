"""Generated message ids: a run of 18-digit integers that starts where the seed says."""

from __future__ import annotations

from hashlib import sha256

_RUNS = 89_999_999
_FIRST_RUN = 10_000_000
_RUN_LENGTH = 10**10


class SeededIds:
    """Consecutive ids; two seeds give runs of 10**10 ids that meet once in ninety million pairs (S-02)."""

    def __init__(self, seed: int) -> None:
        digest = sha256(f"kobikom-emulator ids {seed}".encode()).digest()
        self._first = (_FIRST_RUN + int.from_bytes(digest[:8]) % _RUNS) * _RUN_LENGTH + 1
        self._next = self._first

    def peek(self) -> int:
        return self._next

    def take(self, count: int) -> None:
        self._next += count

    def restart(self) -> None:
        self._next = self._first
