"""Which days a fuzzing run tries, in which order."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from kobikom_contracts.catalogue.all_days import days
from kobikom_contracts.catalogue.sentences import tell
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import OPERATIONS

DRAWN = 100
"""How many days are drawn after the catalogue unless another number is asked for."""


@dataclass(frozen=True)
class Trial:
    """A day to try: its name, the kind that the summary counts it under, and its document."""

    name: str
    kind: str
    document: Mapping[str, Any]


def trials(wanted: str, operations: Collection[str], *, seed: int) -> Iterator[Trial]:
    """The days for `all`, `single` or a number, that a program which sends these requests can notice.

    Days of the catalogue first; with a number so many in all, with `all` a hundred drawn ones more.
    """
    single = [
        Trial(day.name, day.kind, day.document())
        for day in days(operations=[name for name in OPERATIONS if name in operations])
        if day.kind != "ordinary"
    ]
    limit = int(wanted) if wanted.isdigit() else len(single) + (DRAWN if wanted == "all" else 0)
    yield from single[:limit]
    if limit > len(single):
        yield from drawn(limit - len(single), operations, seed=seed)


def drawn(count: int, operations: Collection[str], *, seed: int) -> list[Trial]:
    """So many different days with several things wrong; the same for the same seed."""
    from hypothesis import HealthCheck, Phase, given, settings
    from hypothesis import seed as seeded

    from kobikom_contracts.catalogue.drawing import scenarios

    scenarios_drawn: list[Scenario] = []

    @seeded(seed)
    @settings(max_examples=2 * count + 5, database=None, phases=[Phase.generate], deadline=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    @given(scenario=scenarios(operations=[name for name in OPERATIONS if name in operations]))
    def draw(scenario: Scenario) -> None:
        if scenario not in scenarios_drawn and scenario != Scenario():
            scenarios_drawn.append(scenario)

    draw()
    return [
        Trial(f"drawn-{nth}", "drawn", named(scenario.document() | {"seed": nth}, f"drawn-{nth}"))
        for nth, scenario in enumerate(scenarios_drawn[:count], 1)
    ]


def named(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A document with a name and its sentences."""
    plain = {key: value for key, value in document.items() if key not in {"format", "name", "sentence"}}
    return {"format": document["format"], "name": name, "sentence": " ".join(tell(plain)), **plain}
