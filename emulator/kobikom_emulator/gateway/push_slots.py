"""How many pushes may be under way at one time: to one destination, and on the whole server."""

from __future__ import annotations

from collections.abc import Callable

EACH = 16
"""The most pushes to one destination at one time."""

ALL = 256
"""The most pushes of the server at one time; each needs a descriptor."""

REMEMBERED = 1024
"""Destinations whose last answers are remembered."""


class PushSlots:
    """A destination (`host:port`) begins with one push at a time. Each report that it takes doubles that, up to `each`;
    a failure puts it back to one, so that a silent receiver holds one slot while the others go on.
    """

    def __init__(self, *, each: int = EACH, total: int = ALL) -> None:
        self._each = each
        self.free = total
        self.full: set[str] = set()
        """The destinations that get no push at the moment."""
        self._running: dict[str, int] = {}
        self._limits: dict[str, int] = {}
        """Of the destinations that took their last report, how many pushes they may get at one time."""
        self._waiting: dict[object, Callable[[], None]] = {}

    def take(self, destination: str) -> bool:
        """Begin a push; False where it would be one too many."""
        if not self.free or destination in self.full:
            return False
        self.free -= 1
        self._running[destination] = self._running.get(destination, 0) + 1
        self._update(destination)
        return True

    def give_back(self, destination: str, *, delivered: bool) -> None:
        """End a push, and call those that wait."""
        limit = self._limits.pop(destination, 1)
        if delivered:
            self._limits[destination] = min(self._each, limit * 2)
            if len(self._limits) > REMEMBERED:
                del self._limits[next(iter(self._limits))]
        self.free += 1
        self._running[destination] -= 1
        if not self._running[destination]:
            del self._running[destination]
        self._update(destination)
        waiting, self._waiting = self._waiting, {}
        for wake in waiting.values():
            wake()

    def _update(self, destination: str) -> None:
        if self._running.get(destination, 0) >= self._limits.get(destination, 1):
            self.full.add(destination)
        else:
            self.full.discard(destination)

    def wait(self, who: object, wake: Callable[[], None]) -> None:
        """Call `wake` when the next push ends; those that asked first are called first."""
        self._waiting[who] = wake

    def stop_waiting(self, who: object) -> None:
        self._waiting.pop(who, None)
