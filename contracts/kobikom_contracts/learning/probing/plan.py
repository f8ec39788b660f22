"""Which probe is next, and the whole plan: what is free comes first, what costs most last."""

from __future__ import annotations

from kobikom_contracts.learning.probing.catalogue import QUERIES, useful
from kobikom_contracts.learning.probing.probe import Kind, Probe
from kobikom_contracts.learning.probing.situation import CLOSING, OPENING, Situation


def next_probe(situation: Situation) -> Probe | None:
    """The cheapest probe that the budget allows and, of equally cheap ones, the one that may decide most readings."""
    affordable = [probe for probe in useful(situation) if situation.affords(probe)]
    return min(affordable, key=_rank, default=None)


def whole_plan(situation: Situation) -> tuple[Probe, ...]:
    """The probes of a run in which each decides all that it can, at its highest price."""
    probes = []
    while (probe := next_probe(situation)) is not None:
        probes.append(probe)
        situation = situation.after(probe)
    return tuple(probes)


def unaffordable(situation: Situation) -> dict[str, int]:
    """The parts that the cheapest probe of each open reading may cost, where the budget does not allow any."""
    costs: dict[str, int] = {}
    for probe in useful(situation):
        if not situation.affords(probe):
            for name in probe.decides:
                costs[name] = min(probe.parts, costs.get(name, probe.parts))
    return costs


def _rank(probe: Probe) -> tuple[int, int, int, int]:
    # The message that shows the price once more comes after all whose charge it explains, reports after all messages.
    order = {QUERIES: -1, CLOSING: 1}.get(probe.name, 0)
    order = {Kind.AT_ONCE: order, Kind.REPORTS: 2, Kind.TIMED: 3}[probe.kind]
    least = 0 if probe.refusable else probe.parts
    return order, least, probe.parts, -len(probe.decides) - (probe.name in OPENING)
