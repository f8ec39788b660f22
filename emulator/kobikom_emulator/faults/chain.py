"""The armed rules of a space, in the order they were armed, and what has become of each."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from kobikom_emulator.exchange import Answer
from kobikom_emulator.faults.rule import Incoming, Rule
from kobikom_emulator.protocol.readings import Readings


class NeverMatches(ValueError):
    """A rule that can never do anything; the message names the field."""


@dataclass(slots=True)
class Armed:
    """A rule with its number, how many requests it matched and how often it fired."""

    number: int
    rule: Rule
    matched: int = 0
    fired: int = 0

    @property
    def label(self) -> str:
        """Its number and kind, as in `#1 delay`: how the journal names it."""
        return f"#{self.number} {self.rule.effect.__struct_config__.tag}"


@dataclass(frozen=True, slots=True)
class FiredRules:
    """The rules that fired for one request."""

    armed: tuple[Armed, ...] = ()
    dice: Random = field(default_factory=Random)

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(each.label for each in self.armed)

    def readings(self, readings: Readings) -> Readings:
        for each in self.armed:
            readings = each.rule.effect.readings(readings)
        return readings

    def request_code(self) -> int | None:
        codes = (each.rule.effect.request_code() for each in self.armed)
        return next((code for code in codes if code is not None), None)

    def before(self) -> Answer | None:
        answers = (each.rule.effect.before() for each in self.armed)
        return next((answer for answer in answers if answer is not None), None)

    def recipient_codes(self, numbers: tuple[str, ...]) -> dict[int, int]:
        """Index to code of the recipients that a rule fails; the first rule wins."""
        codes: dict[int, int] = {}
        for each in self.armed:
            code = each.rule.effect.recipient_code()
            if code is not None:
                for index, number in enumerate(numbers):
                    if each.rule.match.matches_number(number):
                        codes.setdefault(index, code)
        return codes

    def after(self, answer: Answer) -> Answer:
        for each in self.armed:
            answer = each.rule.effect.after(answer, self.dice)
        return answer


class FaultChain:
    """Rules are asked in the order they were armed; chance comes from the seed alone."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._dice = Random(f"kobikom-emulator faults {seed}")
        self._rules: dict[int, Armed] = {}
        self._numbered = 0

    def __len__(self) -> int:
        return len(self._rules)

    @property
    def rules(self) -> tuple[Armed, ...]:
        return tuple(self._rules.values())

    def arm(self, rule: Rule, now: int) -> Armed:
        """Add a rule; `NeverMatches` if it could never do anything from `now` (ms) on."""
        if problem := rule.problem(now):
            raise NeverMatches(problem)
        self._numbered += 1
        armed = self._rules[self._numbered] = Armed(self._numbered, rule)
        return armed

    def restore(self, rule: Rule, *, matched: int, fired: int) -> None:
        """Add a rule with a past; it may be one whose time is over."""
        self._numbered += 1
        self._rules[self._numbered] = Armed(self._numbered, rule, matched, fired)

    def disarm(self, number: int) -> bool:
        return self._rules.pop(number, None) is not None

    def clear(self) -> None:
        """Disarm everything and start numbers and chance anew."""
        self._rules.clear()
        self._numbered = 0
        self._dice = Random(f"kobikom-emulator faults {self._seed}")

    def fire(self, incoming: Incoming, now: int) -> FiredRules:
        """The rules that fire for this request; counts matches and firings."""
        fired: list[Armed] = []
        for armed in self._rules.values():
            when = armed.rule.when
            if when.until is not None and now >= when.until.timestamp() * 1000:
                continue
            if when.times is not None and armed.fired >= when.times:
                continue
            if not (armed.rule.effect.affects(incoming.operation) and armed.rule.match.matches(incoming)):
                continue
            armed.matched += 1
            if armed.matched <= when.skip:
                continue
            if when.probability < 1 and self._dice.random() >= when.probability:
                continue
            armed.fired += 1
            fired.append(armed)
        return FiredRules(tuple(fired), self._dice)


NO_FAULTS = FiredRules()
