"""The thread in which large requests are read, decided and answered, while the event loop serves the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from kobikom_emulator.protocol.known_names import has_known_names_only

T = TypeVar("T")

LARGE = 32 * 1024
"""Bytes of a body from which on a request is large: below, all of its work takes less than some 30 ms."""
REMEMBERED = 64 * 1024 * 1024
"""Bytes of bodies after which the XML parser may have to forget their names."""


class LargeWork:
    """Runs plain functions one after the other in a thread, which starts with the first of them.

    They work on values that nothing changes. Python gives the event loop its turn every few milliseconds meanwhile; one
    thread, because each more would have its own turns.

    lxml keeps each name of an element or attribute that it ever read as long as the thread lives that read it. So after
    some time the thread is replaced by another, and small requests with unknown names are read there, too.
    """

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._inside = self._outside = 0
        """Bytes of the bodies that were read in the present thread, and in that of the event loop."""

    def takes(self, body: bytes) -> bool:
        """Whether a request is worked on in the thread rather than at once."""
        if len(body) <= LARGE:
            self._outside += len(body)
            if self._outside < REMEMBERED or has_known_names_only(body):
                return False
        self._inside += len(body)
        if self._inside > REMEMBERED:
            self.close()
            self._inside = 0
        return True

    async def run(self, work: Callable[[], T]) -> T:
        """What the function returns or raises; at once where no event loop runs that could serve others."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return work()
        if self._thread is None:
            self._thread = ThreadPoolExecutor(1, thread_name_prefix="kobikom-emulator-large")
        return await loop.run_in_executor(self._thread, work)

    def close(self) -> None:
        """End the thread once it has done its work."""
        if self._thread is not None:
            self._thread.shutdown(wait=False)
            self._thread = None
