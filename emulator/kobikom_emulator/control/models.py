"""The JSON of the control API: what requests may say and answers do say. Field names are the field's English.

Amounts are decimal strings, instants ISO 8601 with a zone, durations seconds.
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.domain.delivery import Status
from kobikom_emulator.domain.matching import MessageMatch
from kobikom_emulator.faults.rule import Rule
from kobikom_emulator.journal.entries import Operation, Outcome
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.journal.rendering import EntryKind
from kobikom_emulator.settings import DeliverySettings

SpaceName = Annotated[
    str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$", description="Lower case letters, digits, dashes.")
]
UserName = Annotated[str, Meta(min_length=1, max_length=100)]
Amount = Annotated[Decimal, Meta(description="A decimal with at most three places.")]
Patience = Annotated[float, Meta(ge=0, le=300, description="Real seconds to wait at most.")]


class _In(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Something a request says."""


class _Out(msgspec.Struct, frozen=True):
    """Something an answer says."""


class Health(_Out, frozen=True):
    status: Literal["ok"]
    version: str


class ClockRequest(_In, frozen=True):
    """Any of: `set` an instant, `advance` so many seconds, `freeze` or let run, `rate` emulated seconds a second. In
    this order.
    """

    set: datetime | UnsetType = UNSET
    advance: Annotated[float, Meta(ge=0, le=3e9)] | UnsetType = UNSET
    freeze: bool | UnsetType = UNSET
    rate: Annotated[float, Meta(gt=0, le=1e6)] | UnsetType = UNSET


class ClockView(_Out, frozen=True):
    now: datetime
    frozen: bool
    rate: float


class AccountTerms(_In, frozen=True):
    """What an account is to be like; what is left out keeps its value, or the default in a new account."""

    password: Annotated[str, Meta(min_length=1, max_length=200)] | UnsetType = UNSET
    credit: Amount | UnsetType = UNSET
    currency: str | UnsetType = UNSET
    titles: tuple[str, ...] | UnsetType = UNSET
    price: Amount | UnsetType = UNSET
    prices: dict[str, Amount] | UnsetType = UNSET
    coverage: frozenset[str] | UnsetType = UNSET
    delivery: DeliverySettings | UnsetType = UNSET
    push_url: str | UnsetType = UNSET


class NewAccount(AccountTerms, frozen=True):
    """An account of a new space; user and password are made up where they are left out."""

    user: UserName | UnsetType = UNSET


class AccountView(_Out, frozen=True):
    """An account as it is now. `credit` is what can be spent."""

    user: str
    password: str
    credit: str
    currency: str
    titles: tuple[str, ...]
    price: str
    prices: dict[str, str]
    coverage: tuple[str, ...]
    push_url: str


class Accounts(_Out, frozen=True):
    accounts: tuple[AccountView, ...]


class SpaceRequest(_In, frozen=True):
    """A space to open; everything is optional. `clock` freezes it at an instant unless `freeze` is false."""

    name: SpaceName | UnsetType = UNSET
    seed: int | UnsetType = UNSET
    clock: ClockRequest | UnsetType = UNSET
    accounts: Annotated[tuple[NewAccount, ...], Meta(min_length=1, max_length=1000)] | UnsetType = UNSET
    readings: dict[str, str] = {}
    magic_numbers: bool = True


class SpaceView(_Out, frozen=True):
    """A space. `base_url` is what stands before `/api/sendsms/xml/`; the accounts' users find it at the plain URL
    too.
    """

    name: str
    base_url: str
    seed: int
    clock: ClockView
    accounts: tuple[AccountView, ...]
    messages: int
    faults: int


class SpaceList(_Out, frozen=True):
    spaces: tuple[SpaceView, ...]


class Done(_Out, frozen=True):
    status: str


class MessageView(_Out, frozen=True):
    """One message. `id` is the generated id, `message_id` the one its customer sees; `to` the MSISDN,
    `submitted_as` what was written. `status` is scheduled, sent or final as of now, `gsm_error` null until it is final
    (R-10); `plan` says how it will have ended.
    """

    id: str
    message_id: str
    user: str
    title: str
    to: str
    submitted_as: str
    text: str
    flash: bool
    status: str
    gsm_error: int | None
    submitted_at: datetime
    sent_at: datetime
    done_at: datetime
    parts: int
    cost: str
    report: Literal["waiting", "ready", "given"]
    cursor: str


class PartView(_Out, frozen=True):
    """A part; of a binary message `text` is its octets in hexadecimal."""

    text: str
    characters: int


class PlanView(_Out, frozen=True):
    sent_at: datetime
    done_at: datetime
    status: Status
    gsm_error: int


class MessageDetail(MessageView, frozen=True):
    """A message with everything that is known of it. `unicode_because` is the character that kept it out of the GSM alphabet,
    `lost` what a cut dropped, `replaced` the characters that became `?`; `request` is the journal entry it came with,
    null once that is forgotten.
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


class MessagePage(_Out, frozen=True):
    """Newest first. `next` is the cursor of the next page, null at the end."""

    messages: tuple[MessageView, ...]
    next: str | None


class MessagesQuery(_In, frozen=True):
    """Filters: `to`, `title` and `text` are globs, `status` as of now, `since` an instant. `q` is looked for in number,
    title, text and ids, whatever the case of its letters, Turkish ones included.
    """

    to: str | None = None
    title: str | None = None
    text: str | None = None
    status: str | None = None
    user: str | None = None
    q: str | None = None
    since: datetime | None = None
    before: str | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class OutcomeRequest(_In, frozen=True):
    """How a message shall end, `after` so many seconds of the space's clock from now."""

    status: Status
    gsm_error: Annotated[int, Meta(ge=0, le=9999)] | None = None
    after: Annotated[float, Meta(ge=0, le=3e8)] = 0.0


class WaitRequest(_In, frozen=True):
    """Wait until `count` messages match, `timeout` real seconds at most."""

    match: MessageMatch = MessageMatch()
    count: Annotated[int, Meta(ge=1, le=1000)] = 1
    timeout: Patience = 5.0


class Matches(_Out, frozen=True):
    messages: tuple[MessageDetail, ...]


class NearMiss(_Out, frozen=True):
    """A message that is nearly what was waited for, and why it is not."""

    message: MessageView
    differences: tuple[str, ...]


class DrainRequest(_In, frozen=True):
    timeout: Patience = 5.0


class ArmedView(_Out, frozen=True):
    """An armed rule: how many requests matched it, how often it fired."""

    id: int
    rule: Rule
    matched: int
    fired: int


class FaultList(_Out, frozen=True):
    faults: tuple[ArmedView, ...]


class ReadingView(_Out, frozen=True):
    """An ambiguity of the vendor's page, the value chosen and what each value means."""

    name: str
    value: str
    default: str
    clause: str
    sources: str
    question: str
    page: str
    values: dict[str, str]


class ReadingList(_Out, frozen=True):
    readings: tuple[ReadingView, ...]


class JournalQuery(_In, frozen=True):
    """`outcome` and `operation` are words of the entries, `user` a login; `before` the number of an entry."""

    operation: Operation | None = None
    outcome: Outcome | None = None
    user: str | None = None
    before: Annotated[int, Meta(ge=1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000)] = 100


class Finding(_Out, frozen=True):
    """One line of an explanation. Line and column count from 1 in the XML as the server saw it."""

    kind: Kind
    code: int | None
    clause: str
    sentence: str
    sources: str
    path: str
    line: int | None
    column: int | None
    expected: str
    found: str


class RequestView(_Out, frozen=True):
    """A request as it was received or, for a push, sent: `target` is the absolute URL then. `body_base64` stands beside
    `body` where the bytes are not UTF-8. `method` is "" for what was not HTTP.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str
    body_base64: str | UnsetType = UNSET


class AnswerView(_Out, frozen=True):
    """An answer as it went over the wire: `body` holds the bytes that were sent, `bytes_sent` of them. `sent` says
    whether that is the whole body, the beginning of it (`cut`), or no answer at all (`nothing`; `status` is null then).

    `delay_seconds` and `bytes_per_second` say how a fault rule slowed it. Of a push it is the receiver's answer, `cut`
    where only the first 64 KiB were read or the rest did not arrive in time. `headers` are those beside
    Content-Type, Content-Length, Date and Connection; of a push, all that were received.
    """

    status: int | None
    content_type: str
    headers: tuple[tuple[str, str], ...]
    body: str
    sent: Literal["whole", "cut", "nothing"]
    bytes_sent: int
    delay_seconds: float
    bytes_per_second: float | None
    body_base64: str | UnsetType = UNSET


class EntryView(_Out, frozen=True):
    """What happened, and why: a `request` to the API, a `push` of a report, or a request refused in plain `http`.

    `answer` is what went over the wire, null for a push that got none (`error` says why); `intended` is the answer
    before fault rules altered it, null where none did. `faults` are the rules that fired; `curl` repeats the request. The
    generated ids of the messages it created are `accepted` consecutive numbers from `first_id` on.
    """

    id: int
    kind: EntryKind
    at: str
    operation: Operation
    user: str
    outcome: Outcome
    code: int | None
    request: RequestView
    answer: AnswerView | None
    intended: AnswerView | None
    error: str
    explanation: tuple[Finding, ...]
    faults: tuple[str, ...]
    first_id: str | None
    accepted: int
    curl: str


class EntryDetail(EntryView, frozen=True):
    """An entry with `xml`: the document as the server saw it, in which lines and columns count; "" if there is none."""

    xml: str


class EntrySummary(_Out, frozen=True):
    """An entry in short. `clause`, `expected` and `found` are the first refusal's; `accepted`, `refused` and `unread`
    count messages, refusals and fields nobody read. `http_status` is null where no answer went over the wire.
    """

    id: int
    kind: EntryKind
    at: str
    operation: Operation
    user: str
    outcome: Outcome
    code: int | None
    http_status: int | None
    request_bytes: int
    answer_bytes: int
    accepted: int
    refused: int
    unread: int
    clause: str | None
    expected: str
    found: str
    faults: tuple[str, ...]


class SummaryPage(_Out, frozen=True):
    """Newest first; `total` counts entries already forgotten too."""

    space: str
    total: int
    entries: tuple[EntrySummary, ...]


class Pulse(_Out, frozen=True):
    """The data of an event `change`: `change` grows with each, `epoch` differs once everything began anew or the server
    did, `requests` counts journal entries.
    """

    change: int
    epoch: str
    requests: int
    faults: int
    clock: ClockView


class PreviewEntry(_Out, frozen=True):
    """A request that a rule would have matched, and the numbers it means."""

    entry: int
    at: str
    operation: str
    user: str
    to: tuple[str, ...]


class PreviewView(_Out, frozen=True):
    """Of the `looked_at` newest requests, those a rule matches. `skip`, `times` and chance are left aside."""

    looked_at: int
    matching: tuple[PreviewEntry, ...]


class LedgerQuery(_In, frozen=True):
    """The lines of one user, and at most so many."""

    user: str | None = None
    limit: Annotated[int, Meta(ge=1, le=10_000)] = 1000


class LedgerLine(_Out, frozen=True):
    """What one message took, or gave back (C-03), for all its recipients."""

    at: datetime
    kind: Literal["charge", "refund"]
    user: str
    title: str
    first_id: str
    messages: int
    parts: int
    amount: str


class LedgerAccount(_Out, frozen=True):
    """`credit` is what can be spent now; `spent` is what messages took, `returned` what came back of it."""

    user: str
    currency: str
    credit: str
    spent: str
    returned: str
    messages: int


class Ledger(_Out, frozen=True):
    """Lines newest first, `total` of them in all. Credit that was set by hand is in no line."""

    accounts: tuple[LedgerAccount, ...]
    lines: tuple[LedgerLine, ...]
    total: int


class JournalPage(_Out, frozen=True):
    """Newest first; `total` counts entries already forgotten too."""

    space: str
    total: int
    entries: tuple[EntryView, ...]


class Scenario(_In, frozen=True):
    """A bad day: readings, faults, how ordinary messages end, the clock, credit. What is left out stays as it is."""

    format: Literal["kobikom-emulator-scenario/1"] = "kobikom-emulator-scenario/1"
    readings: dict[str, str] = {}
    faults: tuple[Rule, ...] = ()
    delivery: DeliverySettings | UnsetType = UNSET
    clock: ClockRequest | UnsetType = UNSET
    credit: Amount | UnsetType = UNSET
