"""Begins a coroutine without a task, and lets a task go on with it where it has to wait.

Most requests are answered without waiting for anything; for these, a task and its turn of the event loop are saved.
"""

from __future__ import annotations

import types
from collections.abc import Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")


@types.coroutine
def rest_of(coroutine: Coroutine[Any, Any, T], awaited: Any) -> Generator[Any, Any, T]:
    """What is left of a coroutine whose first step, `coroutine.send(None)`, gave `awaited`; for a task.

    The task waits for `awaited` as if the coroutine had given it to the task itself. What the task throws, a
    cancellation for one, is thrown into the coroutine.
    """
    result: T
    while True:
        try:
            yield awaited
        except GeneratorExit:
            coroutine.close()
            raise
        except BaseException as error:  # noqa: BLE001  # it is for the coroutine
            try:
                awaited = coroutine.throw(error)
            except StopIteration as finished:
                result = finished.value
                return result
        else:
            result = yield from coroutine
            return result
