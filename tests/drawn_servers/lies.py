"""The grammar of lies: an operation, a condition on the traffic, a choice of recipients, and an effect."""

from __future__ import annotations

import random
from dataclasses import dataclass

from drawn_servers.admission_effects import ADMISSION_EFFECTS
from drawn_servers.byte_effects import BYTE_EFFECTS
from drawn_servers.conditions import ALWAYS, Condition
from drawn_servers.credit_effects import CREDIT_EFFECTS
from drawn_servers.drawn_conditions import both, drawn_condition
from drawn_servers.effects import Choose, Effect, drawn_choice, every
from drawn_servers.memory_effects import MEMORY_EFFECTS
from drawn_servers.message_effects import MESSAGE_EFFECTS
from drawn_servers.order_effects import ORDER_EFFECTS
from drawn_servers.report_effects import REPORT_EFFECTS
from drawn_servers.report_field_effects import REPORT_FIELD_EFFECTS
from drawn_servers.result_effects import RESULT_EFFECTS
from drawn_servers.scene import Scene

FAMILIES: tuple[tuple[int, tuple[Effect, ...]], ...] = (
    (20, BYTE_EFFECTS),
    (14, RESULT_EFFECTS),
    (8, ADMISSION_EFFECTS),
    (20, MESSAGE_EFFECTS),
    (12, REPORT_EFFECTS),
    (12, REPORT_FIELD_EFFECTS),
    (16, CREDIT_EFFECTS),
    (8, MEMORY_EFFECTS),
    (6, ORDER_EFFECTS),
)
"""How often effects of each family are drawn, and the families."""
EFFECTS: tuple[Effect, ...] = tuple(effect for _, family in FAMILIES for effect in family)


@dataclass(frozen=True, slots=True)
class Lie:
    """One drawn lie. ``clauses``: those that it may break, one of which must catch it."""

    name: str
    operation: str
    condition: Condition
    effect: Effect
    choose: Choose
    times: tuple[int, int] = (0, 1)
    """From which time on that the condition holds the lie takes effect, and every how manieth time then (0: once)."""

    @property
    def clauses(self) -> frozenset[str]:
        """The clauses of the effect and of the condition."""
        return self.effect.clauses | self.condition.clauses

    def tell(self, scene: Scene) -> bool:
        """Tell it if the exchange is of its operation and its condition holds; True when a client could see it."""
        if scene.operation not in self.effect.operations or self.operation not in ("any", scene.operation):
            return False
        if not self.condition.holds(scene):
            return False
        first, period = self.times
        since = scene.past.held - first
        scene.past.held += 1
        due = since == 0 or (since > 0 and period > 0 and since % period == 0)
        return due and self.effect.tell(scene, self.choose)


TIMES = (
    ("", (0, 1)),
    (" for the first time", (0, 0)),
    (" for the second time", (1, 0)),
    (" for the fifth time", (4, 0)),
    (" every second time", (1, 2)),
    (" from the third time on", (2, 1)),
)
"""At which of the times that its condition holds a lie takes effect."""
PLAIN = 1_000_000
"""The number of the first lie that has no condition; there is one for each effect that is a lie by itself."""
_BY_THEMSELVES = tuple(one for one in EFFECTS if not one.needs_difference)
PLAIN_LIES = range(PLAIN, PLAIN + len(_BY_THEMSELVES))


def drawn_lie(seed: int, index: int) -> Lie:
    """The lie with a number, of a seed; one of `PLAIN_LIES` is the same for every seed."""
    if index >= PLAIN:
        effect = _BY_THEMSELVES[index - PLAIN]
        return Lie(f"any; always; {effect.name}", "any", ALWAYS, effect, every)
    draw = random.Random(f"lie {seed} {index}")
    family = draw.choices([one for _, one in FAMILIES], [weight for weight, _ in FAMILIES])[0]
    effect = draw.choice(family)
    operations = sorted(effect.operations)
    operation = draw.choice([*operations, "any"]) if len(operations) > 1 else operations[0]
    condition = _fitting(draw, effect, draw.choice(operations) if operation == "any" else operation)
    phrase, choose = drawn_choice(draw, operation) if effect.chooses else ("", every)
    when, times = draw.choices(TIMES, [12, *(1 for _ in TIMES[1:])])[0] if condition is not ALWAYS else TIMES[0]
    parts = [operation, condition.name + when, *([phrase] if phrase else []), effect.name]
    return Lie("; ".join(parts), operation, condition, effect, choose, times)


def _fitting(draw: random.Random, effect: Effect, operation: str) -> Condition:
    """A condition under which the effect is a lie."""
    if effect.narrow and draw.random() < 0.7:
        return ALWAYS
    while True:
        condition = drawn_condition(draw, operation)
        if draw.random() < 0.1:
            condition = both(condition, drawn_condition(draw, operation))
        within_limits = condition.limits and effect.refuses
        if not within_limits and not (effect.needs_difference and condition.name == "always"):
            return condition
