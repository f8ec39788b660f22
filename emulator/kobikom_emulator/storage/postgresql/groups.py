"""The requests that share a transaction of a space, and what of the space in memory goes with its rows."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Protocol

from kobikom_emulator.ports import StoreFailed
from kobikom_emulator.storage.postgresql.waiting import WaitingConnection

if TYPE_CHECKING:
    import asyncpg

LONGEST = 0.05
"""Seconds after which a group is committed although more requests wait: other servers wait for it."""

MOST = 500
"""Requests that share a commit."""


class SharedState(Protocol):
    """What a keeper has in memory of the space."""

    def write_values(self, connection: WaitingConnection) -> bytes | None:
        """Write what is not in the rows yet; the state, None if it did not change. Nothing more is written to the
        journal until the next group.
        """

    async def take_over(self, connection: asyncpg.Connection, state: bytes, *, contents: int, replaced: bool) -> None:
        """Be what another server made of the space; `replaced` where it was cleared or replaced."""

    def may_write(self) -> None:
        """A group has begun."""

    def forget_values(self) -> None:
        """The group was undone."""


class Group:
    """What is committed together. `is_ending` says that the database was asked to commit it, `error` is why it is not
    kept, once `over`.
    """

    __slots__ = ("begun", "changed", "connection", "entered", "error", "is_ending", "over", "waiting")

    def __init__(self, connection: asyncpg.Connection) -> None:
        self.connection = connection
        self.begun = time.monotonic()
        self.entered = 0
        self.changed = False
        self.is_ending = False
        self.over = False
        self.error: StoreFailed | None = None
        self.waiting: list[asyncio.Future[None]] = []

    @property
    def may_grow(self) -> bool:
        return self.entered < MOST and time.monotonic() - self.begun < LONGEST

    def end(self) -> None:
        self.over = True
        for waiting in self.waiting:
            if not waiting.done():
                waiting.set_result(None)
        self.waiting.clear()

    async def wait(self) -> None:
        if not self.over:
            waiting = asyncio.get_running_loop().create_future()
            self.waiting.append(waiting)
            await waiting
