"""Arm, list, preview and disarm the fault rules of a space."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.operations import preview
from kobikom_emulator.operations.errors import Invalid, NotFound
from kobikom_emulator.operations.preview import Preview
from kobikom_emulator.space.space import Space


class ArmedFault(msgspec.Struct, frozen=True):
    """An armed rule: its number, how many requests it matched and how often it fired."""

    number: int
    rule: Rule
    matched: int
    fired: int


class FaultOperations:
    """The fault rules of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def list(self) -> Sequence[ArmedFault]:
        return [ArmedFault(armed.number, armed.rule, armed.matched, armed.fired) for armed in self._space.faults.rules]

    async def arm(self, rule: Rule) -> ArmedFault:
        """Add a rule behind those that are armed; `Invalid` if it could never do anything."""
        check_rules([rule], self._space.clock.now())
        async with self._space.change():
            armed = self._space.faults.arm(rule, self._space.clock.now())
        return ArmedFault(armed.number, armed.rule, armed.matched, armed.fired)

    async def disarm(self, number: int) -> None:
        """`NotFound` where no rule of this number is armed."""
        async with self._space.change():
            if not self._space.faults.disarm(number):
                raise NotFound(f"space {self._space.name!r} has no fault {number}")

    async def disarm_all(self) -> None:
        async with self._space.change():
            for armed in self._space.faults.rules:
                self._space.faults.disarm(armed.number)

    async def preview(self, rule: Rule) -> Preview:
        """Which of the requests so far a rule would have matched; nothing is armed. `Invalid` as for `arm`."""
        check_rules([rule], self._space.clock.now())
        return await preview.preview(self._space, rule)


def check_rules(rules: Iterable[Rule], now: int, *, field: str = "") -> None:
    """`Invalid` names the first rule that could never do anything at `now` (ms) or later."""
    for rule in rules:
        if problem := rule.problem(now):
            raise Invalid(problem, field=f"{field}{problem.partition(':')[0]}")
