"""The batches of a space as rows, and the numbers and ids by which a message is found."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field

from kobikom_emulator.domain.delivery import Plan
from kobikom_emulator.domain.messages import Batch
from kobikom_emulator.domain.states import BatchRecord

PAUSE = 2000
"""Messages that are looked at or changed before other tasks get their turn: a few milliseconds."""


@dataclass(slots=True, eq=False)
class Row:
    """A batch; `number` is that of its first message. `given` and `deleted` hold 1 at the index of a message whose
    report is gone, that was deleted; `deleted` is None while none was.
    """

    number: int
    batch: Batch
    given: bytearray
    replanned: dict[int, Plan] = field(default_factory=dict)
    deleted: bytearray | None = None
    _plans: list[Plan] | None = None

    def plan_of(self, index: int) -> Plan:
        return self.replanned.get(index) or self.original_plan_of(index)

    def original_plan_of(self, index: int) -> Plan:
        groups = self.batch.groups
        if len(groups) == 1:
            return groups[0].plan
        if self._plans is None:
            # A batch may have thousands of groups: asking each for each message would take too long.
            plans = [groups[0].plan] * len(self.batch)
            for group in groups:
                for member in group.indices:
                    plans[member] = group.plan
            self._plans = plans
        return self._plans[index]

    def has(self, index: int) -> bool:
        """Whether the message was not deleted."""
        return self.deleted is None or not self.deleted[index]


class Messages:
    """All batches in the order of acceptance."""

    def __init__(self) -> None:
        self.next_number = 0
        self.size = 0
        """How many messages there are, without the deleted ones."""
        self._rows: list[Row] = []
        self._numbers: list[int] = []
        self._by_first_id: dict[int, tuple[list[int], list[Row]]] = {}
        """By the number of digits, the first ids of the batches in order, and their rows."""
        self._by_client_id: dict[tuple[str, str], list[int]] = {}
        self._client_id_users: set[str] = set()

    def add(self, batch: Batch) -> Row:
        size = len(batch)
        row = Row(self.next_number, batch, bytearray(size))
        self._append(row, size)
        return row

    def _append(self, row: Row, size: int) -> None:
        self._rows.append(row)
        self._numbers.append(row.number)
        first_ids, rows = self._by_first_id.setdefault(len(str(row.batch.first_id)), ([], []))
        first_ids.append(row.batch.first_id)
        rows.append(row)
        self.next_number = row.number + size
        self.size += size

    def index_client_ids(self, row: Row) -> Iterator[None]:
        """Let the messages of an added batch be found by their client ids; with pauses."""
        user = row.batch.user
        self._client_id_users.add(user)
        for index, client_id in enumerate(row.batch.client_ids or ()):
            if client_id and row.has(index):
                self._by_client_id.setdefault((user, client_id), []).append(row.number + index)
            if index % PAUSE == PAUSE - 1:
                yield

    # questions

    def place(self, number: int) -> tuple[Row, int] | None:
        """The row of a message and its index there, None if there is no such message or it was deleted."""
        position = bisect_right(self._numbers, number) - 1
        if position < 0:
            return None
        row = self._rows[position]
        index = number - row.number
        return (row, index) if index < len(row.batch) and row.has(index) else None

    def used_ids(self, user: str, ids: Collection[str]) -> set[str]:
        return {client_id for client_id in ids if (user, client_id) in self._by_client_id}

    def with_id(self, user: str, message_id: str) -> list[int]:
        """The numbers of the user's messages that have this id, its own or the generated one."""
        numbers = list(self._by_client_id.get((user, message_id), ()))
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].batch.user == user:
            numbers.append(generated[0].number + generated[1])
        return numbers

    def newest_with_id(self, message_id: str) -> tuple[Row, int] | None:
        """The newest message of any user that has this id."""
        lists = [self._by_client_id.get((user, message_id)) for user in self._client_id_users]
        newest = max([numbers[-1] for numbers in lists if numbers], default=-1)
        generated = self._with_generated_id(message_id)
        if generated is not None and generated[0].number + generated[1] > newest:
            return generated
        return self.place(newest)

    def _with_generated_id(self, text: str) -> tuple[Row, int] | None:
        run = self._by_first_id.get(len(text))
        if run is None or not (text.isascii() and text.isdigit()):
            return None
        first_ids, rows = run
        generated_id = int(text)
        position = bisect_right(first_ids, generated_id) - 1
        if position < 0:
            return None
        row = rows[position]
        index = generated_id - row.batch.first_id
        return (row, index) if index < len(row.batch) and row.has(index) else None

    def newest_first(self, before: int | None) -> Iterator[tuple[Row, int]]:
        """The rows, newest first, each with the index up to which (exclusive) its messages come before `before`."""
        position = len(self._rows) if before is None else bisect_right(self._numbers, before - 1)
        while position > 0:
            position -= 1
            row = self._rows[position]
            size = len(row.batch)
            yield row, size if before is None else min(size, before - row.number)

    # changes

    def delete(self, numbers: Iterable[int]) -> list[int]:
        """Mark messages as deleted and return the numbers of those that were there."""
        deleted: list[int] = []
        client_ids: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        for number in numbers:
            place = self.place(number)
            if place is None:
                continue
            row, index = place
            if row.deleted is None:
                row.deleted = bytearray(len(row.batch))
            row.deleted[index] = row.given[index] = 1
            deleted.append(number)
            if row.batch.client_ids is not None and (client_id := row.batch.client_ids[index]):
                client_ids[row.batch.user, client_id].add(number)
        for key, gone in client_ids.items():
            left = [number for number in self._by_client_id[key] if number not in gone]
            if left:
                self._by_client_id[key] = left
            else:
                del self._by_client_id[key]
        self.size -= len(deleted)
        return deleted

    # export and import

    def export(self) -> Iterator[BatchRecord]:
        for row in self._rows:
            deleted = row.deleted or bytearray(len(row.batch))
            yield BatchRecord(row.number, row.batch, bytes(row.given), bytes(deleted), dict(row.replanned))

    def load(self, record: BatchRecord) -> Row:
        batch, size = record.batch, len(record.batch)
        if record.number < self.next_number:
            raise ValueError(f"batch {batch.first_id} has number {record.number}, which is another message's")
        _, rows = self._by_first_id.get(len(str(batch.first_id)), ([], []))
        if rows and batch.first_id < rows[-1].batch.first_id + len(rows[-1].batch):
            raise ValueError(f"batch {batch.first_id} comes after a later one")
        if not size == len(record.given) == len(record.deleted):
            raise ValueError(f"batch {batch.first_id} has {size} recipients, but not as many marks")
        row = Row(record.number, batch, bytearray(record.given), dict(record.replanned))
        self._append(row, size)
        if any(record.deleted):
            row.deleted = bytearray(record.deleted)
            row.given = bytearray(given | deleted for given, deleted in zip(row.given, row.deleted, strict=True))
            self.size -= row.deleted.count(1)
        if batch.client_ids is not None:
            deque(self.index_client_ids(row), maxlen=0)
        return row
