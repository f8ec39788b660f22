"""Checks an imported state, so that no later operation fails on it. An exported state is always valid; one that was
edited by hand may not be.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import (
    AccountRecord,
    BatchRecord,
    LedgerLine,
    LedgerRecord,
    PushRecord,
    Record,
    RefundRecord,
)
from kobikom_emulator.domain.values import (
    AMOUNT_LIMIT,
    FIRST_INSTANT,
    LAST_CLOCK,
    LAST_INSTANT,
    MOST_SECONDS,
    amount_problem,
)
from kobikom_emulator.faults.chain import ChainState
from kobikom_emulator.operations.accounts import settings_of

if TYPE_CHECKING:
    from kobikom_emulator.operations.state import State

ID_DIGITS = (10, 15, 18)
"""The numbers of digits that generated ids have (S-02)."""

_SUM_LIMIT = AMOUNT_LIMIT * 1000
"""Balances and ledger amounts are sums of amounts: they may be larger than a single one."""

Check = tuple[str, bool, str]
"""Field, whether it is valid, and what it must be, as the end of a sentence."""


class StateProblem(NamedTuple):
    """What is wrong with a state: a dotted name and a sentence."""

    field: str
    detail: str


SLICE = 2000
"""Checks before the event loop runs other tasks."""


async def first_problem(state: State) -> StateProblem | None:
    """The first problem of a state, None if there is none."""
    for nth, (field, right, detail) in enumerate(_checks(state)):
        if not right:
            return StateProblem(field, detail)
        if nth % SLICE == 0:
            await asyncio.sleep(0)
    return None


def ids_problem(state: State, next_ids: Mapping[int, int]) -> StateProblem | None:
    """What is wrong with where the ids go on, by number of digits: they repeat one, or have more digits (S-02)."""
    ends = dict.fromkeys(next_ids, 0)
    for record in state.records:
        if isinstance(record, BatchRecord):
            digits = len(str(record.batch.first_id))
            ends[digits] = max(ends[digits], record.batch.first_id + len(record.batch))
    for digits, next_id in next_ids.items():
        if next_id < ends[digits]:
            return StateProblem("ids_taken", f"the next id, {next_id}, must be above those of the messages")
        if len(str(next_id)) != digits:
            return StateProblem("ids_taken", f"there are not so many ids of {digits} digits")
    return None


def _checks(state: State) -> Iterator[Check]:
    yield "clock.now", state.clock.now <= LAST_CLOCK, "must be an instant that a clock can come to"
    yield from _faults(state.faults)
    yield from _records(state.records)


def _faults(faults: ChainState) -> Iterator[Check]:
    last = 0
    for nth, fault in enumerate(faults.rules):
        at, problem = f"faults.rules[{nth}]", fault.rule.lasting_problem()
        yield f"{at}.rule.{problem.partition(':')[0]}", not problem, problem.partition(": ")[2]
        yield f"{at}.fired", fault.fired <= fault.matched, "must not be more than matched"
        yield f"{at}.number", fault.number > last, "must be above the numbers before it"
        last = fault.number
    yield "faults.last_number", faults.last_number >= last, "must be the highest number or above it"


def _records(records: Sequence[Record]) -> Iterator[Check]:
    users: set[str] = set()
    pushed: set[int] = set()
    messages = 0
    next_id: dict[int, int] = {}
    for nth, record in enumerate(records):
        at = f"records[{nth}]"
        match record:
            case AccountRecord():
                yield f"{at}.account.user", record.account.user not in users, "must not be used by an account before"
                users.add(record.account.user)
                yield from _account(record, at)
            case RefundRecord():
                yield f"{at}.line.user", record.line.user in users, "must be the user of an account before it"
                yield from _line(record.line, f"{at}.line")
            case LedgerRecord():
                yield from _line(record.line, f"{at}.line")
            case BatchRecord():
                yield (
                    f"{at}.number",
                    record.number >= messages,
                    f"must be {messages} or more: the numbers before it are taken",
                )
                digits = len(str(record.batch.first_id))
                yield f"{at}.batch.first_id", digits in ID_DIGITS, "must have 10, 15 or 18 digits"
                yield (
                    f"{at}.batch.first_id",
                    record.batch.first_id >= next_id.get(digits, 0),
                    "must be above those before it",
                )
                yield from _batch(record, at)
                messages = record.number + len(record.batch)
                if record.batch.push_url:
                    pushed.update(range(record.number, messages))
                next_id[digits] = record.batch.first_id + len(record.batch)
            case PushRecord():
                yield f"{at}.number", record.number in pushed, "must be a message whose push is pending"
                pushed.discard(record.number)
                yield f"{at}.due", _printable(record.due), "must be an instant that dates can be printed of"
                yield f"{at}.attempt", record.attempt >= 1, "must be 1 or more"


def _line(line: LedgerLine, at: str) -> Iterator[Check]:
    yield f"{at}.amount", _sum_of_amounts(line.amount), "must be an amount"
    yield f"{at}.at", _printable(line.at), "must be an instant that dates can be printed of"
    yield f"{at}.messages", line.messages >= 0, "must be 0 or more"


def _account(record: AccountRecord, at: str) -> Iterator[Check]:
    account, profile = record.account, record.account.profile
    problem = _problem_of(account)
    yield f"{at}.account.{problem.partition(':')[0]}", not problem, problem.partition(": ")[2]
    for amount in (account.credit, account.price, *account.prices.values()):
        problem = amount_problem(amount)
        yield f"{at}.account", not problem, f"has an amount that {problem}"
    yield f"{at}.balance", _sum_of_amounts(record.balance), "must be an amount"
    outcomes = profile.outcomes
    yield f"{at}.account.profile.outcomes", bool(outcomes), "must not be empty"
    yield f"{at}.account.profile.outcomes", all(line.weight >= 1 for line in outcomes), "must have weights of 1 or more"
    durations = [profile.jitter, *(line.outcome.after or 0 for line in outcomes)]
    yield (
        f"{at}.account.profile",
        all(0 <= duration <= MOST_SECONDS * 1000 for duration in durations),
        f"must have durations from 0 to {MOST_SECONDS} seconds",
    )


def _problem_of(account: Account) -> str:
    try:
        settings_of(account)
    except ValueError as error:
        return str(error)
    return ""


def _batch(record: BatchRecord, at: str) -> Iterator[Check]:
    batch, size, ids = record.batch, len(record.batch), record.batch.client_ids
    yield f"{at}.batch.destinations", size > 0, "must not be empty"
    yield f"{at}.batch.msisdns", len(batch.msisdns) == size, "must be as many as destinations"
    yield f"{at}.batch.client_ids", ids is None or len(ids) == size, "must be as many as destinations"
    costs = batch.costs if isinstance(batch.costs, tuple) else (batch.costs,) * size
    yield (
        f"{at}.batch.costs",
        len(costs) == size and all(map(_sum_of_amounts, costs)),
        "must be an amount a destination",
    )
    yield from _groups(batch, f"{at}.batch.groups")
    for field, octets in (("given", record.given), ("deleted", record.deleted)):
        yield f"{at}.{field}", len(octets) == size and set(octets) <= {0, 1}, "must be an octet 0 or 1 a destination"
    yield from _replanned(record.replanned, size, f"{at}.replanned")


def _groups(batch: Batch, at: str) -> Iterator[Check]:
    indices = [index for group in batch.groups for index in group.indices]
    yield at, sorted(indices) == list(range(len(batch))), "must hold each destination once"
    yield at, all(list(group.indices) == sorted(group.indices) for group in batch.groups), "must be in order"
    yield at, all(_possible(group.plan) for group in batch.groups), "must have instants that can be printed"


def _replanned(plans: Mapping[int, Plan], size: int, at: str) -> Iterator[Check]:
    yield at, all(0 <= index < size for index in plans), "must name destinations that exist"
    yield at, all(map(_possible, plans.values())), "must have instants that can be printed"


def _printable(instant: int) -> bool:
    return FIRST_INSTANT <= instant <= LAST_INSTANT


def _sum_of_amounts(amount: Decimal) -> bool:
    return amount.is_finite() and 0 <= amount < _SUM_LIMIT


def _possible(plan: Plan) -> bool:
    return all(map(_printable, (plan.submitted_at, plan.sent_at, plan.done_at)))
