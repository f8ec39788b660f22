"""What a run will learn and what it costs, and the order that learns most where a budget limits it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kobikom_contracts.clauses import STATEMENTS
from kobikom_contracts.core.profiles import Profile
from kobikom_contracts.server_suite.contract import ServerSuiteContract
from kobikom_contracts.server_suite.lean_costs import LEAN_COSTS
from kobikom_contracts.server_suite.target import Need, Target

REQUESTS_A_CONTRACT = 6
"""Requests that a contract makes beside those that send, for an estimate of the time."""
SECONDS_A_REQUEST = 0.05
SECONDS_A_DELIVERY = 1.1
"""How long an answer, and a delivery, is expected to take; the run itself measures it."""


@dataclass(frozen=True, slots=True)
class Step:
    """One contract of a plan: the most parts it sends, and why it can't run (empty when it can)."""

    contract: ServerSuiteContract
    parts: int
    lacks: str = ""

    @property
    def documented(self) -> tuple[str, ...]:
        """The statements it judges that the vendor's page says."""
        return tuple(one for one in self.contract.statements if STATEMENTS[one].documented)


def steps(contracts: Iterable[ServerSuiteContract], target: Target) -> list[Step]:
    """The contracts in the order of the run, each with its cost at this target.

    Where wrong logins may lock the account those that try them come last. With a budget, the statements that the
    vendor's page says come first, and of them what is cheapest for what it decides.
    """
    costs = [Step(one, _parts(one, target), _lacks(one, target)) for one in contracts]
    if target.budget is not None:
        costs = _by_worth(costs)
    if target.most_wrong_logins is not None:
        costs.sort(key=lambda step: step.contract.wrong_logins > 0)
    return costs


def _parts(contract: ServerSuiteContract, target: Target) -> int:
    """What a contract sends at most: as little as it can where a budget limits it."""
    lean = LEAN_COSTS.get(contract.name, contract.spends)
    return contract.spends if target.budget is None else min(contract.spends, lean)


def _lacks(contract: ServerSuiteContract, target: Target) -> str:
    return next((reason for need in contract.needs if (reason := target.lacks(Need(need)))), "")


def _by_worth(costs: Sequence[Step]) -> list[Step]:
    """What decides most documented statements a part first, then what decides any other, cheapest first."""
    left = [step for step in costs if not step.lacks]
    decided: set[str] = set()
    chosen: list[Step] = []
    while left:
        best = max(left, key=lambda step: _worth(step, decided))
        if not set(best.documented) - decided:
            break
        left.remove(best)
        chosen.append(best)
        decided |= set(best.documented)
    return [*chosen, *sorted(left, key=lambda step: step.parts), *(step for step in costs if step.lacks)]


def _worth(step: Step, decided: set[str]) -> tuple[float, int]:
    new = len(set(step.documented) - decided)
    return (new / step.parts if step.parts else float("inf") if new else 0.0, -step.parts)


def plan_text(contracts: Iterable[ServerSuiteContract], target: Target, profile: Profile) -> str:
    """The plan as text: a line a contract, then the sums. Nothing is sent for it."""
    rows, parts, deliveries = [], 0, 0
    planned = steps(contracts, target)
    judged: set[str] = set()
    running: list[Step] = []
    for step in planned:
        over = target.budget is not None and parts + step.parts > target.budget
        note = step.lacks or ("over the budget" if over and step.parts else "")
        if not note:
            parts += step.parts
            deliveries += Need.DELIVERY in step.contract.needs
            judged |= set(step.contract.statements)
            running.append(step)
        name, statements = step.contract.name, ", ".join(step.contract.statements)
        logins = f", {step.contract.wrong_logins} wrong logins" if step.contract.wrong_logins else ""
        rows.append(f"{step.parts:5} parts{logins}  {name}  [{statements}]{f'  not run: {note}' if note else ''}")
    documented = {one.id for one in STATEMENTS.values() if one.documented}
    clocked = target.control is not None and "clock" in target.control.capabilities
    seconds = SECONDS_A_REQUEST * (REQUESTS_A_CONTRACT * len(running) + 2 * parts)
    seconds += 0 if clocked else SECONDS_A_DELIVERY * deliveries
    wrong = sum(step.contract.wrong_logins for step in running)
    budget = "" if target.budget is None else f" of the budget of {target.budget}"
    rows += [
        "",
        f"{len(running)} of {len(planned)} contracts, {len(judged)} statements, {len(judged & documented)} of them "
        f"what the vendor's page says (of {len(documented)})",
        f"at most {parts} parts{budget}, {wrong} wrong logins, about {max(1, round(seconds / 60))} min "
        f"at {SECONDS_A_REQUEST * 1000:.0f} ms an answer, profile {profile.name}",
    ]
    return "\n".join(rows)
