"""The values that are kept as octets: batches, plans and accounts, as MessagePack arrays.

An array may get further items at its end in a later version; no item is ever moved or given another meaning.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch, RecipientGroup
from kobikom_emulator.domain.segments import Segmentation
from kobikom_emulator.domain.states import LedgerKind

STATUSES = (
    Status.NOT_SENT,
    Status.SENT,
    Status.NOT_DELIVERED,
    Status.DELIVERED,
    Status.NOT_ALLOWED,
    Status.INVALID_DESTINATION_ADDRESS,
    Status.INVALID_SOURCE_ADDRESS,
    Status.ROUTE_NOT_AVAILABLE,
    Status.NOT_ENOUGH_CREDITS,
    Status.REJECTED,
    Status.INVALID_MESSAGE_FORMAT,
)
"""By the number that is kept of each; new ones come to the end."""

LEDGER_KINDS = (LedgerKind.OPENED, LedgerKind.CHARGE, LedgerKind.REFUND, LedgerKind.SET)
"""The same of the kinds of ledger lines."""

STATUS_NUMBERS: Mapping[Status, int] = {status: number for number, status in enumerate(STATUSES)}
KIND_NUMBERS: Mapping[LedgerKind, int] = {kind: number for number, kind in enumerate(LEDGER_KINDS)}

_Plan = tuple[int, int, int, int, int]
"""The instant of submission, the ms from there to sending and from there to the end, status, gsm error."""


class _Group(msgspec.Struct, array_like=True, gc=False):
    """`indices` is None for the range of all recipients."""

    plan: _Plan
    indices: Sequence[int] | None = None


class _Batch(msgspec.Struct, array_like=True, gc=False):
    """`parts` is None where the text is the only part, `msisdns` where they are the destinations."""

    user: str
    title: str
    text: str
    alphabet: Alphabet
    parts: tuple[str, ...] | None
    units: int
    capacity: int
    lost: str
    because: str | None
    replaced: str
    flash: bool
    destinations: tuple[str, ...]
    msisdns: tuple[str, ...] | None
    client_ids: tuple[str, ...] | None
    costs: Decimal | tuple[Decimal, ...]
    groups: tuple[_Group, ...]
    app_id: str
    push_url: str
    recorded: dict[str, str]


_encoder = msgspec.msgpack.Encoder()
_batches = msgspec.msgpack.Decoder(_Batch)
_plans = msgspec.msgpack.Decoder(_Plan)
_accounts = msgspec.msgpack.Decoder(Account)


def _plan_array(plan: Plan) -> _Plan:
    submitted_at, sent_at = plan.submitted_at, plan.sent_at
    return submitted_at, sent_at - submitted_at, plan.done_at - sent_at, STATUS_NUMBERS[plan.status], plan.gsm_error


def _plan_of(array: _Plan) -> Plan:
    submitted_at, delay, after, status, gsm_error = array
    sent_at = submitted_at + delay
    return Plan(submitted_at, sent_at, sent_at + after, STATUSES[status], gsm_error)


def encode_plan(plan: Plan) -> bytes:
    return _encoder.encode(_plan_array(plan))


def decode_plan(octets: bytes) -> Plan:
    return _plan_of(_plans.decode(octets))


def encode_account(account: Account) -> bytes:
    """An account with the names of its terms: there are few of them, and each version adds some."""
    return _encoder.encode(account)


def decode_account(octets: bytes) -> Account:
    return _accounts.decode(octets)


def encode_batch(batch: Batch) -> bytes:
    parts, groups = batch.segmentation, batch.groups
    together = len(groups) == 1 and isinstance(groups[0].indices, range)
    return _encoder.encode(
        _Batch(
            batch.user,
            batch.title,
            batch.text,
            parts.alphabet,
            None if parts.parts == (batch.text,) else parts.parts,
            parts.units,
            parts.capacity,
            parts.lost,
            parts.because,
            parts.replaced,
            batch.flash,
            batch.destinations,
            None if batch.msisdns is batch.destinations or batch.msisdns == batch.destinations else batch.msisdns,
            batch.client_ids,
            batch.costs,
            (_Group(_plan_array(groups[0].plan)),)
            if together
            else tuple([_Group(_plan_array(group.plan), group.indices) for group in groups]),
            batch.app_id,
            batch.push_url,
            dict(batch.recorded),
        )
    )


def decode_batch(octets: bytes, first_id: int) -> Batch:
    kept = _batches.decode(octets)
    destinations = kept.destinations
    return Batch(
        user=kept.user,
        first_id=first_id,
        title=kept.title,
        text=kept.text,
        segmentation=Segmentation(
            kept.alphabet,
            (kept.text,) if kept.parts is None else kept.parts,
            kept.units,
            kept.capacity,
            kept.lost,
            kept.because,
            kept.replaced,
        ),
        flash=kept.flash,
        destinations=destinations,
        msisdns=destinations if kept.msisdns is None else kept.msisdns,
        client_ids=kept.client_ids,
        costs=kept.costs,
        groups=tuple(
            [
                RecipientGroup(
                    _plan_of(group.plan),
                    range(len(destinations)) if group.indices is None else tuple(group.indices),
                )
                for group in kept.groups
            ]
        ),
        app_id=kept.app_id,
        push_url=kept.push_url,
        recorded=kept.recorded,
    )
