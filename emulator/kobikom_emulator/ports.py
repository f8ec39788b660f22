"""What gateway and operations need from the outside: a store, a clock, generated ids and a pusher.

Adapters implement these and hold no rules; only bootstrap names adapters.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Change
from kobikom_emulator.domain.matching import MessageQuery
from kobikom_emulator.domain.reports import NO_PUSHES, BusyPushes, Push, ReportQuery, Reports
from kobikom_emulator.domain.retention import Expired, Retention
from kobikom_emulator.domain.states import AccountTotals, LedgerLine, MessageState, Record


class StoreFailed(Exception):
    """What was to be stored, or read, could not be; the message says why in one line."""


class PerhapsStored(StoreFailed):
    """The same of a change that was made, but not confirmed: it may be there or not."""


class StoreWait(asyncio.Future[None]):
    """The wait for a store to keep what was changed. What a request does after it may not need to be in a task."""


class Store(Protocol):
    """Accounts, messages, reports, pushes and ledger of one space.

    Callers that apply changes, take reports, export or replace hold the space's lock, so that these never overlap. The
    other methods may be called at any time and change nothing.
    """

    # accounts

    async def account(self, user: str) -> Account | None: ...

    async def accounts(self) -> Sequence[Account]:
        """The open accounts, in the order they were opened."""

    async def credit(self, user: str, now: int) -> Decimal:
        """What an open account can spend at `now` (ms), refunds that are due included; never below zero."""

    async def ledger(
        self, user: str | None, *, now: int, before: int | None = None, limit: int
    ) -> Sequence[LedgerLine]:
        """Lines of one user, or of all, newest first, by instant, then by number. A planned refund is a line once it is
        due at `now` (ms). `before` is the number of a line; nothing comes before a line that is not there.
        """

    async def ledger_size(self, user: str | None, *, now: int) -> int:
        """How many lines `ledger` has without a limit."""

    async def totals(self, now: int) -> Sequence[AccountTotals]:
        """Spent and returned of each open account, in the order of `accounts`."""

    # messages

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        """Those of `ids` that the account has given a message that is still there."""

    async def message(self, message_id: str) -> MessageState | None:
        """The newest message that has this id, its customer's or the generated one."""

    async def next_number(self) -> int:
        """The number that the next accepted message gets."""

    async def numbered(self, numbers: Iterable[int]) -> Sequence[MessageState]:
        """The messages with these numbers that are still there, in the order of `numbers`."""

    async def messages(
        self, query: MessageQuery, *, now: int, before: int | None = None, after: int = -1, limit: int
    ) -> Sequence[MessageState]:
        """Up to `limit` messages that the query includes at `now` (ms), newest first, with numbers below `before` and
        above `after`; there need not be messages with these two numbers.
        """

    async def expired(self, retention: Retention, *, now: int) -> Expired:
        """The messages that `retention` does not keep at `now` (ms), oldest first. They are looked for in the order of
        acceptance up to the first that is among the newest `retention.messages` and not too old.
        """

    async def count(self, query: MessageQuery, *, now: int, after: int = -1) -> int:
        """How many messages with numbers greater than `after` the query includes."""

    # reports and pushes

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        """Remove and return up to `limit` reports that match, oldest first; empty when there are none left (R-03). A
        query by ids is answered whole.
        """

    async def due_pushes(self, now: int, limit: int, busy: BusyPushes = NO_PUSHES) -> Sequence[Push]:
        """Up to `limit` pushes due at `now` (ms) or before, in the order of their due time, without the busy ones. They
        stay until settled or postponed. What busy destinations have waiting costs nothing.
        """

    async def next_push(self, busy: BusyPushes = NO_PUSHES) -> int | None:
        """When the next push that is not busy is due (ms)."""

    # changes

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make all of the changes true, in this order. `LookupError` if one needs an account, a message or a refund
        that is not there; nothing is changed then. An account may be opened by an earlier change of the same sequence,
        a message or a refund must be there before. `StoreFailed` if the store cannot be written.
        """

    async def kept(self) -> None:
        """Return once everything that was applied or taken so far is kept, also should the machine stop now.

        `StoreFailed` if something that the calling task applied or took could not be kept; it was undone then. Whatever
        changes the store awaits it, after the space's lock was released and before the change is acknowledged.
        """

    # the space as a whole

    def export(self) -> AsyncIterator[Record]:
        """Everything that is stored, record by record: accounts, refunds, ledger, batches, pushes, in this order."""

    async def replace(self, records: AsyncIterable[Record]) -> None:
        """Forget everything and keep these records instead, in the order `export` gives them. `ValueError` if they
        contradict each other; everything stays as it was then.
        """

    async def clear(self) -> None:
        """Forget everything."""


class Keepable(Protocol):
    """What is kept of a space beside the contents of its store."""

    def state(self, answered: int | None = None) -> bytes:
        """Everything but the journal. `answered` is the number up to which the answers of its entries were sent;
        None if all were.
        """

    def entries(self, after: int) -> Sequence[tuple[int, bytes]]:
        """The entries of the journal with numbers above `after`, each with its number, oldest first."""

    @property
    def restored(self) -> int:
        """The number of the newest entry that was in the journal when the space went on after a restart, 0 if none."""

    @property
    def first_entry(self) -> int:
        """The number of the oldest entry that the journal still has, or of the next one if it has none."""


class Keeper(Protocol):
    """Keeps of one space what is not in its store, in the same file and the same transactions as its store."""

    async def note(self) -> None:
        """Keep what the space is now, with what was stored: `Store.kept` of the present task waits for it.
        `StoreFailed` if the file cannot be written.
        """

    def note_soon(self) -> None:
        """The same within a second. Nothing waits for it: for what may be lost when the machine stops."""

    async def forget(self) -> None:
        """Keep nothing more, and delete everything of the space, the contents of its store included."""


class KeptSpace(msgspec.Struct, frozen=True, gc=False):
    """What a keeper has of a space: its name, its last state, and the entries of its journal, oldest first."""

    name: str
    state: bytes
    entries: Sequence[bytes]


class ClockReading(msgspec.Struct, frozen=True, gc=False):
    """What a clock showed (ms) when the machine's time was `source` (ms), and how it went on."""

    at: int
    source: int
    frozen: bool
    rate: float


class Clock(Protocol):
    """The time of one space, in integer milliseconds since the epoch."""

    def now(self) -> int: ...

    async def reach(self, instant: int | None) -> None:
        """Return once `now()` is at or past `instant`, or at the next `nudge()`; None waits for a nudge only."""

    @property
    def frozen(self) -> bool: ...

    @property
    def rate(self) -> float:
        """Emulated seconds per real second, while it runs."""

    def is_machine_time(self) -> bool:
        """Whether it runs as the machine's clock does and shows the same, to within a second."""

    def freeze(self) -> None: ...

    def run(self, *, rate: float | None = None) -> None:
        """Let it run from its present instant, at another rate if one is given."""

    def advance(self, milliseconds: int) -> None:
        """Move forward; a frozen clock stays frozen, a running one goes on."""

    def set(self, instant: int) -> None:
        """Move to an instant, which may be an earlier one."""

    def start(self, *, at: int | None, advance: int, frozen: bool, rate: float) -> None:
        """Begin at an instant (None: the machine's time), `advance` ms later, frozen or running at a rate."""

    def nudge(self) -> None:
        """End every `reach`, because what it waits for may have changed."""

    def reading(self) -> ClockReading:
        """What it shows, to go on from it later."""

    def resume(self, reading: ClockReading) -> None:
        """Go on as if it had never stopped since a reading; a frozen one shows what it showed."""

    when_nudged: Callable[[], None] | None
    """Called at the next nudge, once."""


class Ids(Protocol):
    """Generated message ids: consecutive integers (S-02)."""

    def peek(self, digits: int) -> int:
        """The next id of so many digits."""

    def next_after(self, seed: int, taken: int, digits: int) -> int:
        """What `peek` would give after `restart(seed)` and `take(taken)`."""

    @property
    def seed(self) -> int:
        """The seed that the ids come from."""

    @property
    def taken(self) -> int:
        """How many ids were taken."""

    def take(self, count: int) -> None: ...

    def restart(self, seed: int) -> None:
        """Start again with the first id of a seed."""


class PushResponse(msgspec.Struct, frozen=True, gc=False):
    """What a receiver answered. `complete` is false where `body` is only the beginning of the receiver's body; `cut`
    says in words why the receiver did not send all of it, "" where it did or no more was wanted.
    """

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    complete: bool = True
    cut: str = ""


@dataclass(frozen=True, slots=True)
class PushResult:
    """How one attempt to push ended.

    `headers` are those of the request as it was sent, or as it would have been. Without a `response`, `error` says in
    words what went wrong; `refused` where the address may not be pushed to at all. `rest` reads the body of a response
    of which only the head is there; call `whole` once, or the connection stays open.
    """

    response: PushResponse | None = None
    error: str = ""
    refused: bool = False
    headers: tuple[tuple[str, str], ...] = ()
    rest: Callable[[], Awaitable[PushResponse]] | None = None

    async def whole(self) -> PushResult:
        """The same result with the body of the response."""
        return self if self.rest is None else replace(self, response=await self.rest(), rest=None)

    @property
    def delivered(self) -> bool:
        """Whether the receiver took the report: any 2xx (S-19)."""
        return self.response is not None and 200 <= self.response.status < 300

    @property
    def detail(self) -> str:
        """How it ended, in a few words."""
        return self.error if self.response is None else f"HTTP {self.response.status}"


class Pusher(Protocol):
    """Posts a report, or an event of a webhook, to an address that may be posted to."""

    async def push(self, url: str, body: bytes, *, headers: Mapping[str, str] | None = None) -> PushResult:
        """Post once, and return as soon as it is decided whether the body was taken. `headers` are sent beside the
        usual ones, or instead of those of the same name.
        """

    def address_problem(self, url: str) -> str:
        """Why nothing can be pushed to an address, "" if nothing speaks against it. Names are not resolved."""

    async def close(self) -> None: ...
