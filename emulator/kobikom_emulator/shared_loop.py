"""An event loop that runs coroutines for other threads, where possible without a switch of threads.

While the loop only waits for its sockets, the thread that asks runs the first step of its coroutine itself. Most
control requests of a test end in that step; what is left of the others goes on in the loop's thread.
"""

from __future__ import annotations

import asyncio
import selectors
import threading

# Python documents these two as the way to implement a loop, in spite of the underscore.
from asyncio.events import _get_running_loop, _set_running_loop
from collections.abc import Callable, Coroutine
from contextvars import Context, copy_context
from functools import partial
from typing import Any, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

PATIENCE = 0.002
"""Seconds for which a thread waits until the loop is idle, before it leaves its coroutine to the loop's thread."""


class _Selector(selectors.DefaultSelector):
    """A selector that lets another thread have the loop while it waits."""

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
    """A loop whose callbacks run in one thread at a time: in its own, or in a visitor's while its own waits."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._turn.acquire()
        self.visitor: int | None = None
        """The identifier of the other thread that has the loop now."""
        self._first_steps: list[Callable[[], object]] | None = None
        """The steps of a task that is being made: the visitor runs them, in place of the loop."""
        self._must_wake = False
        super().__init__(_Selector(self._turn))

    def result_of(self, work: Coroutine[Any, Any, T]) -> T:
        """The result of a coroutine, for any thread but the loop's own."""
        task = self._begin(work)
        if task is not None and task.done():
            return task.result()
        return result_from_thread(work if task is None else _result(task), self)

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T] | None:
        """Run the first step of a coroutine here. None if the loop is busy, or this thread runs a loop itself."""
        if self.get_debug() or _get_running_loop() is not None or not self._turn.acquire(timeout=PATIENCE):
            return None
        self.visitor = threading.get_ident()
        _set_running_loop(self)
        try:
            steps: list[Callable[[], object]] = []
            self._first_steps = steps
            try:
                task = asyncio.Task(work, loop=self)
            finally:
                self._first_steps = None
            for step in steps:
                step()
        finally:
            _set_running_loop(None)
            self.visitor = None
            must_wake, self._must_wake = self._must_wake, False
            self._turn.release()
            if must_wake:
                self.call_soon_threadsafe(_nothing)
        return task

    # The loop's thread computed before the visit how long it may wait: what a visitor schedules has to wake it.

    def call_soon(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.Handle:
        if self.visitor is not None:
            if self._first_steps is not None:
                self._first_steps.append(partial((context or copy_context()).run, callback, *args))
                return asyncio.Handle(callback, args, self, context)
            self._must_wake = True
        return super().call_soon(callback, *args, context=context)

    def call_at(
        self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> asyncio.TimerHandle:
        if self.visitor is not None:
            self._must_wake = True
        return super().call_at(when, callback, *args, context=context)


def result_from_thread(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> T:
    """The result of a coroutine that the thread of the loop runs; it is cancelled if the caller is interrupted."""
    future = asyncio.run_coroutine_threadsafe(work, loop)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


async def _result(task: asyncio.Task[T]) -> T:
    return await task


def _nothing() -> None:
    """What is scheduled to wake the loop."""
