"""One message as JSON: in a list, and in detail."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

import msgspec

from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.codes import codes_in
from kobikom_emulator.domain.delivery import Status, status_at
from kobikom_emulator.domain.matching import MessageStatusName
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import instant
from kobikom_emulator.operations.space import SpaceOperations


class MessageView(msgspec.Struct, frozen=True):
    """One message. `id` is the generated id, `message_id` the one its customer sees; `to` the MSISDN, `submitted_as`
    the number as it was written. `status` is scheduled, sent or final as of now, `gsm_error` null until it is final
    (R-10). `codes` are the one-time codes in the text, the likeliest first; `cut` is whether the text was cut to one
    part (S-11). `cursor` is the place in the list of messages.
    """

    id: str
    message_id: str
    user: str
    title: str
    to: str
    submitted_as: str
    text: str
    flash: bool
    status: MessageStatusName
    gsm_error: int | None
    submitted_at: datetime
    sent_at: datetime
    done_at: datetime
    codes: tuple[str, ...]
    alphabet: str
    cut: bool
    parts: int
    cost: str
    report: Literal["waiting", "ready", "given"]
    cursor: int


class PartView(msgspec.Struct, frozen=True):
    """A part; of a binary message `text` is its octets in hexadecimal."""

    text: str
    characters: int


class PlanView(msgspec.Struct, frozen=True):
    """How the message ends."""

    sent_at: datetime
    done_at: datetime
    status: Status
    gsm_error: int


class MessageDetail(MessageView, frozen=True):
    """A message with all its details. `unicode_because` are the characters that kept it out of the GSM alphabet, each
    once, `lost` what a cut dropped, `replaced` the characters that became `?`; `request` is the number of the journal
    entry it came with, null once that entry is dropped.
    """

    units: int
    capacity: int
    unicode_because: str | None
    lost: str
    replaced: str
    segments: tuple[PartView, ...]
    plan: PlanView
    app_id: str
    push_url: str
    recorded: dict[str, str]
    request: int | None


def message_view(message: MessageState, now: int) -> MessageView:
    return MessageView(**_fields(message, now))


def _fields(message: MessageState, now: int) -> dict[str, Any]:
    batch, index, plan = message.batch, message.index, message.plan
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
        "codes": codes_in(batch.text),
        "alphabet": str(batch.segmentation.alphabet),
        "cut": bool(batch.segmentation.lost),
        "parts": len(batch.segmentation.parts),
        "cost": f"{batch.cost_of(index):f}",
        "report": "given" if message.given else "ready" if plan.done_at <= now else "waiting",
        "cursor": message.number,
    }


def message_detail(space: SpaceOperations, message: MessageState) -> MessageDetail:
    batch, plan, segmentation = message.batch, message.plan, message.batch.segmentation
    binary = segmentation.alphabet is Alphabet.BINARY
    return MessageDetail(
        **_fields(message, space.now),
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
        request=space.messages.request_of(message),
    )
