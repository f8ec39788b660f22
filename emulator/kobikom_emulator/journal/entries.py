"""What a journal holds: one type of entry for each kind of thing that happens. They keep references only."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from kobikom_emulator.exchange import Answer, WireRequest
from kobikom_emulator.journal.notes import Note
from kobikom_emulator.ports import PushResponse


class Operation(StrEnum):
    """What an entry is about: an operation of the API, an unreadable body, a plain HTTP request, or a push."""

    SEND = "send"
    PULL = "pull"
    TITLES = "titles"
    BALANCE = "balance"
    UNREADABLE = "unreadable"
    """A body that is none of the three documents (-22)."""
    HTTP = "http"
    """A request that never reached the API: wrong path, wrong method, too large, not HTTP."""
    PUSH = "push"
    """A report posted to a customer's address."""


class Outcome(StrEnum):
    """How it ended, in one word."""

    ACCEPTED = "accepted"
    """A send, for all recipients."""
    PARTLY = "partly"
    """A send, for some recipients."""
    REFUSED = "refused"
    """Any request, or a push to an address that may not be pushed to."""
    ANSWERED = "answered"
    """A titles or balance query."""
    GIVEN = "given"
    """A pull that gave reports."""
    EMPTY = "empty"
    """A pull without reports."""
    FAULT = "fault"
    """A fault rule answered; the request was not carried out."""
    PUSHED = "pushed"
    """The receiver answered a push with 2xx."""
    POSTPONED = "postponed"
    """A push failed and will be tried again."""
    LOST = "lost"
    """A push failed for the last time."""


class RequestEntry(msgspec.Struct, frozen=True, gc=False):
    """A request to the API. `code` is the first status code that is not 0, None where none applies.

    `answer` is what the server was to send, with the transmission that fault rules chose. `intended` is the answer
    before a fault rule altered it, None where none did. `faults` are the labels of the rules that fired, `ids` the
    generated ids of the messages that the request created, `recipients` counts those that it names.
    """

    at: int
    operation: Operation
    user: str
    outcome: Outcome
    code: int | None
    request: WireRequest
    answer: Answer
    intended: Answer | None = None
    notes: tuple[Note, ...] = ()
    faults: tuple[str, ...] = ()
    ids: range = range(0)
    recipients: int = 0


class PushEntry(msgspec.Struct, frozen=True, gc=False):
    """One attempt to post a report. The request's target is the absolute URL.

    `response` is the receiver's answer; None where there was none, and `error` then says why.
    """

    at: int
    user: str
    outcome: Outcome
    request: WireRequest
    response: PushResponse | None
    error: str = ""
    notes: tuple[Note, ...] = ()
    faults: tuple[str, ...] = ()

    @property
    def operation(self) -> Operation:
        return Operation.PUSH


class HttpRefusal(msgspec.Struct, frozen=True, gc=False):
    """A request that never reached the API and was refused in plain HTTP (T-08); its notes say what was wrong.

    The request's method is "" where the bytes were not HTTP.
    """

    at: int
    request: WireRequest
    answer: Answer
    notes: tuple[Note, ...]

    @property
    def operation(self) -> Operation:
        return Operation.HTTP

    @property
    def user(self) -> str:
        return ""

    @property
    def outcome(self) -> Outcome:
        return Outcome.REFUSED


Entry = RequestEntry | PushEntry | HttpRefusal
