"""One exchange as a lie sees it: the request taken apart, what the honest server did, and what came before."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from paper_server.dialect import Report, Result, printed_date
from paper_server.messages import Request, Response
from paper_server.orders import Recipient, recipients_of
from paper_server.request_document import Node, UnreadableError, read
from paper_server.world import Account, Message

if TYPE_CHECKING:
    from drawn_servers.lying_server import LyingServer


@dataclass(slots=True)
class Line:
    """One recipient of a send: its place, what it asked for, its result and the message that resulted."""

    place: int
    block_number: int
    place_in_block: int
    last: bool
    block: Node
    recipient: Recipient
    result: Result
    message: Message | None

    @property
    def text(self) -> str:
        """The text of its block as it was written."""
        return self.block.raw("metin")


@dataclass(slots=True)
class Past:
    """What went on before this exchange."""

    requests: Counter[str] = field(default_factory=Counter)
    seen: Counter[bytes] = field(default_factory=Counter)
    after: set[str] = field(default_factory=set)
    """Kinds of things that have happened: refused login, refused recipient, pull of unknown ids, clock moved, …"""
    given: list[tuple[Account, Message]] = field(default_factory=list)
    """Reports that pulls were given, oldest first."""
    used_ids: set[str] = field(default_factory=set)
    balances: dict[str, bytes] = field(default_factory=dict)
    """The last answer to a balance query, by user."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """The last body answered to each operation."""
    sends: dict[bytes, bytes] = field(default_factory=dict)
    """The first answer to each send that was accepted."""
    undo: dict[str, Decimal] = field(default_factory=dict)
    """The credit before the last accepted send, by user."""
    held: int = 0
    """How often the condition of the lie has held."""


@dataclass(slots=True)
class Scene:
    """One exchange. A lie changes ``response``, ``results`` or ``reports``, or the state of ``server``."""

    server: LyingServer
    request: Request
    operation: str
    root: Node | None
    query: dict[str, str]
    past: Past
    now: datetime
    response: Response
    account: Account | None
    credit_before: Decimal
    waiting_before: list[Message]
    results: list[Result] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    pulled: list[Message] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """True when the request was refused as a whole."""
        body = self.response.body
        if self.operation == "pull":
            return len(body) <= 3
        return b"<result>" in body and not self.lines

    @property
    def accepted(self) -> list[Line]:
        """The recipients that were accepted."""
        return [line for line in self.lines if line.message is not None]

    @property
    def named(self) -> list[str]:
        """The ids that a pull names."""
        return [one.strip() for one in self.query.get("messageid", "").split(",") if one.strip()]

    @property
    def blocks(self) -> list[Node]:
        """The blocks of a send."""
        return [] if self.root is None else list(self.root.all("mesajiniz"))

    def printed(self, moment: datetime) -> str:
        """A date as the server writes it."""
        return printed_date(moment, self.server.readings)

    def report(self, message: Message) -> Report:
        """The report of a message as the server writes it."""
        sent, done = self.printed(message.submitted), self.printed(message.done)
        return Report(message.id, sent, done, message.status, message.gsmerror)

    def values(self, name: str) -> list[str]:
        """The values of a field in every block that has one."""
        return [value for block in self.blocks if (value := block.value(name))]


def operation_of(request: Request, root: Node | None) -> str:
    """send, titles, balance or pull; ``unreadable`` for a POST that is none, ``other`` for other methods and paths."""
    path = request.target.partition("?")[0].rstrip("/")
    if request.method == "GET" and path.endswith("/pull"):
        return "pull"
    if request.method != "POST" or not path.endswith("/xml"):
        return "other"
    names = {"sms": "send", "basliklar": "titles", "bakiye": "balance"}
    return "unreadable" if root is None else names.get(root.name, "unreadable")


def document_of(request: Request) -> Node | None:
    """The document of a POST, None when it cannot be read."""
    if request.method != "POST":
        return None
    try:
        return read(request.body, request.headers.get("content-type", ""))
    except UnreadableError:
        return None


def query_of(request: Request) -> dict[str, str]:
    """The parameters of a pull by lower-case name."""
    query = request.target.partition("?")[2]
    asked: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        asked.setdefault(name.lower(), value)
    return asked


def lines_of(root: Node, results: list[Result], accepted: list[Message], *, empty: bool) -> list[Line]:
    """The recipients of a send with their results; none when the numbers of both do not match."""
    places = [
        (number, place, block, recipient)
        for number, block in enumerate(root.all("mesajiniz"))
        for place, recipient in enumerate(one for one in recipients_of(block) if one.number or empty)
    ]
    if len(places) != len(results):
        return []
    messages = iter(accepted)
    return [
        Line(
            index,
            number,
            place,
            index == len(places) - 1,
            block,
            recipient,
            result,
            next(messages, None) if result.status == 0 else None,
        )
        for index, ((number, place, block, recipient), result) in enumerate(zip(places, results, strict=True))
    ]
