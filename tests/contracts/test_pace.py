"""How fast a run goes: a pace that is kept, and fewer examples where answers are slow."""

from __future__ import annotations

import io
import sys
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.controlled_server import ControlledServer
from deviant_servers.deviation import Deviation
from paper_server.httpd import Request, Response

from kobikom_contracts.control import Control
from kobikom_contracts.core.report.terminal import Terminal
from kobikom_contracts.core.runner import ContractEnded
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target
from kobikom_contracts.traffic import Pace, Traffic


class Clock:
    """A clock that moves only when it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> float:
        """The present."""
        return self.seconds

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.seconds += seconds


def test_a_pace_spreads_requests() -> None:
    """Five requests at two a second begin half a second apart; a pause comes on top; without a pace nothing waits."""
    clock = Clock()
    pace = Pace(2, wait=clock.wait, now=clock.now)
    starts = []
    for _ in range(5):
        pace.keep()
        starts.append(clock.seconds)
    pace.pause(10)
    pace.keep()
    assert [0.0, 0.5, 1.0, 1.5, 2.0, 12.0] == [*starts, clock.seconds]
    free = Pace(wait=clock.wait, now=clock.now)
    free.keep()
    assert 12.0 == clock.seconds


def test_the_answer_time_is_the_median_of_the_last() -> None:
    """One slow answer among many is none, and few say nothing; a silence is counted until the next answer."""
    traffic = Traffic()
    for seconds in (0.1, 9.0, 0.2, 0.1, 0.2, 0.3, 0.3, 0.2):
        traffic.answered(seconds)
    assert 0.0 == traffic.answer_time
    traffic.answered(0.2)
    traffic.unanswered()
    assert (0.2, 1) == (traffic.answer_time, traffic.silent)
    traffic.answered(0.2)
    assert 0 == traffic.silent


def slow_run(
    seconds: float, *, controlled: bool, profile: str = "quick", pace: float | None = None
) -> tuple[Run, float]:
    """A run against a correct server of which each answer takes so many seconds of a clock, and the run's seconds."""
    clock = Clock()
    servers: list[ControlledServer] = []

    def wait(seconds: float) -> None:
        clock.wait(seconds)
        servers[0].now += timedelta(seconds=seconds)

    def slow(server: ControlledServer) -> None:
        servers.append(server)
        server.world.accounts["test"].credit = Decimal(100_000)
        respond = server.respond

        def later(request: Request) -> Response:
            clock.wait(seconds)
            return respond(request)

        server.respond = later  # type: ignore[method-assign]

    with Deviation("T-01.1", "slow", configure=slow).served() as url:
        more: dict[str, Any] = {"exclusive": True, "patience": 5.0}
        if controlled:
            control = Control(url)
            control.probe()
            more = {"control": control}
        clock.seconds = 0.0
        target = Target(url, "test", "test", timeout=5.0, **more)
        run = judge_server(target, profile=profile, wait=wait, now=clock.now, pace=pace, max_time=10**6)
    return run, clock.seconds


def outcomes(run: Run) -> dict[str, str]:
    """The outcome of each clause, and what a violation found."""
    return {verdict.clause.id: f"{verdict.outcome} {verdict.found or ''}" for verdict in run.verdicts}


def judged(run: Run) -> set[str]:
    """The clauses that could be judged."""
    return {verdict.clause.id for verdict in run.verdicts if verdict.outcome is not Outcome.NOT_CHECKABLE}


@pytest.mark.parametrize("controlled", [True, False] if settings().max_examples > 100 else [True])
def test_a_slow_target_is_tried_less(controlled: bool) -> None:
    """At 2 s an answer a quick run takes less than 10 times what it takes at 50 ms, judges the same, and says so."""
    fast, unhurried = slow_run(0.05, controlled=controlled)
    slow, hurried = slow_run(2.0, controlled=controlled)
    assert {} == {name: one for name, one in (outcomes(fast) | outcomes(slow)).items() if "violated" in one}
    assert judged(fast) <= judged(slow)
    assert hurried < 10 * unhurried
    assert ([], ["an answer takes 2.0 s: 4 % of the examples are tried"]) == (
        [one.sentence for one in fast.disturbances],
        [one.sentence for one in slow.disturbances],
    )


def test_a_run_keeps_its_pace() -> None:
    """At four requests a second a run of some clauses lasts at least a quarter of a second a request."""
    run, seconds = slow_run(0.0, controlled=False, profile="tiny", pace=4.0)
    assert run.spent["requests"] <= 1 + 4 * seconds


def test_progress_has_an_estimate() -> None:
    """A line says how many contracts are over and about how long the rest takes; near the end it says nothing."""
    shown = {}
    for live, left in ((True, 250.0), (False, 42.0), (False, 0.5)):
        out = Screen() if live else io.StringIO()
        Terminal(out).watch(ContractEnded("a_name", "S-01.1", 3, 80, Outcome.HELD, "", left))
        shown[live, left] = out.getvalue().split("/80", 1)[1].strip()
    assert {
        (True, 250.0): "a_name, about 4 min left",
        (False, 42.0): ", about 42 s left)",
        (False, 0.5): ")",
    } == shown


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It does."""
        return True
