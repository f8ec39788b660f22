"""The thread in which large requests are read, decided and answered, while the event loop serves the others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

LARGE = 32 * 1024
"""Bytes of a body from which on a request is large: below, all of its work takes less than some 30 ms."""


class LargeWork:
    """Runs plain functions one after the other in a thread, which starts with the first of them.

    They work on values that nothing changes. Python gives the event loop its turn every few milliseconds meanwhile; one
    thread, because each more would have its own turns.
    """

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None

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
        """End the thread once its present function returns."""
        if self._thread is not None:
            self._thread.shutdown(wait=False, cancel_futures=True)
            self._thread = None
