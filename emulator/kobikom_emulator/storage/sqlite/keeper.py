"""Keeps the state and the journal of a space in the file of its store."""

from __future__ import annotations

import asyncio
from functools import partial

from kobikom_emulator.ports import Keepable, StoreFailed
from kobikom_emulator.storage.sqlite.database import Database

SOON = 1.0
"""Seconds within which is kept what nothing waits for."""


class SqliteKeeper:
    """`ports.Keeper` of the space with this number. What is in the file is written again only where it changed."""

    def __init__(self, database: Database, number: int, space: Keepable) -> None:
        self._database = database
        self._number = number
        self._space = space
        self._state = b""
        self._last_entry = self._first_entry = 0
        self._answered = 0
        """The number of the newest entry whose answer was certainly sent."""
        self._closing = False
        self._timer: asyncio.TimerHandle | None = None
        database.keepers[number] = self

    async def note(self) -> None:
        await self._database.free()
        group = self._database.commits.begin()
        group.participants.add(self)
        self._database.commits.remember(group)

    def note_soon(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(SOON, self._note_now)

    def _note_now(self) -> None:
        self._timer = None
        if self._database.busy:
            self.note_soon()
            return
        try:
            self._database.commits.begin().participants.add(self)
        except StoreFailed:
            self.note_soon()

    def write_values(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        execute, number, space = self._database.connection.execute, self._number, self._space
        state = space.state(None if self._closing else max(self._answered, space.restored))
        if state != self._state:
            execute("UPDATE spaces SET state = ? WHERE number = ?", (state, number))
            self._state = state
        if not self._last_entry:
            execute("DELETE FROM journal WHERE space = ?", (number,))
        elif (first := space.first_entry) != self._first_entry:
            execute("DELETE FROM journal WHERE space = ? AND number < ?", (number, first))
            self._first_entry = first
        if entries := space.entries(self._last_entry):
            rows = [(number, *entry) for entry in entries]
            self._database.connection.executemany("INSERT INTO journal VALUES (?, ?, ?)", rows)
            self._last_entry = entries[-1][0]
            self._database.commits.when_kept(partial(self._sent, self._last_entry))

    def _sent(self, newest: int) -> None:
        """The answers to the entries up to this one were sent, which is to be kept, too."""
        self._answered = newest
        if not self._closing:
            self.note_soon()

    def finish(self) -> None:
        self._closing = True
        if self._timer is not None:  # otherwise the file has everything, or belongs to a server that did not begin
            self._note_now()

    def forget_values(self) -> None:
        """Nothing is known of the rows any more: all of it is written with the next change."""
        self._state, self._first_entry, self._last_entry = b"", 0, 0

    async def forget(self) -> None:
        self._database.keepers.pop(self._number, None)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        await self._database.forget_space(self._number)
