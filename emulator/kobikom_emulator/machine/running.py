"""Draw runs of a machine until one fails, make the failing run small, and say what it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import Phase
from hypothesis import settings as Settings  # noqa: N812  # a class, although its name is not one
from hypothesis.errors import HypothesisException
from hypothesis.stateful import run_state_machine_as_test

from kobikom_emulator.machine.smallest import FailedRun, Search
from kobikom_emulator.machine.steps import Step, test_of

SHRINKING = (Phase.shrink, Phase.explain)
"""What Hypothesis leaves to `Search`."""


def run(make: Callable[[], Any], owner: type, settings: Settings) -> None:
    """Draw runs of a machine that `make` makes, of the class `owner`; raise the error of the smallest that fails."""
    latest: list[Any] = []

    def machine() -> Any:
        latest[:] = [make()]
        return latest[0]

    machine.__name__ = machine.__qualname__ = owner.__qualname__
    for name, value in vars(owner).items():
        if name.startswith("_hypothesis_internal_use_"):  # what @seed and @reproduce_failure leave on a class
            setattr(machine, name, value)
    drawing = Settings(settings, phases=[phase for phase in settings.phases if phase not in SHRINKING])
    try:
        # A function that returns a machine does, but Hypothesis types it as a class.
        run_state_machine_as_test(machine, settings=drawing)  # type: ignore[arg-type]
    except HypothesisException:
        raise
    except Exception as error:  # noqa: BLE001  # raised below, outside this block: machines ask whether there is an error
        drawn = error
    else:
        return
    failed = _make_again(make, latest[0].steps.taken) if latest else None
    if failed is None or type(failed.error) is not type(drawn):
        drawn.add_note("the steps of this run do not fail when they are made again: something else decides, too")
        raise drawn
    if Phase.shrink in settings.phases:
        smallest = Search(lambda steps: _make_again(make, steps), failed).search()
        failed = _make_again(make, smallest.steps) or smallest  # the space is left as this run leaves it
    failed.error.add_note(f"the same steps as a test:\n\n{test_of(failed.steps, owner.__name__)}")
    raise failed.error


def _make_again(make: Callable[[], Any], steps: Sequence[Step]) -> FailedRun | None:
    """Make the steps of a run, those that are possible, on a new machine, as Hypothesis would."""
    machine = make()
    last_initial = max((place for place, step in enumerate(steps) if step.initial), default=-1)
    try:
        try:
            if last_initial < 0:
                machine.check_now()
            for place, step in enumerate(steps):
                if machine.steps.has_what_it_takes(step) and all(each(machine) for each in step.rule.preconditions):
                    machine.steps.take(step, machine)
                    if place >= last_initial:
                        machine.check_now()
        finally:
            machine.teardown()
    except HypothesisException:  # an assumption of a rule
        return None
    except Exception as error:  # noqa: BLE001  # raised by `run`, in the end
        return FailedRun(tuple(machine.steps.taken), error)
    return None
