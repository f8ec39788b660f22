"""The fault rules that are armed in a space, with how often each matched and fired.

Every rule that fires on a request takes part, in the order in which they were armed: delays add up, and each changes
the answer that the one before left. Where only one can win, a status code or an answer instead of the work, the first
does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

import msgspec
from msgspec import Meta

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.dice import Dice
from kobikom_emulator.faults.rule import Incoming, Rule
from kobikom_emulator.protocol.readings import Readings


class NeverMatches(ValueError):
    """A rule that can never do anything; the message names the field."""


class RuleState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An armed rule: its number in the space, how many requests it matched and how often it fired."""

    number: Annotated[int, Meta(ge=1)]
    rule: Rule
    matched: Annotated[int, Meta(ge=0)]
    fired: Annotated[int, Meta(ge=0)]


class ChainState(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The armed rules in order, the number that was given last, how many random draws were made, and how often each
    kind fired.
    """

    rules: tuple[RuleState, ...]
    last_number: Annotated[int, Meta(ge=0)]
    drawn: Annotated[int, Meta(ge=0)]
    fired: dict[str, Annotated[int, Meta(ge=0)]] = {}


@dataclass(slots=True)
class ArmedRule:
    """A rule with its number in the space, how many requests it matched and how often it fired."""

    number: int
    rule: Rule
    matched: int = 0
    fired: int = 0

    @property
    def label(self) -> str:
        """What the journal calls it: number and kind."""
        return f"#{self.number} {self.rule.effect.kind}"

    def fires(self, incoming: Incoming, now: int, dice: Dice) -> bool:
        """Whether it fires on this request; counts that it matched or fired."""
        when = self.rule.when
        if when.is_over(fired=self.fired, now=now) or not self.rule.concerns(incoming):
            return False
        self.matched += 1
        if self.matched <= when.skip or (when.probability < 1 and dice.random() >= when.probability):
            return False
        self.fired += 1
        return True


@dataclass(frozen=True, slots=True)
class FiredRules:
    """The rules that fire on one request, in the order in which they were armed."""

    armed: tuple[ArmedRule, ...] = ()
    dice: Dice = field(default_factory=lambda: Dice(0))

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(each.label for each in self.armed)

    def readings(self, readings: Readings) -> Readings:
        """The readings that this request is answered with."""
        for each in self.armed:
            readings = each.rule.effect.readings(readings)
        return readings

    def request_code(self) -> int | None:
        """The status code of the first rule that answers the whole request with one."""
        codes = (each.rule.effect.request_code() for each in self.armed)
        return next((code for code in codes if code is not None), None)

    def before(self) -> Answer | None:
        """The answer of the first rule that answers instead of the work."""
        answers = (each.rule.effect.before() for each in self.armed)
        return next((answer for answer in answers if answer is not None), None)

    def recipient_codes(self, messages: Sequence[Sequence[str]]) -> list[dict[int, int]]:
        """For each message of a request, index to status code of the recipients that a rule fails; the first rule
        wins.
        """
        codes: list[dict[int, int]] = [{} for _ in messages]
        for each in self.armed:
            effect, match = each.rule.effect, each.rule.match
            code = effect.recipient_code()
            if code is None:
                continue
            matching = [
                (nth, index)
                for nth, numbers in enumerate(messages)
                for index, number in enumerate(numbers)
                if match.matches_number(number)
            ]
            for place, (nth, index) in enumerate(matching, 1):
                if effect.hits(place, len(matching)):
                    codes[nth].setdefault(index, code)
        return codes

    def push_delay(self) -> float:
        """By how many seconds of the space's clock the push is put off."""
        return sum(each.rule.effect.push_delay() for each in self.armed)

    def push_copies(self) -> int:
        """How often the report is pushed."""
        return max((each.rule.effect.push_copies() for each in self.armed), default=1)

    def after(self, answer: Answer) -> Answer:
        """The finished answer as it is sent: each rule changes what the one before left."""
        for each in self.armed:
            answer = each.rule.effect.after(answer, self.dice)
        return answer


class FaultChain:
    """The armed rules of a space; chance comes from the seed alone."""

    def __init__(self, seed: int) -> None:
        self._dice = Dice(seed)
        self._rules: dict[int, ArmedRule] = {}
        self._last_number = 0
        self._fired: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def rules(self) -> tuple[ArmedRule, ...]:
        return tuple(self._rules.values())

    @property
    def fired(self) -> Mapping[str, int]:
        """How often each kind fired since the chain was cleared, 0 for one that was armed in vain; rules that are not
        armed any more count too.
        """
        return self._fired

    def arm(self, rule: Rule, now: int) -> ArmedRule:
        """Add a rule; `NeverMatches` if it could never do anything from `now` (ms) on."""
        if problem := rule.problem(now):
            raise NeverMatches(problem)
        return self._add(rule)

    def arm_all(self, rules: Iterable[Rule], now: int) -> tuple[ArmedRule, ...]:
        """Add several rules or, if one of them could never do anything, none: `NeverMatches`."""
        rules = tuple(rules)
        for nth, rule in enumerate(rules):
            if problem := rule.problem(now):
                raise NeverMatches(f"faults[{nth}].{problem}")
        return tuple(self._add(rule) for rule in rules)

    def disarm(self, number: int) -> bool:
        """Take a rule away; False if there is none of this number."""
        return self._rules.pop(number, None) is not None

    def clear(self, seed: int | None = None) -> None:
        """Disarm everything; numbers and chance start again, from another seed if one is given."""
        self._rules.clear()
        self._fired.clear()
        self._last_number = 0
        self._dice = Dice(self._dice.seed if seed is None else seed)

    def reseed(self, seed: int) -> None:
        """Let chance begin again, from another seed."""
        self._dice = Dice(seed)

    def active(self, now: int) -> int:
        """How many rules may still fire at `now` (ms) or later."""
        return sum(not each.rule.when.is_over(fired=each.fired, now=now) for each in self._rules.values())

    def export(self) -> ChainState:
        rules = tuple([RuleState(each.number, each.rule, each.matched, each.fired) for each in self._rules.values()])
        return ChainState(rules, self._last_number, self._dice.drawn, dict(self._fired))

    def restore(self, state: ChainState, seed: int) -> None:
        """Arm what was exported, rules whose time is over included; chance goes on from this seed."""
        self._rules = {each.number: ArmedRule(each.number, each.rule, each.matched, each.fired) for each in state.rules}
        self._last_number = state.last_number
        self._fired = dict(state.fired)
        self._dice = Dice(seed, drawn=state.drawn)

    def fire(
        self,
        incoming: Incoming,
        now: int,
        chosen: Callable[[Rule], bool] | None = None,
    ) -> FiredRules:
        """The rules, of those `chosen`, that fire on this request; counts them."""
        dice = self._dice
        armed: list[ArmedRule] = []
        for each in self._rules.values():
            if (chosen is None or chosen(each.rule)) and each.fires(incoming, now, dice):
                self._count(each, 1)
                armed.append(each)
        return FiredRules(tuple(armed), dice) if armed else NO_FAULTS

    def _count(self, armed: ArmedRule, times: int) -> None:
        kind = armed.rule.effect.kind
        self._fired[kind] = self._fired.get(kind, 0) + times

    def _add(self, rule: Rule) -> ArmedRule:
        self._last_number += 1
        armed = self._rules[self._last_number] = ArmedRule(self._last_number, rule)
        self._count(armed, 0)
        return armed


NO_FAULTS = FiredRules()
