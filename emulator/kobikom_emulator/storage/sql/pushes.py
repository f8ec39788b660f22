"""The pushes that are still to be made, by due time of each destination, and by message."""

from __future__ import annotations

from bisect import insort
from collections.abc import Iterable

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.push_urls import destination
from kobikom_emulator.domain.reports import BusyPushes, Push
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.batches import Batches
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

_Place = tuple[int, int, int, int]
"""Due time, key, key of the message and attempt of a push; pushes are ordered by the first two."""


class Pushes:
    """Pending pushes of one space's contents. `next_number` goes on where it was after everything was forgotten, so
    that the result of a push that was under way then never concerns a new one.
    """

    def __init__(self, connection: Connection, contents: int, next_number: int) -> None:
        self._connection = connection
        self._contents = contents
        self.next_number = next_number
        self._first: dict[str, tuple[int, int]] | None = None
        """Of each destination that has pushes the due time and key of the first; read when they are needed first."""

    def add(self, row: Row, places: Iterable[tuple[int, int, int]]) -> None:
        """Add pushes of messages of one batch, from index, due time and attempt of each."""
        to, key = destination(row.batch.push_url), self._contents << SHIFT | row.number
        first = self._contents << SHIFT | self.next_number
        rows = [(first + nth, key + index, due, attempt, to) for nth, (index, due, attempt) in enumerate(places)]
        self._connection.executemany("INSERT INTO pushes VALUES (?, ?, ?, ?, ?)", rows)
        self.next_number += len(rows)
        if rows and self._first is not None:
            self._advance(to, min([(due, number) for number, _, due, _, _ in rows]))

    def restart(self, row: Row, index: int, plan: Plan) -> None:
        """Push a message's report at the end of another plan, if it is still to be pushed."""
        if self.drop(self._contents << SHIFT | row.number + index):
            self.add(row, [(index, plan.done_at, 1)])

    def postpone(self, number: int, due: int, attempt: int) -> None:
        key = self._contents << SHIFT | number
        to = self._destination_of("key", key)
        if to is None:
            return
        self._connection.execute("UPDATE pushes SET due = ?, attempt = ? WHERE key = ?", (due, attempt, key))
        self._look_again(to)

    def settle(self, number: int) -> None:
        """Remove a push, if it is there."""
        self._remove("key", self._contents << SHIFT | number)

    def drop(self, message: int) -> bool:
        """Remove the push of a message (by key); whether there was one."""
        return self._remove("message", message)

    def _remove(self, column: str, value: int) -> bool:
        to = self._destination_of(column, value)
        if to is None:
            return False
        self._connection.execute(f"DELETE FROM pushes WHERE {column} = ?", (value,))
        self._look_again(to)
        return True

    def _destination_of(self, column: str, value: int) -> str | None:
        row = self._connection.execute(f"SELECT destination FROM pushes WHERE {column} = ?", (value,)).fetchone()
        return None if row is None else row[0]

    # due pushes

    def due(self, now: int, limit: int, busy: BusyPushes, batches: Batches) -> list[Push]:
        pushes: list[Push] = []
        rows: dict[int, Row] = {}
        for due, key, message, attempt in self._places(limit, busy, until=now):
            number = message & MOST
            row = next((row for row in rows.values() if row.number <= number < row.number + len(row.batch)), None)
            row = row or batches.row_of(number)
            assert row is not None
            rows[row.number] = row
            index = number - row.number
            pushes.append(Push(key & MOST, number, row.batch, row.plan_of(index), index, due, attempt))
        return pushes

    def next_due(self, busy: BusyPushes) -> int | None:
        places = self._places(1, busy)
        return places[0][0] if places else None

    def _places(self, limit: int, busy: BusyPushes, *, until: int | None = None) -> list[_Place]:
        """The first `limit` places of pushes that may be begun, of those due at `until` or before.

        Looks at the destinations whose first push comes before the last of these, and at so many pushes of each.
        """
        places: list[_Place] = []
        firsts = self._firsts()
        for first, to in sorted([(first, to) for to, first in firsts.items()]):
            if limit <= 0 or (until is not None and first[0] > until):
                break
            if len(places) == limit and first > places[-1][:2]:
                break
            if to not in busy.full:
                self._merge(places, to, limit, busy, until)
        return places

    def _merge(self, places: list[_Place], to: str, limit: int, busy: BusyPushes, until: int | None) -> None:
        """Put the pushes to a destination among the first places."""
        found = self._connection.execute(
            "SELECT due, key, message, attempt FROM pushes WHERE key >> 40 = ? AND destination = ? ORDER BY due, key",
            (self._contents, to),
        )
        taken = 0
        for place in found:
            if taken == limit or (until is not None and place[0] > until):
                break
            if len(places) == limit and place > places[-1]:
                break
            if place[1] & MOST not in busy.under_way:
                insort(places, place)
                del places[limit:]
                taken += 1
        found.close()

    def _firsts(self) -> dict[str, tuple[int, int]]:
        if self._first is None:
            self._first = {}
            to: str | None = ""
            following = "SELECT min(destination) FROM pushes WHERE key >> 40 = ? AND destination > ?"
            self._look_again("")
            while (to := self._connection.execute(following, (self._contents, to)).fetchone()[0]) is not None:
                self._look_again(to)
        return self._first

    def _look_again(self, to: str) -> None:
        """Read which push to a destination is the first now."""
        if self._first is None:
            return
        first = self._connection.execute(
            "SELECT due, key FROM pushes WHERE key >> 40 = ? AND destination = ? ORDER BY due, key LIMIT 1",
            (self._contents, to),
        ).fetchone()
        if first is None:
            self._first.pop(to, None)
        else:
            self._first[to] = first

    def _advance(self, to: str, place: tuple[int, int]) -> None:
        if self._first is not None and (to not in self._first or place < self._first[to]):
            self._first[to] = place
