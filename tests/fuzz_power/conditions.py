"""Conditions under which the shop's first day runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from fuzz_power.shop_day import ORDINARY, Inputs, Shop

FORMAT = "kobikom-emulator-scenario/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """``different``: nothing fails, so everything must succeed. ``prepare`` changes the shop before its first step.

    ``second_is_good``: whether the second day is an ordinary one. ``timeout``: that of the service, in real seconds.
    """

    scenario: Mapping[str, Any]
    different: bool = False
    inputs: Inputs = ORDINARY
    password: str = "shop-secret"
    second_is_good: bool = True
    timeout: float = 10.0
    prepare: Callable[[Shop], None] = lambda _: None


def fault(effect: Mapping[str, Any], operation: str = "send", times: int = 1, skip: int = 0, **match: str) -> Condition:
    rule = {
        "effect": effect,
        "match": {"operation": operation, **match},
        "when": {"times": times, **({"skip": skip} if skip else {})},
    }
    return Condition(scenario={"format": FORMAT, "faults": [rule]})


def drop(operation: str = "send", moment: str = "after", **more: Any) -> Condition:
    return fault({"kind": "drop", "moment": moment}, operation, **more)


def refused(code: int, operation: str = "send", **more: Any) -> Condition:
    scope = "recipient" if "to" in more else "request"
    return fault({"kind": "status", "code": code, "scope": scope}, operation, **more)


def cut(kept: int, operation: str = "send") -> Condition:
    return fault({"kind": "truncate", "bytes": kept}, operation)


def reading(**readings: str) -> Condition:
    names = {name.replace("_", "-"): value for name, value in readings.items()}
    return Condition(scenario={"format": FORMAT, "readings": names}, different=True)


def outcome(status: str, after: float = 60.0, gsm_error: int | None = None) -> Condition:
    line: dict[str, Any] = {"status": status, "after": after}
    if gsm_error is not None:
        line["gsm_error"] = gsm_error
    return Condition(scenario={"format": FORMAT, "delivery": {"outcomes": [line], "jitter": 0.0}}, different=True)


def outcomes(*lines: tuple[str, float]) -> Condition:
    drawn = [{"status": status, "after": after, "weight": 1} for status, after in lines]
    return Condition(scenario={"format": FORMAT, "delivery": {"outcomes": drawn, "jitter": 0.0}}, different=True)


def clock(instant: str) -> Condition:
    return Condition(scenario={"format": FORMAT, "clock": {"set": instant, "freeze": True}}, different=True)


def credit(amount: str) -> Condition:
    return Condition(scenario={"format": FORMAT, "credit": amount})


def brought(**inputs: Any) -> Condition:
    return Condition(scenario={"format": FORMAT}, different=True, inputs=Inputs(**inputs))


ORDINARY_DAY = Condition(scenario={"format": FORMAT}, different=True)
BAD_DAY = Condition(scenario={"format": FORMAT})


def prepared(prepare: Callable[[Shop], None], base: Condition = ORDINARY_DAY) -> Condition:
    return replace(base, prepare=prepare)
