"""What the gateway needs from the world. Adapters (storage, clock, ids, pusher) implement it; only bootstrap names
them.

Adapters hold no rules: they are told what is true (`Store.apply`) and asked what is.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import msgspec

from kobikom_emulator.domain.account import Account
from kobikom_emulator.domain.changes import Change
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.reports import Push, ReportQuery, Reports
from kobikom_emulator.domain.states import Books, MessageState


class Store(Protocol):
    """Accounts, batches, reports and pushes of one space. Calls of one space never overlap: its gateway takes turns."""

    async def account(self, user: str) -> Account | None: ...

    async def accounts(self) -> Sequence[Account]: ...

    async def credit(self, user: str, now: int) -> Decimal:
        """What the account can spend at `now` (ms), refunds that are due included."""

    async def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        """Those of `ids` that the account has ever given a message."""

    async def apply(self, changes: Sequence[Change]) -> None:
        """Make all of the changes true, or none."""

    async def take_reports(self, query: ReportQuery, limit: int) -> Sequence[Reports]:
        """Remove and return up to `limit` reports that match, oldest first; empty when there are none left (R-03)."""

    async def due_pushes(self, now: int, limit: int) -> Sequence[Push]:
        """Up to `limit` pushes due at `now` or before, in the order of their due time; they stay until settled or
        postponed.
        """

    async def next_push(self) -> int | None:
        """When the next push is due (ms)."""

    async def batches(self) -> int:
        """How many batches there are; they are numbered from 0 in the order they were accepted."""

    async def batch(self, number: int) -> Batch: ...

    async def standing(self, number: int, index: int) -> MessageState:
        """Where one message stands: recipient `index` of batch `number`."""

    async def find(self, message_id: str) -> Sequence[MessageState]:
        """Every message that goes by this id, its customer's or the generated one, newest first."""

    async def open_books(self) -> Books:
        """Everything there is, as a value."""

    async def replace_books(self, books: Books) -> None:
        """Forget everything and know this instead."""

    async def clear(self) -> None:
        """Forget everything."""


class Clock(Protocol):
    """The time of one space, in integer milliseconds since the epoch."""

    def now(self) -> int: ...

    async def reach(self, instant: int | None) -> None:
        """Return once `now()` is at or past `instant`, or at the next `nudge()`; None waits for a nudge alone."""

    @property
    def frozen(self) -> bool: ...

    @property
    def rate(self) -> float:
        """Emulated seconds a real second, while it runs."""

    def freeze(self) -> None: ...

    def run(self, *, rate: float | None = None) -> None:
        """Let it run on from where it stands, at another rate if one is given."""

    def advance(self, milliseconds: int) -> None:
        """Move forward; frozen or running, it stays so."""

    def set(self, instant: int) -> None:
        """Stand at an instant, earlier ones included."""

    def reset(self) -> None:
        """Back to how it was made."""

    def nudge(self) -> None:
        """Wake whoever waits, because what they wait for may have changed."""


class Ids(Protocol):
    """Generated message ids: consecutive integers that print with 18 digits (S-02)."""

    def peek(self) -> int: ...

    def take(self, count: int) -> None: ...

    def restart(self) -> None:
        """Begin the run anew, after everything was forgotten."""


class PushResponse(msgspec.Struct, frozen=True, gc=False):
    """What a receiver answered. `complete` is false where `body` is only the beginning of the receiver's body."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class PushResult:
    """How one attempt to push ended.

    `headers` are those of the request as it was sent, or as it would have been. Without a `response`, `error` says in
    words what went wrong; `refused` where the address may not be pushed to at all.
    """

    response: PushResponse | None = None
    error: str = ""
    refused: bool = False
    headers: tuple[tuple[str, str], ...] = ()

    @property
    def delivered(self) -> bool:
        """Whether the receiver took the report: any 2xx (S-19)."""
        return self.response is not None and 200 <= self.response.status < 300

    @property
    def detail(self) -> str:
        """How it ended, in a few words."""
        return self.error if self.response is None else f"HTTP {self.response.status}"


class Pusher(Protocol):
    """Delivers a report to a customer's address."""

    async def push(self, url: str, body: bytes) -> PushResult: ...

    async def close(self) -> None: ...
