"""From what the core knows to what the control API says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from kobikom_emulator.control.models import (
    AccountView,
    ArmedView,
    ClockView,
    MessageDetail,
    MessageView,
    PartView,
    PlanView,
    ReadingView,
    SpaceView,
)
from kobikom_emulator.domain.account import Account, printed
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.delivery import status_at
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.faults.chain import ArmedRule
from kobikom_emulator.operations.messages import Cursor
from kobikom_emulator.ports import Clock
from kobikom_emulator.protocol.readings import CATALOGUE, Readings
from kobikom_emulator.space.registry import DEFAULT
from kobikom_emulator.space.space import Space


def instant(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC)


def clock(of: Clock) -> ClockView:
    return ClockView(instant(of.now()), of.frozen, of.rate)


async def account(space: Space, terms: Account) -> AccountView:
    return AccountView(
        user=terms.user,
        password=terms.password,
        credit=printed(await space.store.credit(terms.user, space.clock.now())),
        currency=terms.currency,
        titles=terms.titles,
        price=f"{terms.price}",
        prices={network: f"{price}" for network, price in terms.prices.items()},
        coverage=tuple(sorted(terms.coverage)),
        push_url=terms.push_url,
    )


async def accounts(space: Space) -> tuple[AccountView, ...]:
    return tuple([await account(space, terms) for terms in await space.store.accounts()])


async def space(of: Space, server_url: str) -> SpaceView:
    messages = 0
    for number in range(await of.store.batches()):
        messages += len(await of.store.batch(number))
    return SpaceView(
        name=of.name,
        base_url=server_url if of.name == DEFAULT else f"{server_url}/s/{of.name}",
        seed=of.blueprint.seed,
        clock=clock(of.clock),
        accounts=await accounts(of),
        messages=messages,
        faults=len(of.faults),
    )


def message(standing: MessageState, now: int) -> MessageView:
    return MessageView(**_summary(standing, now))


def _summary(standing: MessageState, now: int) -> dict[str, Any]:
    batch, index, plan = standing.batch, standing.index, standing.plan
    return {
        "id": str(batch.first_id + index),
        "message_id": batch.message_id(index),
        "user": batch.user,
        "title": batch.title,
        "to": batch.msisdns[index],
        "submitted_as": batch.destinations[index],
        "text": batch.text,
        "flash": batch.flash,
        "status": str(status_at(plan, now)),
        "gsm_error": plan.gsm_error if plan.done_at <= now else None,
        "submitted_at": instant(plan.submitted_at),
        "sent_at": instant(plan.sent_at),
        "done_at": instant(plan.done_at),
        "parts": len(batch.segmentation.parts),
        "cost": f"{batch.cost_of(index)}",
        "report": "given" if standing.given else "ready" if plan.done_at <= now else "waiting",
        "cursor": str(Cursor(standing.number, index)),
    }


def message_in_detail(standing: MessageState, now: int, *, request: int | None = None) -> MessageDetail:
    batch, plan, segmentation = standing.batch, standing.plan, standing.batch.segmentation
    binary = segmentation.alphabet is Alphabet.BINARY
    return MessageDetail(
        **_summary(standing, now),
        alphabet=str(segmentation.alphabet),
        units=segmentation.units,
        capacity=segmentation.capacity,
        unicode_because=segmentation.because,
        lost=segmentation.lost,
        replaced=segmentation.replaced,
        segments=tuple(PartView(part, len(part) // 2 if binary else len(part)) for part in segmentation.parts),
        plan=PlanView(instant(plan.sent_at), instant(plan.done_at), plan.status, plan.gsm_error),
        app_id=batch.app_id,
        push_url=batch.push_url,
        recorded=dict(batch.recorded),
        request=request,
    )


def armed(rule: ArmedRule) -> ArmedView:
    return ArmedView(rule.number, rule.rule, rule.matched, rule.fired)


def readings(chosen: Readings) -> tuple[ReadingView, ...]:
    values = chosen.chosen()
    return tuple(
        ReadingView(
            each.name, values[each.name], each.default, each.clause, each.sources, each.question, each.page,
            dict(each.values),
        )
        for each in CATALOGUE
    )  # fmt: skip
