"""The steps of a run: noted while it runs, made again, and written as a test to paste."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis.stateful import INITIALIZE_RULE_MARKER, INVARIANT_MARKER, RULE_MARKER, Bundle, Invariant, Rule


@dataclass(frozen=True, slots=True)
class ResultOf:
    """The argument of a step that is the result of an earlier one, by its number."""

    number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One call of a rule. `initial`: by Hypothesis's `initialize`. Numbers are unique in a run."""

    number: int
    rule: Rule
    initial: bool
    arguments: Mapping[str, Any]


class Steps:
    """The steps of one run, with their results."""

    def __init__(self) -> None:
        self.taken: list[Step] = []
        self._results: dict[int, object] = {}

    def note(self, rule: Rule, arguments: Mapping[str, Any], *, initial: bool) -> Step:
        """A step that is about to be made."""
        known = {name: self._reference(rule.arguments[name], value) for name, value in arguments.items()}
        step = Step(number=len(self.taken), rule=rule, initial=initial, arguments=known)
        self.taken.append(step)
        return step

    def take(self, step: Step, machine: Any) -> None:
        """Make a step of another run, with the results of this one."""
        self.taken.append(step)
        self.keep(step, function_of(step.rule)(machine, **self._values(step)))

    def keep(self, step: Step, result: object) -> None:
        self._results[step.number] = result

    def has_what_it_takes(self, step: Step) -> bool:
        """Whether the results that a step needs are there."""
        return all(number in self._results for number in needed_by([step]))

    def _values(self, step: Step) -> dict[str, Any]:
        return {
            name: self._results[value.number] if isinstance(value, ResultOf) else value
            for name, value in step.arguments.items()
        }

    def _reference(self, strategy: object, value: Any) -> Any:
        """What comes from a bundle, as the result of the step that put it there."""
        if isinstance(strategy, Bundle):
            for number, result in self._results.items():
                if result is value:
                    return ResultOf(number)
        return value


def needed_by(steps: Iterable[Step]) -> set[int]:
    """The numbers of the steps whose results these steps take."""
    return {value.number for step in steps for value in step.arguments.values() if isinstance(value, ResultOf)}


def function_of(rule: Rule) -> Callable[..., Any]:
    """What a rule calls, without noting the call."""
    function: Callable[..., Any] = rule.function
    return getattr(function, "unnoted", function)


@functools.cache
def invariants_of(machine: type) -> tuple[Invariant, ...]:
    """The invariants of a class and of those that it is derived from."""
    markers = (getattr(member, INVARIANT_MARKER, None) for _, member in inspect.getmembers(machine))
    return tuple(marker for marker in markers if isinstance(marker, Invariant))


def test_of(steps: Sequence[Step], machine: str) -> str:
    """A test, to paste below the class `machine`, that makes the same steps and checks the invariants after them."""
    name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in machine).strip("_")
    needed = needed_by(steps)
    lines = [_line(step, needed) for step in steps]
    body = "\n".join(f"        {line}" for line in [*lines, "machine.check()"])
    return f"def test_{name}(kobikom):\n    with {machine}(kobikom) as machine:\n{body}\n"


def _line(step: Step, needed: Collection[int]) -> str:
    arguments = ", ".join(
        f"{name}={f'result_{value.number}' if isinstance(value, ResultOf) else _literal(value)}"
        for name, value in step.arguments.items()
    )
    assigned = f"result_{step.number} = " if step.number in needed else ""
    return f"{assigned}machine.{function_of(step.rule).__name__}({arguments})"


def _literal(value: object) -> str:
    """The value as an expression, a string with double quotes if it contains none."""
    text = repr(value)
    return f'"{text[1:-1]}"' if isinstance(value, str) and text[0] == "'" and '"' not in text else text


def note_rules(owner: type) -> None:
    """Let the rules that a class defines note their calls in `machine.steps`."""
    for function in list(vars(owner).values()):
        for marker in (RULE_MARKER, INITIALIZE_RULE_MARKER):
            rule = getattr(function, marker, None)
            if isinstance(rule, Rule):
                # Some versions of Hypothesis freeze their rules.
                object.__setattr__(rule, "function", _noting(rule, initial=marker == INITIALIZE_RULE_MARKER))


def _noting(rule: Rule, *, initial: bool) -> Callable[..., Any]:
    function = rule.function

    @functools.wraps(function)
    def noting(machine: Any, **arguments: Any) -> Any:
        step = machine.steps.note(rule, arguments, initial=initial)
        result = function(machine, **arguments)
        machine.steps.keep(step, result)
        return result

    noting.unnoted = function  # type: ignore[attr-defined]
    return noting
