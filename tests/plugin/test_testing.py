"""Runs KobikomTestCase and running_server with unittest itself."""

import io
import unittest
from collections.abc import Callable, Mapping
from typing import Any, ClassVar

import pytest

from kobikom_emulator import Emulator
from kobikom_emulator.testing import KobikomTestCase, running_server

Send = Callable[..., str]


def run(case: type[unittest.TestCase]) -> tuple[unittest.TestResult, str]:
    """The result of a case's tests and what the runner printed."""
    said = io.StringIO()
    result = unittest.TextTestRunner(stream=said).run(unittest.defaultTestLoader.loadTestsFromTestCase(case))
    return result, said.getvalue()


def test_each_test_of_a_case_has_a_fresh_space(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    """Options and settings of the class are heeded, tests see nothing of each other, spaces are closed."""
    monkeypatch.delenv("KOBIKOM_URL", raising=False)

    class RequestContext(KobikomTestCase):
        kobikom_options: ClassVar[Mapping[str, Any]] = {"seed": 3, "readings": {"dates": "padded"}}
        kobikom_settings: ClassVar[Mapping[str, Any] | None] = {
            "limits": {"max-recipients": 1},
            "clock": {"start": "2030-06-01T00:00:00Z"},
        }

        def test_one(self) -> None:
            """The same again, in a space of its own."""
            self.test_two()

        def test_two(self) -> None:
            """Options, settings and freshness."""
            assert ["default", self.kobikom.name] == self.kobikom_server.spaces
            assert (3, "padded") == (self.kobikom.seed, self.kobikom.readings["dates"])
            assert (True, 2030) == (self.kobikom.clock.frozen, self.kobikom.clock.now().year)
            send(self.kobikom)
            self.kobikom.assert_sent(count=1)
            assert "-23" in send(self.kobikom, to="905329975725 905329975726")

    result, said = run(RequestContext)
    assert (2, True) == (result.testsRun, result.wasSuccessful()), said


def test_a_failing_test_of_a_case_shows_the_journal(send: Send) -> None:
    """A plain test and a coroutine that fail carry the journal; a skipped one does not."""

    class RequestContext(KobikomTestCase):
        def test_fails(self) -> None:
            """A failure."""
            send(self.kobikom, title="Nobody")
            self.fail("on purpose")

        def test_is_skipped(self) -> None:
            """A skip."""
            self.skipTest("not today")

    class AsyncCase(KobikomTestCase, unittest.IsolatedAsyncioTestCase):
        async def test_fails(self) -> None:
            """A failure in a coroutine."""
            await self.kobikom.aio.wait_for(timeout=0)

    result, said = run(RequestContext)
    assert (1, 1) == (len(result.failures), len(result.skipped))
    assert "refused -34" in said
    assert 1 == said.count("kobikom journal")
    result, said = run(AsyncCase)
    assert 1 == len(result.failures)
    assert "no request" in said


def test_a_server_elsewhere_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """$KOBIKOM_URL and the token in the environment lead to a server that runs already."""
    with Emulator(control={"token": "s3cret"}) as emulator:
        monkeypatch.setenv("KOBIKOM_URL", emulator.url)
        monkeypatch.setenv("KOBIKOM_CONTROL__TOKEN", "s3cret")
        with running_server() as server:
            assert (emulator.url, ["default"]) == (server.url, server.spaces)
