"""An event loop in a thread of its own, in which other threads run coroutines, without a switch of threads if it can be.

While the loop only waits for its sockets, the thread that asks takes a turn: it runs the first step of its coroutine
itself. Most requests of a test end in that step. What is left of others goes on in the loop's thread.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")

PATIENCE = 0.002
"""Seconds for which a thread waits for its turn before it leaves its coroutine to the thread of the loop."""

Step = tuple[Callable[..., object], tuple[Any, ...], Context | None]


class _Selector(selectors.DefaultSelector):
    """A selector that gives the turn away while it waits."""

    def __init__(self, turn: threading.Lock) -> None:
        super().__init__()
        self._turn = turn

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._turn.release()
        try:
            return super().select(timeout)
        finally:
            self._turn.acquire()


class SharedLoop(asyncio.SelectorEventLoop):
    """The loop's thread holds the turn, except while it waits for sockets; so one thread at a time is in the loop."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._turn.acquire()
        self._visitor: int | None = None
        """The thread that has the turn instead of the loop's."""
        self._first_steps: list[Step] | None = None
        self._must_wake = False
        super().__init__(_Selector(self._turn))

    @property
    def visitor(self) -> int | None:
        """The identifier of the thread that runs a step in place of the loop's thread."""
        return self._visitor

    def result_of(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, for any thread but that of the loop."""
        task = self._begin(work)
        if task is None:
            future = asyncio.run_coroutine_threadsafe(work, self)
        elif task.done():
            return task.result()
        else:
            future = asyncio.run_coroutine_threadsafe(_result(task), self)
        try:
            return future.result()
        except BaseException:
            future.cancel()
            raise

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T] | None:
        """Run the first step here; None if the loop is busy, or this thread is inside another loop."""
        if self.get_debug() or asyncio._get_running_loop() is not None or not self._turn.acquire(timeout=PATIENCE):
            return None
        self._visitor = threading.get_ident()
        asyncio._set_running_loop(self)
        try:
            self._first_steps = steps = []
            try:
                task = asyncio.Task(work, loop=self)
            finally:
                self._first_steps = None
            for step, arguments, context in steps:
                (context.run if context else _call)(step, *arguments)
        finally:
            asyncio._set_running_loop(None)
            self._visitor = None
            must_wake, self._must_wake = self._must_wake, False
            self._turn.release()
            if must_wake:
                self.call_soon_threadsafe(_nothing)
        return task

    # The loop's thread waits with a time-out that it computed before the visit: it has to look again.

    def call_soon(self, callback: Callable[..., object], *args: Any, context: Context | None = None) -> asyncio.Handle:
        if self._visitor is not None:
            if self._first_steps is not None:
                self._first_steps.append((callback, args, context))
                return asyncio.Handle(callback, args, self, context)
            self._must_wake = True
        return super().call_soon(callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[..., object], *args: Any, context: Context | None = None
    ) -> asyncio.TimerHandle:
        if self._visitor is not None:
            self._must_wake = True
        return super().call_at(when, callback, *args, context=context)


async def _result(task: asyncio.Task[T]) -> T:
    return await task


def _call(step: Callable[..., object], *arguments: Any) -> None:
    step(*arguments)


def _nothing() -> None:
    """Wakes the loop."""
