"""The messages of a space over the control API: list, show, wait for, delete, decide how one ends."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from kobikom_emulator.control.exports import TYPES, as_csv, as_lines, download
from kobikom_emulator.control.message_views import MessageDetail, MessageView, message_detail, message_view
from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import NO_CONTENT, Call, Completed, Endpoint, as_json
from kobikom_emulator.domain.delivery import Outcome, Status
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.domain.values import Checked, GsmError, Instant, Seconds
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.errors import Invalid, NotInTime
from kobikom_emulator.operations.messages import MessagePage as Page
from kobikom_emulator.operations.messages import NearMiss, Timeout
from kobikom_emulator.operations.space import SpaceOperations

PAGE = 100
"""Messages of a page whose `limit` is not given, and those that a file takes from the store at a time."""


class MessagePage(msgspec.Struct, frozen=True):
    """Newest first. `next` is the cursor of the next page, null at the end."""

    messages: tuple[MessageView, ...]
    next: int | None


class Search(MessageMatch, frozen=True, omit_defaults=True):
    """Which messages. `to`, `title` and `text` are patterns, `status` is as of now. Submitted at `since` or later; `q`
    is what a search field says: words and "phrases" that are looked for in number, title, text and ids, whatever the
    case of their letters, Turkish ones included; `-word` for what is not there; and `to:`, `title:`, `text:`, `user:`,
    `status:`, `code:`, `is:`, `before:` and `after:`.
    """

    q: str | None = None
    since: Instant | None = None

    @property
    def conditions(self) -> MessageMatch:
        return MessageMatch(user=self.user, to=self.to, title=self.title, text=self.text, status=self.status)


class MessagesQuery(Search, frozen=True, omit_defaults=True):
    """A page of them, or a file. `before` is a cursor. `format` chooses a page in JSON or a file: then all messages
    that match, unless `limit` is given.
    """

    before: Annotated[int, Meta(ge=0)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="100 unless given, all of them in a file.")] | None = None
    format: Literal["json", "jsonl", "csv"] = "json"


class CountQuery(Search, frozen=True, omit_defaults=True):
    """How many of them; with `after`, a cursor, only newer ones."""

    after: Annotated[int, Meta(ge=0)] | None = None


class CountView(msgspec.Struct, frozen=True):
    """How many messages match."""

    count: int


class PlaceQuery(Checked, frozen=True, omit_defaults=True):
    """An instant; without one the oldest message is looked for."""

    at: Instant | None = None


class PlaceView(msgspec.Struct, frozen=True):
    """The cursor of the newest message submitted before the instant, or of the oldest; null if there is none."""

    cursor: int | None


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


async def list_messages(space: SpaceOperations, call: Call) -> Answer:
    query: MessagesQuery = call.query
    with _named_q():
        space.messages.query(search=query.q or "")  # an error while a file is written would be no answer
    if query.format != "json":
        rows = partial(_all_messages, space, query)
        columns = MessageView.__struct_fields__
        return download(
            lambda: as_lines(rows()) if query.format == "jsonl" else as_csv(rows(), columns),
            file=f"kobikom-{space.name}-messages",
            format=query.format,
        )
    with _named_q():
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


async def count(space: SpaceOperations, call: Call) -> Answer:
    query: CountQuery = call.query
    after = -1 if query.after is None else query.after
    with _named_q():
        found = await space.messages.count(query.conditions, search=query.q or "", since=query.since, after=after)
    return as_json(CountView(found))


async def place(space: SpaceOperations, call: Call) -> Answer:
    query: PlaceQuery = call.query
    return as_json(PlaceView(await space.messages.place(query.at)))


@contextmanager
def _named_q() -> Iterator[None]:
    """The search field by the name that it has in a query string."""
    try:
        yield
    except Invalid as error:
        raise Problem(400, f"q: {error.detail}", field="q") from None


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
    Endpoint("GET", "/message-count", count, "countMessages", "How many messages match.", {200: CountView},
             query=CountQuery),
    Endpoint("GET", "/message-place", place, "findMessagePlace", "The place of an instant in the list of messages.",
             {200: PlaceView}, query=PlaceQuery),
    Endpoint("GET", "/messages/{message}", show, "showMessage", "A message in detail.", {200: MessageDetail}),
    Endpoint("DELETE", "/messages/{message}", delete, "deleteMessage", "Delete a message.", {204: None}),
    Endpoint("POST", "/messages/{message}/outcome", force_outcome, "forceOutcome", "Decide how a message ends.",
             {200: MessageDetail}, body=OutcomeRequest, problems=(409,)),
    Endpoint("POST", "/drain", drain, "drain", "Wait until nothing is in flight.", {200: Completed}, body=DrainRequest,
             problems=(408, 503)),
)  # fmt: skip
