"""Calls of a program that run in threads of their own, while the machine makes other steps."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType


class CallTooLong(AssertionError):
    """A call that had not ended, or sent the request whose answer is to be held, within its bound."""


class Killed(BaseException):
    """Raised in a call whose process is killed; no `except Exception` catches it."""


class Call:
    """A call in a thread. `failures` are the exceptions with which it may end; `ended` is called at its end."""

    def __init__(
        self,
        action: Callable[[], object],
        failures: tuple[type[Exception], ...],
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        self._action = action
        self._failures = failures
        self._ended = ended
        self._killed = False
        self._over = False
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="kobikom-machine-call", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        sys.setprofile(self._die_if_killed)
        try:
            self._action()
        except Killed:
            pass
        except BaseException as error:  # noqa: BLE001  # raised again by `end`, in the thread of the machine
            if not isinstance(error, self._failures):
                self._error = error
        finally:
            self._over = True
            self._ended()

    def _die_if_killed(self, _: FrameType, __: str, ___: object) -> None:
        """Called in the thread whenever a function is called or returns, the one that waited for an answer included."""
        if self._killed and not self._over:
            raise Killed

    def end(self, *, bound: float, why: str) -> None:
        """Wait for the end of the call, and raise its exception unless it is one of `failures`.

        `CallTooLong` after `bound` real seconds; `why` says what the call should have done by then.
        """
        self._thread.join(bound)
        if self._thread.is_alive():
            raise CallTooLong(f"after {bound:g} s a call had not ended {why}")
        if self._error is not None and not self._killed:
            raise self._error

    def kill(self) -> None:
        """Let the call end at the next function that it calls or returns from, as if its process was killed there.

        A call that waits for an answer ends when the wait is over. Blocks `with` and `finally` run, so an open
        transaction is rolled back.
        """
        self._killed = True
