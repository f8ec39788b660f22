"""The journal of a space over the control API."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kobikom_emulator.control.exports import TYPES, download, journal_har, journal_lines
from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.journal.entries import Operation, Outcome, RequestEntry
from kobikom_emulator.journal.journal import NumberedEntry
from kobikom_emulator.journal.notes import Kind
from kobikom_emulator.journal.rendering import EntryKind, rendered, summary, xml_seen
from kobikom_emulator.operations.journal import JournalFilter
from kobikom_emulator.operations.space import SpaceOperations

PAGE = 100
"""Entries of a page whose `limit` is not given."""


class JournalQuery(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`outcome` and `operation` are words of the entries, `user` a login, `code` the first status code that is not 0,
    `clause` that of a refusal; `refused` whether anything in it was refused, `faulted` whether a fault rule fired. `q`
    is looked for in request, answer and user; `before` is the number of an entry.
    """

    operation: Operation | None = None
    outcome: Outcome | None = None
    user: str | None = None
    code: int | None = None
    clause: str | None = None
    refused: bool | None = None
    faulted: bool | None = None
    q: Annotated[str, Meta(max_length=2000)] = ""
    before: Annotated[int, Meta(ge=1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=1000, description="100 unless given, all of them in a file.")] | None = None

    def filter(self) -> JournalFilter:
        return JournalFilter(
            operation=self.operation,
            outcome=self.outcome,
            user=self.user,
            code=self.code,
            clause=self.clause,
            refused=self.refused,
            faulted=self.faulted,
            text=self.q,
        )


class ExportQuery(JournalQuery, frozen=True, forbid_unknown_fields=True):
    """The same. `format` chooses a page in JSON or a file without passwords, oldest first: JSON Lines or an HTTP
    Archive (HAR 1.2).
    """

    format: Literal["json", "jsonl", "har"] = "json"


class Finding(msgspec.Struct, frozen=True):
    """One finding of an explanation: the statement that it cites by id, sentence and mark (D documented, O observed, A
    from the ancestor manual, I inferred), and how to mend it (`hint`). Line and column count from 1 in the XML as the
    server saw it; `times` is how many findings like this there are, the first of them is shown, and `places` are the
    paths of the next few. Texts are in the
    language of Accept-Language: English or Turkish.
    """

    kind: Kind
    code: int | None
    clause: str
    statement: str
    sentence: str
    mark: str
    path: str
    line: int | None
    column: int | None
    expected: str
    found: str
    hint: str
    times: int
    places: tuple[str, ...]


class RequestView(msgspec.Struct, frozen=True):
    """A request as it was received or, for a push, sent: `target` is the absolute URL then. `body_base64` stands beside
    `body` where the bytes are not UTF-8. `method` is "" for what was not HTTP.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    body: str
    body_base64: str | UnsetType = UNSET


class AnswerView(msgspec.Struct, frozen=True):
    """An answer as it went over the wire: `body` holds the bytes that were sent, `bytes_sent` of them. `sent` says
    whether that is the whole body, the beginning of it (`cut`), or no answer at all (`nothing`; `status` is null then).

    `delay_seconds` and `bytes_per_second` say what a fault rule did to its speed. Of a push it is the receiver's
    answer, `cut` where only the first 64 KiB were read or the rest did not arrive in time. `headers` are those beside
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


class EntryView(msgspec.Struct, frozen=True):
    """What happened, and why: a `request` to the API, a `push` of a report, or a request refused in plain `http`.

    `answer` is what went over the wire, null for a push that got none: `error` says why. `intended` is the answer
    before fault rules altered it, null where none did. `faults` are the rules that fired; `curl` repeats the request.
    The generated ids of the messages it created are `accepted` consecutive numbers from `first_id` on.
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


class EntrySummary(msgspec.Struct, frozen=True):
    """An entry in short. `clause`, `expected` and `found` are the first refusal's; `accepted`, `refused` and `unread`
    count messages, refusals and fields that were ignored. `http_status` is null where no answer went over the wire.
    `sent` says whether all of the answer did, `altered` whether a fault rule changed it, and `effects` what each rule
    that fired did, in the language of Accept-Language.
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
    effects: tuple[str, ...]
    sent: Literal["whole", "cut", "nothing"]
    altered: bool


class JournalPage(msgspec.Struct, frozen=True):
    """Newest first; `total` counts the entries that were dropped too."""

    space: str
    total: int
    entries: tuple[EntryView, ...]


class SummaryPage(msgspec.Struct, frozen=True):
    """Newest first; `total` counts the entries that were dropped too, `kept` those that were not, `matching` those of
    them that pass the filters.
    """

    space: str
    total: int
    kept: int
    matching: int
    entries: tuple[EntrySummary, ...]


async def page(space: SpaceOperations, call: Call) -> Answer:
    """Entries that pass the filters, newest first; in a file oldest first."""
    query: ExportQuery = call.query
    if query.format != "json":
        selection = await space.journal.select(query.filter(), before=query.before, limit=query.limit)
        numbered_entries = selection.entries[::-1]
        return download(
            lambda: (journal_lines if query.format == "jsonl" else journal_har)(space, numbered_entries, call),
            file=f"kobikom-{space.name}-journal",
            format=query.format,
        )
    head = msgspec.json.encode({"space": space.name, "total": space.journal.written})
    chunks = [head.removesuffix(b"}") + b',"entries":[']
    selection = await space.journal.select(query.filter(), before=query.before, limit=query.limit or PAGE)
    for numbered in selection.entries:
        if len(chunks) > 1:
            chunks.append(b",")
        chunks.append(await space.journal.read(numbered, partial(_entry, call=call)))
    chunks.append(b"]}\n")
    return Answer(tuple(chunks), "application/json")


def _entry(numbered: NumberedEntry, *, call: Call) -> bytes:
    """An entry as JSON: each by itself, for all of them together are too large to be written at once."""
    return msgspec.json.encode(rendered(numbered, base_url=call.base_url, language=call.language))


async def summaries(space: SpaceOperations, call: Call) -> Answer:
    """The same in short, without bodies and positions."""
    query: JournalQuery = call.query
    journal = space.journal
    selection = await journal.select(query.filter(), before=query.before, limit=query.limit or PAGE)
    entries = [summary(numbered, language=call.language) for numbered in selection.entries]
    counts = {"total": journal.written, "kept": journal.kept, "matching": selection.matching}
    return as_json({"space": space.name, **counts, "entries": entries})


async def show(space: SpaceOperations, call: Call) -> Answer:
    """One entry, with the XML that its explanation's lines and columns count in."""
    numbered = space.journal.show(call.number("entry", "journal entry"))
    detail = await space.journal.read(numbered, partial(_detail, call=call))
    return Answer((detail + b"\n",), "application/json")


def _detail(numbered: NumberedEntry, *, call: Call) -> bytes:
    entry = numbered.entry
    is_post = isinstance(entry, RequestEntry) and entry.request.method == "POST"
    xml = xml_seen(entry.request) if is_post else ""
    return msgspec.json.encode({**rendered(numbered, base_url=call.base_url, language=call.language), "xml": xml})


ENDPOINTS = (
    Endpoint("GET", "/journal", page, "readJournal", "Requests and pushes, with explanations.", {200: JournalPage},
             query=ExportQuery, formats=(TYPES["jsonl"], TYPES["har"])),
    Endpoint("GET", "/journal/{entry}", show, "showEntry", "An entry of the journal.", {200: EntryDetail}),
    Endpoint("GET", "/requests", summaries, "listRequests", "The journal in short.", {200: SummaryPage},
             query=JournalQuery),
)  # fmt: skip
