"""The steps of a run as a test to paste."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from hypothesis.stateful import Rule


class Steps:
    """The steps of one run, as lines of Python. A step within another one is not a step of the test."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self._inside = False

    @contextmanager
    def step(self, *lines: str) -> Iterator[None]:
        """Note a step that the block makes."""
        if self._inside:
            yield
            return
        self.lines += lines
        self._inside = True
        try:
            yield
        finally:
            self._inside = False

    def test(self, machine: str) -> str:
        """A test that makes the same steps, and checks the invariants after them."""
        name = "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in machine).strip("_")
        body = "\n".join(f"        {line}" for line in [*self.lines, "machine.check()"])
        return f"def test_{name}(kobikom):\n    with {machine}(kobikom) as machine:\n{body}\n"


def note_rules(owner: type) -> None:
    """Let the rules that a subclass defines note their calls in `self.steps`, however Hypothesis marks rules."""
    for function in list(vars(owner).values()):
        for rule in getattr(function, "__dict__", {}).values():
            if isinstance(rule, Rule):
                # some versions of Hypothesis freeze their rules
                object.__setattr__(rule, "function", _noting(rule.function))


def _noting(function: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(function)
    def noting(machine: Any, **arguments: Any) -> Any:
        given = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
        with machine.steps.step(f"machine.{function.__name__}({given})"):
            return function(machine, **arguments)

    return noting
