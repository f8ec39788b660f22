"""Draws conditions: one of all, or two that must hold at once."""

from __future__ import annotations

import random

from drawn_servers.conditions import ALWAYS, MAKERS, Condition
from drawn_servers.conditions_of_state import STATE_MAKERS

EVERY_MAKER = (*MAKERS, *STATE_MAKERS)


def drawn_condition(draw: random.Random, operation: str) -> Condition:
    """A condition that can hold for an operation."""
    weights, makers = zip(*EVERY_MAKER, strict=True)
    while True:
        condition = draw.choices(makers, weights)[0](draw)
        if operation in condition.operations:
            return condition


def both(one: Condition, other: Condition) -> Condition:
    """Both conditions at once."""
    if one.name == other.name or other is ALWAYS:
        return one
    if one is ALWAYS:
        return other
    return Condition(
        f"{one.name} and {other.name}",
        one.operations & other.operations,
        lambda scene: one.holds(scene) and other.holds(scene),
        one.clauses | other.clauses,
        one.limits or other.limits,
    )
