"""Why a reading is still open at the end of a run, in one line for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from kobikom_contracts.learning.inference.part_counts import CHARGED_READINGS
from kobikom_contracts.learning.probing import prices
from kobikom_contracts.learning.probing.catalogue import REPORTS
from kobikom_contracts.learning.probing.plan import unaffordable
from kobikom_contracts.learning.probing.run import LearnRun
from kobikom_contracts.learning.probing.situation import REPORTED, Situation
from kobikom_contracts.learning.result import State

ALIKE_TODAY = "today's dates are printed alike: learn again on one of the first nine days of a month"
NOT_EXCLUSIVE = "it shows in charges: give --exclusive if nothing else changes the account's balance"


def reasons(run: LearnRun, stopped: str = "") -> Mapping[str, str]:
    """A reason for each open reading by name; ``stopped`` says why the run ended early, if it did."""
    situation = run.situation
    costs = unaffordable(situation)
    whole = {}
    for one in run.learned.values:
        name = one.reading.name
        if one.state is not State.OPEN:
            continue
        if stopped:
            whole[name] = "the run ended before it was decided"
        elif name in costs:
            left = situation.parts_left
            whole[name] = f"it may cost {costs[name]} parts, and {left} of the budget of {run.spending.budget} are left"
        else:
            whole[name] = _REASONS.get(name, _unclear)(run, situation)
    return whole


def _unclear(_: LearnRun, __: Situation) -> str:
    return "the answers fit several values, or none"


def _charged(run: LearnRun, situation: Situation) -> str:
    if not run.exclusive:
        return NOT_EXCLUSIVE
    if (reason := _price(run, situation)) is not None:
        return reason
    if run.missing:
        return f"{run.missing.total()} messages have no report yet, and a charge may come back until then"
    return "what messages are charged does not follow the parts of their texts"


def _price(run: LearnRun, situation: Situation) -> str | None:
    if situation.priced:
        return None
    if situation.opened:
        return "balances do not show closely enough what a message costs"
    return _nothing_sent(run)


def _nothing_sent(run: LearnRun) -> str:
    return f"it needs a message, and {run.spending.left} of the budget of {run.spending.budget} parts are left"


def _short_credit(run: LearnRun, situation: Situation) -> str:
    if not run.exclusive:
        return NOT_EXCLUSIVE
    if (reason := _price(run, situation)) is not None:
        return reason
    payable = situation.payable
    if payable is not None and payable.most > situation.spendable:
        allowed = f"{situation.spendable} of the budget are left"
        return f"the credit pays {payable.most} parts, and {allowed}: learn it with an account of less credit"
    if run.missing:
        return f"{run.missing.total()} messages have no report yet, and a charge may come back until then"
    return _unclear(run, situation)


def _reported(run: LearnRun, situation: Situation) -> str:
    if not run.spending.messages:
        return _nothing_sent(run)
    if REPORTS in situation.tried and not run.reported:
        return f"no report came within {run.patience:g} s (--wait)"
    return _unclear(run, situation)


def _dates(run: LearnRun, situation: Situation) -> str:
    if run.reported and not situation.dates_differ:
        return ALIKE_TODAY
    return _reported(run, situation)


def _amount(run: LearnRun, situation: Situation) -> str:
    shown = prices.balances(run.traffic)
    if not shown:
        return _unclear(run, situation)
    forms = " and ".join(situation.left["amount"])
    return f"a balance such as {prices.shown(shown[-1])} is written alike by {forms}"


def _title_code(_: LearnRun, __: Situation) -> str:
    return "no title was refused"


_REASONS: Mapping[str, Callable[[LearnRun, Situation], str]] = {
    **dict.fromkeys(CHARGED_READINGS, _charged),
    **dict.fromkeys(REPORTED, _reported),
    "dates": _dates,
    "short-credit": _short_credit,
    "amount": _amount,
    "title-code": _title_code,
}
