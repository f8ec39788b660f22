"""The batches of a space as rows, and what is found of them by number and by id."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import groupby

from kobikom_emulator.domain.delivery import Plan, Status
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import MessageState, Refund
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.codec import STATUS_NUMBERS, decode_batch, decode_plan, encode_batch, encode_plan
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

COLUMNS = "batches.key, batches.first_id, batches.pushed, batches.body, marks.given, marks.deleted, marks.replanned"
"""What a `Row` is made of, from `SOURCE`."""

SOURCE = "batches LEFT JOIN marks ON marks.key = batches.key"

LARGE = 32
"""Recipients from which on a batch is remembered when it was read: reading it takes longer than finding it."""

REMEMBERED = 50_000
"""Recipients of all batches that are remembered."""

MOST_DIGITS = 18
"""Digits of the longest generated ids."""

_Columns = tuple[int, int, int, bytes, bytes | None, bytes | None, int | None]


class Batches:
    """Reads rows with any connection that sees them."""

    def __init__(self, connection: Connection, contents: int) -> None:
        self.connection = connection
        self.contents = contents
        self.first_key = contents << SHIFT
        self.last_key = self.first_key | MOST
        self._remembered: OrderedDict[int, Batch] = OrderedDict()
        self._recipients = 0

    # rows

    def row(self, columns: _Columns) -> Row:
        """The row of a batch; `Row.given` of a pushed one says which pushes are over."""
        key, first_id, pushed, body, given, deleted, replanned = columns
        batch = self._remembered.get(key) or self._decoded(key, body, first_id)
        size = len(batch)
        row = Row(key & MOST, batch, bytearray(size) if given is None else bytearray(given))
        if deleted is not None:
            row.deleted = bytearray(deleted)
        if pushed:
            row.given = bytearray(b"\1") * size
            pending = "SELECT message FROM pushes WHERE message BETWEEN ? AND ?"
            for (message,) in self.connection.execute(pending, (key, key + size - 1)):
                row.given[message - key] = 0
        if replanned:
            changed = self.connection.execute(
                "SELECT key, plan FROM plans WHERE key BETWEEN ? AND ?", (key, key + size - 1)
            )
            row.replanned = {message - key: decode_plan(plan) for message, plan in changed}
        return row

    def _decoded(self, key: int, body: bytes, first_id: int) -> Batch:
        batch = decode_batch(body, first_id)
        if len(batch) >= LARGE:
            self._remembered[key] = batch
            self._recipients += len(batch)
            while self._recipients > REMEMBERED and len(self._remembered) > 1:
                _, forgotten = self._remembered.popitem(last=False)
                self._recipients -= len(forgotten)
        return batch

    def forget(self, key: int) -> None:
        """A batch is gone."""
        batch = self._remembered.pop(key, None)
        if batch is not None:
            self._recipients -= len(batch)

    def row_of(self, number: int) -> Row | None:
        """The row that holds a message with this number, deleted or not."""
        if not 0 <= number <= MOST:
            return None
        columns = self.connection.execute(
            f"SELECT {COLUMNS} FROM {SOURCE} WHERE batches.key BETWEEN ? AND ? ORDER BY batches.key DESC LIMIT 1",
            (self.first_key, self.first_key | number),
        ).fetchone()
        if columns is None:
            return None
        row = self.row(columns)
        return row if number < row.number + len(row.batch) else None

    def place(self, number: int) -> tuple[Row, int] | None:
        """The row of a message and its index there, None if there is no such message or it was deleted."""
        row = self.row_of(number)
        if row is None or not row.has(number - row.number):
            return None
        return row, number - row.number

    def next_number(self) -> int:
        newest = self.connection.execute(
            "SELECT key, size FROM batches WHERE key BETWEEN ? AND ? ORDER BY key DESC LIMIT 1",
            (self.first_key, self.last_key),
        ).fetchone()
        return 0 if newest is None else (newest[0] & MOST) + int(newest[1])

    def state(self, row: Row, index: int, refund_of: Callable[[int, int, int | None], Refund]) -> MessageState:
        plan, number = row.plan_of(index), row.number + index
        replanned = row.is_replanned(index)
        refund = Refund.NONE
        if plan.status is Status.NOT_ALLOWED:
            refund = refund_of(row.batch.first_id, plan.done_at, number if replanned else None)
        return MessageState(number, row.batch, index, plan, row.given[index] == 1, refund, replanned)

    # ids

    def used_ids(self, user: int, ids: Collection[str]) -> set[str]:
        find = "SELECT 1 FROM client_ids WHERE contents = ? AND client_id = ? AND user = ? LIMIT 1"
        execute = self.connection.execute
        return {client_id for client_id in ids if execute(find, (self.contents, client_id, user)).fetchone()}

    def with_id(self, user: int, name: str, message_id: str) -> list[int]:
        """The numbers of the user's messages that have this id, its own or the generated one."""
        find = "SELECT number FROM client_ids WHERE contents = ? AND client_id = ? AND user = ?"
        numbers = [number for (number,) in self.connection.execute(find, (self.contents, message_id, user))]
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].batch.user == name:
            numbers.append(generated[0].number + generated[1])
        return numbers

    def newest_with_id(self, message_id: str) -> tuple[Row, int] | None:
        """The newest message of any user that has this id."""
        find = "SELECT max(number) FROM client_ids WHERE contents = ? AND client_id = ?"
        newest = self.connection.execute(find, (self.contents, message_id)).fetchone()[0]
        newest = -1 if newest is None else newest
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].number + generated[1] > newest:
            return generated
        return self.place(newest)

    def _with_generated_id(self, text: str) -> tuple[Row, int] | None:
        if not (text.isascii() and text.isdigit()) or len(text) > MOST_DIGITS or str(int(text)) != text:
            return None
        generated_id = int(text)
        columns = self.connection.execute(
            f"SELECT {COLUMNS} FROM {SOURCE} WHERE batches.key >> 40 = ? AND batches.first_id <= ?"
            " ORDER BY batches.first_id DESC LIMIT 1",
            (self.contents, generated_id),
        ).fetchone()
        if columns is None:
            return None
        row = self.row(columns)
        index = generated_id - row.batch.first_id
        return (row, index) if index < len(row.batch) and row.has(index) else None

    # changes

    def add(self, number: int, batch: Batch, user: int) -> None:
        """Write a batch, its ids and its place for questions."""
        key, size, groups = self.first_key | number, len(batch), batch.groups
        first = groups[0].plan
        if len(groups) == 1:
            first_done, last_done = first.done_at, max(first.done_at, first.sent_at)
            status: int | None = STATUS_NUMBERS[first.status]
        else:
            first_done = min([group.plan.done_at for group in groups])
            last_done = max([max(group.plan.done_at, group.plan.sent_at) for group in groups])
            status = None
        self.connection.execute(
            "INSERT INTO batches VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                key, size, batch.first_id, user, 1 if batch.push_url else 0, first.submitted_at, first_done,
                last_done, status, encode_batch(batch),
            ),
        )  # fmt: skip

    def index_client_ids(self, row: Row, user: int) -> None:
        """Let the messages of an added batch be found by their client ids."""
        if row.batch.client_ids is None:
            return
        self.connection.executemany(
            "INSERT INTO client_ids VALUES (?, ?, ?, ?)",
            [
                (self.contents, client_id, user, row.number + index)
                for index, client_id in enumerate(row.batch.client_ids)
                if client_id and row.has(index)
            ],
        )

    def replan(self, row: Row, index: int, plan: Plan) -> None:
        key = self.first_key | row.number
        row.replan(index, plan)
        self.connection.execute(
            "INSERT INTO plans VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET plan = excluded.plan",
            (key + index, encode_plan(plan)),
        )
        self.connection.execute(
            "INSERT INTO marks (key, replanned) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET replanned = 1", (key,)
        )

    def mark_given(self, row: Row) -> None:
        """Keep which reports of a batch are gone."""
        self.connection.execute(
            "INSERT INTO marks (key, given) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET given = excluded.given",
            (self.first_key | row.number, bytes(row.given)),
        )

    def mark_deleted(self, row: Row) -> None:
        """Keep which messages of a batch were deleted."""
        assert row.deleted is not None
        self.connection.execute(
            "INSERT INTO marks (key, given, deleted) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE"
            " SET given = excluded.given, deleted = excluded.deleted",
            (self.first_key | row.number, None if row.batch.push_url else bytes(row.given), bytes(row.deleted)),
        )

    def by_row(self, numbers: Iterable[int]) -> Iterator[tuple[Row, Sequence[int]]]:
        """The rows of those messages that are there, each with their indices in it, ascending."""
        row: Row | None = None
        places: list[tuple[Row, int]] = []
        for number in sorted(set(numbers)):
            if row is None or not row.number <= number < row.number + len(row.batch):
                row = self.row_of(number)
            if row is not None and row.has(number - row.number):
                places.append((row, number - row.number))
        for _, together in groupby(places, key=lambda place: id(place[0])):
            members = list(together)
            yield members[0][0], [index for _, index in members]

    def forget_client_ids(self, row: Row, user: int, indices: Sequence[int]) -> None:
        if row.batch.client_ids is None:
            return
        client_ids = row.batch.client_ids
        self.connection.executemany(
            "DELETE FROM client_ids WHERE contents = ? AND client_id = ? AND user = ? AND number = ?",
            [(self.contents, client_ids[index], user, row.number + index) for index in indices if client_ids[index]],
        )

    def drop(self, row: Row) -> None:
        """Delete a batch whose messages were all deleted."""
        key = self.first_key | row.number
        self.forget(key)
        execute = self.connection.execute
        execute("DELETE FROM plans WHERE key BETWEEN ? AND ?", (key, key + len(row.batch) - 1))
        execute("DELETE FROM marks WHERE key = ?", (key,))
        execute("DELETE FROM batches WHERE key = ?", (key,))
