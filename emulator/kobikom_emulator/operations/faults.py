"""Arm, list, preview and disarm the fault rules of a space."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kobikom_emulator.faults.chain import RuleState
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.operations import preview
from kobikom_emulator.operations.errors import Invalid, NotFound, NotInTime
from kobikom_emulator.operations.preview import Preview
from kobikom_emulator.operations.waiting import until
from kobikom_emulator.space.space import Space
from kobikom_emulator.space.steps import StepState


class FaultOperations:
    """The fault rules of one space."""

    def __init__(self, space: Space) -> None:
        self._space = space

    def list(self) -> Sequence[RuleState]:
        return self._space.faults.export().rules

    def is_active(self, fault: RuleState) -> bool:
        """Whether a rule may still fire."""
        return not fault.rule.when.is_over(fired=fault.fired, now=self._space.clock.now())

    async def arm(self, rule: Rule) -> RuleState:
        """Add a rule behind those that are armed; `Invalid` if it could never do anything."""
        async with self._space.change():
            now = self._space.clock.now()
            check_rules([rule], now)
            armed = self._space.faults.arm(rule, now)
            return RuleState(armed.number, armed.rule, armed.matched, armed.fired)

    async def disarm(self, number: int) -> None:
        """`NotFound` where no rule of this number is armed."""
        async with self._space.change():
            if not self._space.faults.disarm(number):
                raise NotFound(f"space {self._space.name!r} has no fault {number}")

    async def disarm_all(self) -> None:
        """Disarm every rule and the steps that have not come."""
        async with self._space.change():
            for armed in self._space.faults.rules:
                self._space.faults.disarm(armed.number)
            self._space.steps.disarm()

    async def release(self, *, count: int, timeout: float) -> int:  # noqa: ASYNC109  # real seconds that the caller gives
        """Let the answers go that are held, once `count` of them are; how many went. `NotInTime` after `timeout` real
        seconds.
        """
        held = self._space.held

        async def enough() -> bool:
            return len(held) >= count

        if not await until(self._space, enough, timeout=timeout):
            raise NotInTime(f"{len(held)} of {count} answers were held within {timeout:g} s")
        return held.release()

    async def wait_until_held(self, number: int, *, count: int, timeout: float) -> int:  # noqa: ASYNC109  # real seconds that the caller gives
        """Return once `count` answers are held that a rule fired on; how many. `NotFound` where the rule is not armed,
        or as soon as it is disarmed, `NotInTime` after `timeout` real seconds.
        """
        space = self._space

        async def is_held() -> bool:
            if all(armed.number != number for armed in space.faults.rules):
                raise NotFound(f"space {space.name!r} has no fault {number}")
            return space.held.by(number) >= count

        if not await until(space, is_held, timeout=timeout):
            raise NotInTime(f"fault {number} held {space.held.by(number)} of {count} answers within {timeout:g} s")
        return space.held.by(number)

    def fired(self) -> Mapping[str, int]:
        """How often each kind fired since the space was reset, rules that were disarmed included."""
        return self._space.faults.fired

    def steps(self) -> Sequence[StepState]:
        """The armed steps, and which of them were done."""
        return self._space.steps.export()

    async def preview(self, rule: Rule) -> Preview:
        """Which of the requests so far a rule would have matched; nothing is armed. `Invalid` as for `arm`."""
        check_rules([rule], self._space.clock.now())
        return await preview.preview(self._space, rule)


def check_rules(rules: Iterable[Rule], now: int, *, field: str = "") -> None:
    """`Invalid` names the first rule that could never do anything at `now` (ms) or later; `field` is that of the rules,
    "" for a single one.
    """
    for nth, rule in enumerate(rules):
        if problem := rule.problem(now):
            place = f"{field}[{nth}]." if field else ""
            raise Invalid(place + problem, field=place + problem.partition(":")[0])
