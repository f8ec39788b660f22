"""The smallest steps that fail as a run did: steps are left out one after another, then arguments are made simpler.

Hypothesis shrinks the choices that a run was drawn from, which takes hundreds of runs. Leaving out steps takes dozens.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from random import Random
from typing import Any

from hypothesis import HealthCheck, Phase, find
from hypothesis import settings as Settings  # noqa: N812  # a class, although its name is not one
from hypothesis.errors import HypothesisException
from hypothesis.stateful import Bundle

from kobikom_emulator.machine.steps import ResultOf, Step

MOST_RUNS = 1000
"""How many runs the search takes at most."""
PAIRS_AMONG = 8
"""With at most so many steps, each two of them are left out together, too."""
TRIES = 25
"""How many values are drawn for an argument."""

_FIND = Settings(
    max_examples=TRIES,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class FailedRun:
    """The steps up to the one that failed, and the failure."""

    steps: tuple[Step, ...]
    error: BaseException

    @property
    def failure(self) -> tuple[object, ...]:
        """What two runs have in common that fail alike: the type of the error and the code that raised it."""
        frames = traceback.extract_tb(self.error.__traceback__)[-2:]
        return type(self.error), *((frame.filename, frame.name, frame.lineno) for frame in frames)


Run = Callable[[Sequence[Step]], FailedRun | None]
"""Makes steps, leaving out those that cannot be made, until one fails; None if none does."""


class Search:
    """Looks for smaller runs that fail like the first one."""

    def __init__(self, run: Run, first: FailedRun) -> None:
        self._run = run
        self._runs = 0
        self.smallest = first

    def search(self) -> FailedRun:
        """The smallest run that was found: without any step, or two, it does not fail alike."""
        while self._leave_out():
            pass
        for number in [step.number for step in self.smallest.steps]:
            for step in [step for step in self.smallest.steps if step.number == number]:
                for name in step.arguments:
                    self._simplify(step, name)
        return self.smallest

    def _leave_out(self) -> bool:
        """Whether steps could be left out: many at once, then fewer, the last ones first."""
        steps = self.smallest.steps
        size = max(1, len(steps) // 2)
        while size:
            for end in range(len(steps), size - 1, -size):
                if self._fails((*steps[: end - size], *steps[end:])):
                    return True
            size //= 2
        return len(steps) <= PAIRS_AMONG and any(self._fails(rest) for rest in _without_two(steps))

    def _simplify(self, step: Step, name: str) -> None:
        """Look for the simplest value of an argument, as its strategy counts."""
        strategy, value = step.rule.arguments[name], step.arguments[name]
        if isinstance(value, ResultOf) or isinstance(strategy, Bundle):
            return

        def fails_with(other: Any) -> bool:
            return self._fails([_changed(each, step.number, name, other) for each in self.smallest.steps])

        try:
            if repr(find(strategy, lambda _: True, settings=_FIND, random=Random(0))) != repr(value):
                fails_with(find(strategy, fails_with, settings=_FIND, random=Random(0)))
        except HypothesisException:
            return  # no other value fails alike, or the strategy needs the machine

    def _fails(self, steps: Sequence[Step]) -> bool:
        """Whether steps fail like the first run; then they are the smallest."""
        if self._runs >= MOST_RUNS or any(step.initial for step in self.smallest.steps if step not in steps):
            return False
        self._runs += 1
        failed = self._run(steps)
        if failed is None or failed.failure != self.smallest.failure:
            return False
        self.smallest = failed
        return True


def _changed(step: Step, number: int, name: str, value: Any) -> Step:
    """The step with another argument, if it has this number."""
    return replace(step, arguments={**step.arguments, name: value}) if step.number == number else step


def _without_two(steps: Sequence[Step]) -> Iterator[tuple[Step, ...]]:
    for one, other in combinations(range(len(steps)), 2):
        yield tuple(step for place, step in enumerate(steps) if place not in (one, other))
