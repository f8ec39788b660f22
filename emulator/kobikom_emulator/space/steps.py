"""Steps of a space: changes of its clock or credit that come between the requests of a client."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.values import Amount, Checked, Seconds
from kobikom_emulator.phrases import Phrase


class After(Checked, frozen=True, omit_defaults=True):
    """After the `count`-th request of an operation, counted from when the step was armed; None: of any."""

    operation: Literal["send", "pull", "titles", "balance"] | None = None
    count: Annotated[int, Meta(ge=1)] = 1


class Step(Checked, frozen=True, omit_defaults=True):
    """What happens once, when the request `after` which it comes was carried out: the clock advances by seconds, every
    account has this credit.
    """

    after: After = After()
    advance: Seconds | UnsetType = UNSET
    credit: Amount | UnsetType = UNSET

    def problem(self) -> str:
        """Why this step could never do anything, naming the field; "" if it could."""
        if self.advance is UNSET and self.credit is UNSET:
            return "advance: a step without advance and credit changes nothing"
        return ""

    def description(self) -> Phrase:
        """What it does, as a sentence of the journal."""
        changes = []
        if self.advance is not UNSET:
            changes.append(Phrase("the clock advances {seconds} s", seconds=self.advance))
        if self.credit is not UNSET:
            changes.append(Phrase("every account has the credit {credit}", credit=self.credit))
        change = changes[0] if len(changes) == 1 else Phrase("{one} and {other}", one=changes[0], other=changes[1])
        return Phrase("scenario step: after this request {change}", change=change)


class StepState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An armed step, how many of its requests were seen, and whether it was done."""

    step: Step
    seen: Annotated[int, Meta(ge=0)]
    done: bool


class Steps:
    """The steps that are armed in a space."""

    def __init__(self) -> None:
        self._states: list[StepState] = []

    def arm(self, steps: tuple[Step, ...]) -> None:
        self._states += [StepState(step, 0, False) for step in steps]

    def clear(self) -> None:
        self._states.clear()

    def disarm(self) -> None:
        """Forget the steps that have not come."""
        self._states = [state for state in self._states if state.done]

    def export(self) -> tuple[StepState, ...]:
        return tuple(self._states)

    def restore(self, states: tuple[StepState, ...]) -> None:
        self._states = list(states)

    def due(self, operation: str) -> list[Step]:
        """Count a request of an operation, and the steps that come after it, in the order in which they were armed."""
        due: list[Step] = []
        for nth, state in enumerate(self._states):
            after = state.step.after
            if state.done or after.operation not in (None, operation):
                continue
            seen = state.seen + 1
            done = seen >= after.count
            self._states[nth] = StepState(state.step, seen, done)
            if done:
                due.append(state.step)
        return due
