"""Runs both days of a shop under a condition, and says which promises are broken."""

from __future__ import annotations

from fuzz_power.conditions import Condition
from fuzz_power.promises import broken, broken_at_noon
from fuzz_power.street import Street
from fuzz_power.view import View

NO_BUGS: frozenset[str] = frozenset()


def judged(street: Street, condition: Condition, bugs: frozenset[str] = NO_BUGS) -> list[str]:
    """Sentences about the promises that a service with these mistakes breaks; none if it keeps them."""
    shop = street.shop(condition.scenario, bugs, inputs=condition.inputs, timeout=condition.timeout)
    condition.prepare(shop)
    sentences: list[str] = []
    shop.at_noon = lambda: sentences.extend(broken_at_noon(View.of(shop)))
    shop.first_day()
    shop.mend()
    shop.second_day()
    view = View.of(shop)
    return sentences + broken(view, different=condition.different, second_is_good=condition.second_is_good)
