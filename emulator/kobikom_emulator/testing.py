"""Tests without pytest: `KobikomTestCase` for unittest, `running_server()` for other runners.

class Orders(KobikomTestCase):
kobikom_options = {"readings": {"long-text": "split"}}

def test_announced(self):
announce(self.kobikom.base_url, self.kobikom.user, self.kobikom.password)
self.kobikom.assert_sent(text="*order*")

with running_server() as server, server.open() as kobikom:
...

`KobikomMachine` draws steps between the calls of a program and while they are in flight; it needs Hypothesis.
"""

from __future__ import annotations

import functools
import inspect
import os
import unittest
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from kobikom_emulator.driver import Kobikom, KobikomServer, NotAsExpected

if TYPE_CHECKING:
    from kobikom_emulator.machine import KobikomMachine as KobikomMachine  # noqa: PLC0414  # the alias exports it

# Without KobikomMachine, so that `import *` does without Hypothesis.
__all__ = ["Kobikom", "KobikomServer", "KobikomTestCase", "NotAsExpected", "running_server"]

START = "2026-01-31T09:00:00+03:00"
"""The time of a new space, at which its clock stands, unless `kobikom_options` or the server's settings say another."""


def __getattr__(name: str) -> Any:
    """Import `KobikomMachine` on first use: it needs Hypothesis."""
    if name == "KobikomMachine":
        from kobikom_emulator.machine import KobikomMachine

        return KobikomMachine
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@contextmanager
def running_server(settings: Mapping[str, Any] | None = None) -> Iterator[KobikomServer]:
    """The server at `$KOBIKOM_URL`; without that variable, or with `settings`, one in a thread until the block ends."""
    url = os.environ.get("KOBIKOM_URL", "")
    if url and not settings:
        with KobikomServer.at(url, token=os.environ.get("KOBIKOM_CONTROL__TOKEN", "")) as server:
            yield server
        return
    from kobikom_emulator.embed import Emulator

    with Emulator(settings) as emulator:
        yield KobikomServer.of(emulator)


class KobikomTestCase(unittest.TestCase):
    """Each test has a new space in `self.kobikom`, and the exception of a failing test carries its journal as a note.

    `kobikom_options` is what `KobikomServer.open` takes, `kobikom_settings` the settings of the server, which starts
    and stops with the class.
    """

    kobikom_options: ClassVar[Mapping[str, Any]] = {}
    kobikom_settings: ClassVar[Mapping[str, Any] | None] = None
    kobikom_server: ClassVar[KobikomServer]
    kobikom: Kobikom

    def __init__(self, methodName: str = "runTest") -> None:  # noqa: N803  # unittest's own name
        super().__init__(methodName)
        method = getattr(self, methodName, None)
        if method is not None:
            setattr(self, methodName, _with_journal(self, method))

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.kobikom_server = cls.enterClassContext(running_server(cls.kobikom_settings))

    def setUp(self) -> None:
        super().setUp()
        clock = {} if self.kobikom_server.clock_start else {"clock": START}
        self.kobikom = self.kobikom_server.open(**{**clock, **self.kobikom_options})
        self.addCleanup(self.kobikom.close)


def _with_journal(case: KobikomTestCase, method: Callable[..., Any]) -> Callable[..., Any]:
    """The test method; its exceptions carry the journal as a note."""

    def add_journal(error: Exception) -> None:
        space: Kobikom | None = getattr(case, "kobikom", None)
        if space is not None and not isinstance(error, unittest.SkipTest):
            error.add_note(f"kobikom journal\n{space.journal_text()}")

    @functools.wraps(method)
    def test(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Exception as error:
            add_journal(error)
            raise

    @functools.wraps(method)
    async def async_test(*args: Any, **kwargs: Any) -> Any:
        try:
            return await method(*args, **kwargs)
        except Exception as error:
            add_journal(error)
            raise

    return async_test if inspect.iscoroutinefunction(method) else test
