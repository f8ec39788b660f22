"""The result of a scenario that a test played: which of its faults and steps did something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

STEP = "step"
"""The word for steps among the kinds of fault."""


@dataclass(frozen=True, slots=True)
class Played:
    """A scenario that was played. `name` is "" for one without; `fired` has a number for each kind of fault in it, 0
    where it never fired, and for `step`.
    """

    name: str
    fired: Mapping[str, int]

    @property
    def idle(self) -> bool:
        """Whether it has faults or steps, and none of them did anything."""
        return bool(self.fired) and not any(self.fired.values())


def fired_kinds(view: Mapping[str, Any]) -> dict[str, int]:
    """How often each kind of fault fired and how many steps were done, from the control API's list of faults."""
    steps = {STEP: sum(step["done"] for step in view["steps"])} if view["steps"] else {}
    return {**view["fired"], **steps}
