"""Try the days one after another: tell flaky failures from real ones, shrink the real ones, and keep the results."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Any

from kobikom_contracts.core.verdicts import CannotRun
from kobikom_contracts.fuzz.plan import Trial, named
from kobikom_contracts.fuzz.run import Outcome, Run, Runner
from kobikom_contracts.fuzz.shrink import shrink
from kobikom_contracts.scenario_words import FORMAT

ORDINARY: Mapping[str, Any] = {"format": FORMAT}
"""The day on which nothing is different."""

REPEATS = 2
"""How often a failure has to come again to be no flaky one."""


@dataclass(frozen=True)
class Result:
    """A day that was tried. `document` is the shrunk day of a failure; `flaky`: the failure did not come again."""

    trial: Trial
    run: Run
    document: Mapping[str, Any]
    flaky: bool = False

    @property
    def failed(self) -> bool:
        """Whether the command fails on this day, each time."""
        return self.run.bad and not self.flaky


@dataclass
class Campaign:
    """All days that were tried with one command."""

    runner: Runner
    ordinary: Run
    results: list[Result] = field(default_factory=list)

    @property
    def failures(self) -> list[Result]:
        """Real failures, each shrunk day with each way to fail once, in the order of the days."""
        first: dict[tuple[str, str], Result] = {}
        for result in self.results:
            if result.failed:
                plain = {
                    name: value for name, value in result.document.items() if name not in {"name", "sentence", "seed"}
                }
                first.setdefault((repr(plain), result.run.failure), result)
        return list(first.values())

    def run(self, trials: Iterable[Trial], *, jobs: int, watch: Callable[[Result], None]) -> None:
        """Try the days, so many at a time; `watch` is called after each."""
        order: dict[str, int] = {}
        with ThreadPoolExecutor(jobs) as pool:
            waiting: set[Future[Result]] = set()
            for trial in self._numbered(trials, order):
                if len(waiting) >= jobs:
                    waiting = self._collect(waiting, watch)
                waiting.add(pool.submit(self.try_day, trial))
            while waiting:
                waiting = self._collect(waiting, watch)
        self.results.sort(key=lambda result: order[result.trial.name])

    @staticmethod
    def _numbered(trials: Iterable[Trial], order: dict[str, int]) -> Iterator[Trial]:
        for trial in trials:
            order[trial.name] = len(order)
            yield trial

    def _collect(self, waiting: set[Future[Result]], watch: Callable[[Result], None]) -> set[Future[Result]]:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        for future in done:
            result = future.result()
            self.results.append(result)
            watch(result)
        return waiting

    def try_day(self, trial: Trial) -> Result:
        """Run the command on a day; a failure is run again, and shrunk if it comes again."""
        run = self._run(trial.document)
        if not run.bad:
            return Result(trial, run, trial.document)
        again = [self._run(trial.document) for _ in range(1 if run.outcome is Outcome.TIMED_OUT else REPEATS)]
        if any(each.failure != run.failure for each in again):
            return Result(trial, run, trial.document, flaky=True)
        small = shrink(trial.document, lambda document: self._run(document).failure == run.failure)
        return Result(trial, run, named(small, trial.name))

    def _run(self, document: Mapping[str, Any]) -> Run:
        return self.runner.run(document, self.ordinary.seen)


def ordinary_run(runner: Runner) -> Run:
    """The command on an ordinary day, where it has to pass, twice; `CannotRun` says what it printed if it does not."""
    for _ in range(2):
        run = runner.run(ORDINARY)
        if run.bad:
            raise CannotRun(
                f"the command {run.outcome} on an ordinary day, so no other day says anything\n{run.output}"
            )
    if not run.seen.operations:
        raise CannotRun("the command sent no request to KOBIKOM_URL on an ordinary day")
    return run
