"""A fault rule: which requests it matches, when it fires, what it does.

Rules are values; what has happened to them is counted in the chain.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from fnmatch import fnmatchcase
from typing import Literal

import msgspec

from kobikom_emulator.faults.as_printed import AsPrinted
from kobikom_emulator.faults.delay import Delay
from kobikom_emulator.faults.dribble import Dribble
from kobikom_emulator.faults.drop import Drop
from kobikom_emulator.faults.garbage import Garbage
from kobikom_emulator.faults.http import Http
from kobikom_emulator.faults.status import Status
from kobikom_emulator.faults.truncate import Truncate

AnyEffect = Status | Http | Delay | Drop | Truncate | Garbage | Dribble | AsPrinted
"""Every kind of effect; the field `kind` of a rule's effect chooses."""

Operation = Literal["send", "pull", "titles", "balance"]


class Incoming(msgspec.Struct, frozen=True):
    """What rules look at: the request in short. `numbers` are as submitted, one sequence a message."""

    operation: Operation
    user: str
    numbers: Sequence[Sequence[str]] = ()
    titles: Sequence[str] = ()
    texts: Sequence[str] = ()


class Match(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Which requests: all conditions that are given hold. `to`, `title` and `text` are globs (`90532*`, `*kod*`)."""

    operation: Operation | None = None
    user: str | None = None
    to: str | None = None
    title: str | None = None
    text: str | None = None

    def matches(self, incoming: Incoming) -> bool:
        return (
            (self.operation is None or self.operation == incoming.operation)
            and (self.user is None or self.user == incoming.user)
            and (self.title is None or any(fnmatchcase(title, self.title) for title in incoming.titles))
            and (self.text is None or any(fnmatchcase(text, self.text) for text in incoming.texts))
            and (self.to is None or any(self.matches_number(n) for numbers in incoming.numbers for n in numbers))
        )

    def matches_number(self, number: str) -> bool:
        """Whether a submitted number is meant; a leading + does not count."""
        return self.to is None or fnmatchcase(number.removeprefix("+"), self.to.removeprefix("+"))


class When(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Of the matching requests: not the first `skip`, then at most `times` (None: no end), each with `probability`,
    and none at or after `until` of the space's clock.
    """

    skip: int = 0
    times: int | None = None
    probability: float = 1.0
    until: datetime | None = None


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A whole rule, as it stands in a configuration file or is armed over the control API."""

    effect: AnyEffect
    match: Match = Match()
    when: When = When()

    def problem(self, now: int) -> str:
        """Why this rule could never do anything at `now` (ms) or later, naming the field; "" if it could."""
        until = self.when.until
        if until is not None and until.tzinfo is not None and until.timestamp() * 1000 <= now:
            return "when.until: is already past on this space's clock, so the rule never matches"
        return self.lasting_problem()

    def lasting_problem(self) -> str:
        """Why this rule could never do anything at any time, naming the field; "" if it could."""
        when, match = self.when, self.match
        if when.skip < 0:
            return "when.skip: is 0 or more"
        if when.times is not None and when.times < 1:
            return "when.times: a rule that fires 0 times never matches"
        if not 0 < when.probability <= 1:
            return "when.probability: is more than 0 and at most 1"
        if when.until is not None and when.until.tzinfo is None:
            return "when.until: needs a time zone, as in 2026-01-31T09:00:00+03:00"
        of_sends = [name for name in ("to", "title", "text") if getattr(match, name) is not None]
        if match.operation not in (None, "send"):
            if of_sends:
                return f"match.{of_sends[0]}: a {match.operation} has none, so the rule never matches"
            if isinstance(self.effect, Status) and self.effect.scope == "recipient":
                return f"effect.scope: a {match.operation} has no recipients, so the rule never matches"
        if match.operation in ("titles", "balance") and isinstance(self.effect, AsPrinted):
            return f"match.operation: the page prints no malformed {match.operation} answer, so the rule never matches"
        return self.effect.problem()
