"""A fault rule: which requests it matches, when it fires, and its effect."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kobikom_emulator.domain.matching import Conditions, any_text_matches, number_matches
from kobikom_emulator.domain.values import Checked, Instant, milliseconds
from kobikom_emulator.faults.kinds import AnyEffect

Operation = Literal["send", "pull", "titles", "balance", "push"]
"""The vendor's four operations, and the pushes of reports, which it makes itself."""


class Incoming(msgspec.Struct, frozen=True, gc=False):
    """What rules look at: the request in short. `numbers` are as submitted, one sequence a message."""

    operation: Operation
    user: str
    numbers: Sequence[Sequence[str]] = ()
    titles: Sequence[str] = ()
    texts: Sequence[str] = ()


class Match(Conditions, frozen=True, omit_defaults=True):
    """Which requests: all conditions that are given hold. A send with several messages or recipients matches if one of
    them does.
    """

    operation: Operation | None = None

    def matches(self, incoming: Incoming) -> bool:
        return (
            (self.operation is None or self.operation == incoming.operation)
            and (self.user is None or self.user == incoming.user)
            and (self.title is None or any_text_matches(self.title, incoming.titles))
            and (self.text is None or any_text_matches(self.text, incoming.texts))
            and (self.to is None or any(number_matches(self.to, *numbers) for numbers in incoming.numbers))
        )

    def matches_number(self, number: str) -> bool:
        """Whether the rule is about this recipient, as submitted."""
        return self.to is None or number_matches(self.to, number)


class When(Checked, frozen=True, omit_defaults=True):
    """Of the matching requests: not the first `skip`, then at most `times` (None: no end), each with `probability`,
    and none at or after `until` of the space's clock.
    """

    skip: Annotated[int, Meta(ge=0)] = 0
    times: Annotated[int, Meta(ge=1)] | None = None
    probability: Annotated[float, Meta(gt=0, le=1)] = 1.0
    until: Instant | None = None

    def is_over(self, *, fired: int, now: int) -> bool:
        """Whether a rule that fired so often will not fire again from `now` (ms) on."""
        return (self.times is not None and fired >= self.times) or (
            self.until is not None and now >= milliseconds(self.until)
        )


class Rule(Checked, frozen=True):
    """A whole rule, as written in a configuration file or sent to the control API."""

    effect: AnyEffect
    match: Match = Match()
    when: When = When()

    def concerns(self, incoming: Incoming) -> bool:
        """Whether a request matches and the effect can do anything to it."""
        if not (self.effect.affects(incoming.operation) and self.match.matches(incoming)):
            return False
        return incoming.operation != "send" or self.effect.reaches(self._recipients(incoming))

    def _recipients(self, incoming: Incoming) -> int:
        matches_number = self.match.matches_number
        return sum(bool(number) and matches_number(number) for numbers in incoming.numbers for number in numbers)

    def problem(self, now: int) -> str:
        """Why this rule could never do anything at `now` (ms) or later, naming the field; "" if it could."""
        if self.when.until is not None and milliseconds(self.when.until) <= now:
            return "when.until: is already past on this space's clock, so the rule never matches"
        return self.lasting_problem()

    def lasting_problem(self) -> str:
        """Why this rule could never do anything at any time, naming the field; "" if it could."""
        operation = self.match.operation
        if operation not in (None, "send", "push"):
            for name in ("to", "title", "text"):
                if getattr(self.match, name) is not None:
                    return f"match.{name}: a {operation} has none, so the rule never matches"
        if operation is not None and not self.effect.affects(operation):
            answer = "push" if operation == "push" else f"{operation} answer"
            return f"match.operation: this {self.effect.kind} effect never changes a {answer}"
        return self.effect.problem()
