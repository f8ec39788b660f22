"""Plans and results of runs as lines for a terminal and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from kobikom_contracts.learning.probing.probe import Probe
from kobikom_contracts.learning.probing.run import LearnRun
from kobikom_contracts.learning.result import State, as_json, reasons


def parts(count: int) -> str:
    """A number of parts in words."""
    return f"{count} part{'' if count == 1 else 's'}"


def amount(credit: Decimal) -> str:
    """An amount without zeros at its end."""
    return f"{credit.normalize():f}"


def plan_lines(plan: Sequence[Probe], *, budget: int, price: Decimal | None) -> Iterator[str]:
    """A plan, one probe a line, with the most it may cost; ``price`` is that of a part."""
    for number, probe in enumerate(plan, 1):
        names = [*probe.decides, *(f"{name} in part" for name in probe.narrows)]
        cost = f"at most {parts(probe.parts)}" if probe.parts else "free"
        yield f"{number:2}  {cost:15}  {probe.name}{': ' if names else ''}{', '.join(names)}"
    most = sum(probe.parts for probe in plan)
    credits_ = "" if price is None else f" ({amount(most * price)} credits)"
    yield f"At most {parts(most)}{credits_} of a budget of {budget}."


def plan_json(plan: Sequence[Probe], *, budget: int, price: Decimal | None) -> dict[str, Any]:
    """The same for programs."""
    most = sum(probe.parts for probe in plan)
    return {
        "plan": [
            {"probe": probe.name, "parts": probe.parts, "decides": list(probe.decides), "narrows": list(probe.narrows)}
            for probe in plan
        ],
        "parts": most,
        "credits": None if price is None else amount(most * price),
        "budget": budget,
    }


def result_lines(run: LearnRun, because: Mapping[str, str]) -> Iterator[str]:
    """What was learned, what stayed open and why, and what it cost."""
    width = max(len(one.reading.name) for one in run.learned.values)
    for one in run.learned.values:
        name = f"{one.reading.name:{width}}"
        match one.state:
            case State.DECIDED:
                yield f"{name}  {one.left[0]}: {one.reading.values[one.left[0]]}"
            case State.OPEN:
                yield f"{name}  open: {', '.join(one.left)}"
                yield f"    {because.get(one.reading.name, '')}"
            case State.CONTRADICTION:
                yield f"{name}  contradiction: no value fits everything seen"
                yield from (f"    {line}" for line in reasons(run.learned, one))
    yield f"{len(run.learned.decided)} of {len(run.learned.values)} readings are decided."
    credits_ = "" if run.credits is None else f" ({amount(run.credits)} credits)"
    spent = f"at most {parts(run.spending.parts)}{credits_} of a budget of {run.spending.budget}"
    yield f"{run.requests} requests, {run.spending.messages} messages, {spent}."


def result_json(run: LearnRun, because: Mapping[str, str], *, stopped: str) -> dict[str, Any]:
    """The same for programs; ``stopped`` says why a run ended early."""
    rows: Any = as_json(run.learned)["readings"]
    return {
        "readings": [{**row, "because": because.get(row["name"])} for row in rows],
        "requests": run.requests,
        "messages": run.spending.messages,
        "parts": run.spending.parts,
        "budget": run.spending.budget,
        "credits": None if run.credits is None else amount(run.credits),
        "stopped": stopped or None,
    }
