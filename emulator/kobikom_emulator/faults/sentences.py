"""A fault rule as a sentence: which requests, and what happens to them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from kobikom_emulator.faults.rule import Match, Rule
from kobikom_emulator.phrases import Phrase

_TURKEY = ZoneInfo("Europe/Istanbul")

_ONE: Mapping[str | None, str] = {
    None: Phrase("request"),
    "send": Phrase("send"),
    "pull": Phrase("pull"),
    "titles": Phrase("title query"),
    "balance": Phrase("balance query"),
    "push": Phrase("push"),
}
_SEVERAL: Mapping[str | None, str] = {
    None: Phrase("requests"),
    "send": Phrase("sends"),
    "pull": Phrase("pulls"),
    "titles": Phrase("title queries"),
    "balance": Phrase("balance queries"),
    "push": Phrase("pushes"),
}


def sentence(rule: Rule, *, matched: int = 0, fired: int = 0, spent: bool = False) -> str:
    """What a rule will do from now on, after so many requests matched it and it fired so often; of a `spent` one, what
    it did.
    """
    requests = _requests(rule, fired=fired, spent=spent)
    conditions = [*_conditions(rule.match), *_limits(rule, matched=0 if spent else matched)]
    if conditions:
        requests = Phrase("{requests} ({conditions})", requests=requests, conditions=_listed(conditions))
    return Phrase("{requests}: {effect}", requests=requests, effect=rule.effect.sentence())


def _requests(rule: Rule, *, fired: int, spent: bool) -> str:
    operation, times = rule.match.operation, rule.when.times
    if times is None:
        return Phrase("Every {what}", what=_ONE[operation])
    count = times if spent else times - fired
    if spent:
        one = Phrase("One {what}", what=_ONE[operation])
        several = Phrase("{count} {what}", count=count, what=_SEVERAL[operation])
    else:
        one = Phrase("The next {what}", what=_ONE[operation])
        several = Phrase("The next {count} {what}", count=count, what=_SEVERAL[operation])
    return one if count == 1 else several


def _conditions(match: Match) -> list[str]:
    conditions = list[str]()
    if match.user is not None:
        conditions.append(Phrase("user {user}", user=match.user))
    if match.to is not None:
        conditions.append(Phrase("to {number}", number=match.to))
    if match.title is not None:
        conditions.append(Phrase("title {title}", title=match.title))
    if match.text is not None:
        conditions.append(Phrase("text {text}", text=match.text))
    return conditions


def _limits(rule: Rule, *, matched: int) -> list[str]:
    when, limits = rule.when, list[str]()
    if (skip := when.skip - matched) > 0:
        limits.append(Phrase("not the first one") if skip == 1 else Phrase("not the first {count}", count=skip))
    if when.probability < 1:
        limits.append(Phrase("with a chance of {percent} %", percent=f"{when.probability * 100:g}"))
    if when.until is not None:
        limits.append(Phrase("until {instant}", instant=_in_turkey(when.until)))
    return limits


def _in_turkey(instant: datetime) -> str:
    return instant.astimezone(_TURKEY).strftime("%d.%m.%Y %H:%M:%S")


def _listed(texts: list[str]) -> str:
    first, *rest = texts
    return Phrase("{first}, {rest}", first=first, rest=_listed(rest)) if rest else first
