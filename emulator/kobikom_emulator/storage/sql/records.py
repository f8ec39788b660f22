"""The records of a whole space: read one after the other, and written into new contents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import TypeVar, assert_never

from kobikom_emulator.domain.states import (
    AccountRecord,
    BatchRecord,
    LedgerRecord,
    PushRecord,
    Record,
    Refund,
    RefundRecord,
)
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.batches import COLUMNS, SOURCE, Batches
from kobikom_emulator.storage.sql.codec import decode_account
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.contents import Contents
from kobikom_emulator.storage.sql.keys import MOST
from kobikom_emulator.storage.sql.ledger import LINE, line_of

T = TypeVar("T")


def records(connection: Connection, contents: int) -> Iterator[Record]:
    """Everything that is stored: accounts, refunds, ledger, batches, pushes, in this order."""
    batches = Batches(connection, contents)
    keys = (batches.first_key, batches.last_key)
    for account, balance in connection.execute(
        "SELECT account, balance FROM users WHERE contents = ? AND opened IS NOT NULL ORDER BY opened", (contents,)
    ):
        yield AccountRecord(decode_account(account), Decimal(balance))
    lines = (
        f"SELECT {LINE} FROM ledger JOIN users ON users.id = ledger.user"
        " WHERE key BETWEEN ? AND ? AND planned = ? ORDER BY key"
    )
    for columns in connection.execute(lines, (*keys, 1)):
        yield RefundRecord(line_of(columns))
    for columns in connection.execute(lines, (*keys, 0)):
        yield LedgerRecord(line_of(columns))
    for columns in connection.execute(
        f"SELECT {COLUMNS} FROM {SOURCE} WHERE batches.key BETWEEN ? AND ? ORDER BY batches.key",
        keys,
    ):
        row = batches.row(columns)
        deleted = row.deleted or bytearray(len(row.batch))
        yield BatchRecord(row.number, row.batch, bytes(row.given), bytes(deleted), dict(row.changed_plans))
    for message, due, attempt in connection.execute(
        "SELECT message, due, attempt FROM pushes WHERE key BETWEEN ? AND ? ORDER BY key", keys
    ):
        yield PushRecord(message & MOST, due, attempt)


class Loading:
    """Writes records into empty contents, in the order `records` gives them; `ValueError` if one contradicts those
    before it.
    """

    def __init__(self, contents: Contents) -> None:
        self._contents = contents
        self.undone = False
        """Whether some of the records were lost because the database failed."""
        self._ends: dict[int, int] = {}
        """By the number of digits of the generated ids, the id after the last."""

    def write_values(self) -> None:
        self._contents.write_values()

    def forget_values(self) -> None:
        self.undone = True

    def load(self, some: Iterable[Record]) -> ValueError | None:
        """Write some records; what is wrong with them, None if nothing is."""
        try:
            for record in some:
                self._load(record)
        except ValueError as error:
            return error
        return None

    def _load(self, record: Record) -> None:
        users = self._contents.users
        match record:
            case AccountRecord(account=account, balance=balance):
                if users.is_open(account.user):
                    raise ValueError(f"account {account.user!r} is there twice")
                users.open(users.of(account.user), account, balance)
            case RefundRecord(line=line):
                if not users.is_open(line.user):
                    raise ValueError(f"refund {line.number} is for {line.user!r}, which is no open account")
                if users.lines.refund(line.first_id, line.at, line.message) is Refund.PLANNED:
                    raise ValueError(f"refund {line.number} is there twice, under two numbers")
                users.load(_with_small_number(line.number, line), planned=True)
            case LedgerRecord(line=line):
                users.load(_with_small_number(line.number, line), planned=False)
            case BatchRecord():
                self._load_batch(_with_small_number(record.number + len(record.batch), record))
            case PushRecord():
                self._load_push(record)
            case _:
                assert_never(record)

    def _load_batch(self, record: BatchRecord) -> None:
        contents, batch, size = self._contents, record.batch, len(record.batch)
        if record.number < contents.next_number:
            raise ValueError(f"batch {batch.first_id} has number {record.number}, which is another message's")
        digits = len(str(batch.first_id))
        if batch.first_id < self._ends.get(digits, 0):
            raise ValueError(f"batch {batch.first_id} comes after a later one")
        if not size == len(record.given) == len(record.deleted):
            raise ValueError(f"batch {batch.first_id} has {size} recipients, but not as many marks")
        self._ends[digits] = batch.first_id + size
        row = Row(record.number, batch, bytearray(record.given))
        user = contents.users.of(batch.user).id
        contents.batches.add(row.number, batch, user)
        contents.next_number = row.number + size
        contents.size += size
        if any(record.deleted):
            row.deleted = bytearray(record.deleted)
            row.given = bytearray(given | deleted for given, deleted in zip(row.given, row.deleted, strict=True))
            contents.size -= row.deleted.count(1)
            contents.batches.mark_deleted(row)
        elif 1 in row.given and not batch.push_url:
            contents.batches.mark_given(row)
        contents.batches.index_client_ids(row, user)
        for index, plan in record.replanned.items():
            contents.batches.replan(row, index, plan)
        if batch.push_url or 0 not in row.given:
            return
        contents.queues.add_batch(row, user)
        for index in record.replanned:
            contents.queues.add_replanned(row, index, user)

    def _load_push(self, record: PushRecord) -> None:
        contents = self._contents
        place = contents.batches.place(record.number)
        if place is None or not place[0].batch.push_url:
            raise ValueError(f"message {record.number} is not there or has no address to push to")
        row, index = place
        if not row.given[index]:
            raise ValueError(f"message {record.number} has two pushes")
        contents.pushes.add(row, [(index, record.due, record.attempt)])


def _with_small_number(number: int, record: T) -> T:
    """The record; `ValueError` where a key has no room for its number."""
    if not 0 <= number <= MOST:
        raise ValueError(f"the number {number} is too high")
    return record
