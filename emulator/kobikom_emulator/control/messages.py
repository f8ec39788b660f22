"""The messages of a space over the control API: list, show, wait for, delete, decide how one ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from datetime import datetime
from functools import partial
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from kobikom_emulator.control.exports import TYPES, as_csv, as_lines, download
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import NO_CONTENT, Call, Completed, Endpoint, as_json
from kobikom_emulator.domain.alphabets import Alphabet
from kobikom_emulator.domain.delivery import Outcome, Status, status_at
from kobikom_emulator.domain.matching import MessageMatch, MessageStatusName
from kobikom_emulator.domain.states import MessageState
from kobikom_emulator.domain.values import Checked, GsmError, Instant, Seconds, instant
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.errors import NotInTime
from kobikom_emulator.operations.messages import MessagePage as Page
from kobikom_emulator.operations.messages import NearMiss, Timeout
from kobikom_emulator.operations.space import SpaceOperations

PAGE = 100
"""Messages of a page whose `limit` is not given, and those that a file takes from the store at a time."""


class MessageView(msgspec.Struct, frozen=True):
    """One message. `id` is the generated id, `message_id` the one its customer sees; `to` the MSISDN, `submitted_as`
    the number as it was written. `status` is scheduled, sent or final as of now, `gsm_error` null until it is final
    (R-10). `cursor` is the place in the list of messages.
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
    """A message with all its details. `unicode_because` is the character that kept it out of the GSM
    alphabet, `lost` what a cut dropped, `replaced` the characters that became `?`; `request` is the number of the
    journal entry it came with, null once that entry is dropped.
    """

    alphabet: str
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


class MessagePage(msgspec.Struct, frozen=True):
    """Newest first. `next` is the cursor of the next page, null at the end."""

    messages: tuple[MessageView, ...]
    next: int | None


class MessagesQuery(MessageMatch, frozen=True, omit_defaults=True):
    """Which messages. `to`, `title` and `text` are patterns, `status` is as of now. Submitted at `since` or later; `q`
    is looked for in number, title, text and ids, whatever the case of its letters, Turkish ones included. `before` is a
    cursor. `format` chooses a page in JSON or a file: then all messages that match, unless `limit` is given.
    """

    q: str | None = None
    since: Instant | None = None
    before: Annotated[int, Meta(ge=0)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="100 unless given, all of them in a file.")] | None = None
    format: Literal["json", "jsonl", "csv"] = "json"

    @property
    def conditions(self) -> MessageMatch:
        return MessageMatch(user=self.user, to=self.to, title=self.title, text=self.text, status=self.status)


class OutcomeRequest(Checked, frozen=True):
    """How a message ends, `after` seconds from now by the space's clock."""

    status: Status
    gsm_error: GsmError | None = None
    after: Seconds = 0.0


class WaitRequest(Checked, frozen=True):
    """Wait until `count` messages match, `timeout` real seconds at most."""

    match: MessageMatch = MessageMatch()
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    timeout: Timeout = 5.0


class Matches(msgspec.Struct, frozen=True):
    """Newest first."""

    messages: tuple[MessageDetail, ...]


class NearMissView(msgspec.Struct, frozen=True):
    """A message that nearly matches, and a sentence for each condition it fails."""

    message: MessageView
    differences: tuple[str, ...]


class DrainRequest(Checked, frozen=True):
    timeout: Timeout = 5.0


class DeletedView(msgspec.Struct, frozen=True):
    """How many messages were deleted."""

    deleted: int


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
        request=space.messages.request_of(message),
    )


async def list_messages(space: SpaceOperations, call: Call) -> Answer:
    query: MessagesQuery = call.query
    if query.format != "json":
        rows = partial(_all_messages, space, query)
        columns = MessageView.__struct_fields__
        return download(
            lambda: as_lines(rows()) if query.format == "jsonl" else as_csv(rows(), columns),
            file=f"kobikom-{space.name}-messages",
            format=query.format,
        )
    page = await _page(space, query, before=query.before, limit=query.limit or PAGE)
    now = space.now
    return as_json(MessagePage(tuple(message_view(message, now) for message in page.messages), page.next))


async def _page(space: SpaceOperations, query: MessagesQuery, *, before: int | None, limit: int) -> Page:
    return await space.messages.list(
        query.conditions, search=query.q or "", since=query.since, before=before, limit=limit
    )


async def _all_messages(space: SpaceOperations, query: MessagesQuery) -> AsyncGenerator[list[MessageView]]:
    """The messages that match, newest first, up to the limit if there is one; each page as of when it is read."""
    left, before = query.limit, query.before
    while left is None or left > 0:
        page = await _page(space, query, before=before, limit=PAGE if left is None else min(left, PAGE))
        now = space.now
        yield [message_view(message, now) for message in page.messages]
        if page.next is None:
            return
        before = page.next
        left = None if left is None else left - len(page.messages)


async def show(space: SpaceOperations, call: Call) -> Answer:
    return as_json(message_detail(space, await space.messages.show(call.path["message"])))


async def force_outcome(space: SpaceOperations, call: Call) -> Answer:
    wanted = call.body_as(OutcomeRequest)
    outcome = Outcome(wanted.status, round(wanted.after * 1000), wanted.gsm_error)
    return as_json(message_detail(space, await space.messages.force_outcome(call.path["message"], outcome)))


async def wait(space: SpaceOperations, call: Call) -> Answer:
    wanted = call.body_as(WaitRequest)
    try:
        messages = await space.messages.wait(wanted.match, count=wanted.count, timeout=wanted.timeout)
    except NotInTime as error:
        raise Problem(408, error.detail, nearest_misses=_near_misses(space, error.more["nearest_misses"])) from None
    return as_json(Matches(tuple(message_detail(space, message) for message in messages)))


def _near_misses(space: SpaceOperations, misses: list[NearMiss]) -> list[NearMissView]:
    return [NearMissView(message_view(miss.message, space.now), tuple(miss.differences)) for miss in misses]


async def delete(space: SpaceOperations, call: Call) -> Answer:
    await space.messages.delete(call.path["message"])
    return NO_CONTENT


async def delete_matching(space: SpaceOperations, call: Call) -> Answer:
    return as_json(DeletedView(await space.messages.delete_matching(call.query)))


async def drain(space: SpaceOperations, call: Call) -> Answer:
    await space.messages.drain(timeout=call.body_as(DrainRequest).timeout)
    return as_json(Completed("drained"))


ENDPOINTS = (
    Endpoint("GET", "/messages", list_messages, "listMessages", "Messages, newest first.", {200: MessagePage},
             query=MessagesQuery, formats=(TYPES["jsonl"], TYPES["csv"])),
    Endpoint("DELETE", "/messages", delete_matching, "deleteMessages", "Delete the messages that match, or all.",
             {200: DeletedView}, query=MessageMatch),
    Endpoint("POST", "/messages/wait", wait, "waitForMessages", "Wait for messages that match.", {200: Matches},
             body=WaitRequest, problems=(408, 503)),
    Endpoint("GET", "/messages/{message}", show, "showMessage", "A message in detail.", {200: MessageDetail}),
    Endpoint("DELETE", "/messages/{message}", delete, "deleteMessage", "Delete a message.", {204: None}),
    Endpoint("POST", "/messages/{message}/outcome", force_outcome, "forceOutcome", "Decide how a message ends.",
             {200: MessageDetail}, body=OutcomeRequest, problems=(409,)),
    Endpoint("POST", "/drain", drain, "drain", "Wait until nothing is in flight.", {200: Completed}, body=DrainRequest,
             problems=(408, 503)),
)  # fmt: skip
