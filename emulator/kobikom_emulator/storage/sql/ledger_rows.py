"""The rows of the ledger as they are written: its lines, and the refunds that are planned."""

from __future__ import annotations

from decimal import Decimal

from kobikom_emulator.domain.changes import Charged, RefundCancelled, RefundPlanned
from kobikom_emulator.domain.states import LedgerKind, LedgerLine, Refund
from kobikom_emulator.storage.sql.codec import KIND_NUMBERS
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

_INSERT = "INSERT INTO ledger VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"


class LedgerRows:
    """The lines of one space's contents; `user` is the id of a row of `users`."""

    def __init__(self, connection: Connection, contents: int) -> None:
        self._connection = connection
        self._contents = contents
        self._next_number: int | None = None

    def add(
        self,
        user: int,
        at: int,
        kind: LedgerKind,
        amount: Decimal,
        batch: Charged | RefundPlanned | None = None,
        *,
        message: int | None = None,
        planned: bool = False,
    ) -> None:
        """Write a line; the next number is above those in use, as it is after an import."""
        number = self._next_number
        if number is None:
            first = self._contents << SHIFT
            newest = "SELECT max(key) FROM ledger WHERE key BETWEEN ? AND ?"
            key = self._connection.execute(newest, (first, first | MOST)).fetchone()[0]
            number = 0 if key is None else (key & MOST) + 1
        self._next_number = number + 1
        what = (0, "", 0, 0) if batch is None else (batch.first_id, batch.title, batch.messages, batch.parts)
        key = self._contents << SHIFT | number
        self._connection.execute(
            _INSERT, (key, user, at, KIND_NUMBERS[kind], str(amount), *what, message, int(planned))
        )

    def load(self, user: int, line: LedgerLine, *, planned: bool) -> None:
        """Write an imported line under the number it has; `ValueError` if another one has it."""
        key = self._contents << SHIFT | line.number
        if self._connection.execute("SELECT 1 FROM ledger WHERE key = ?", (key,)).fetchone():
            raise ValueError(f"two lines of the ledger have the number {line.number}")
        self._connection.execute(
            _INSERT,
            (
                key, user, line.at, KIND_NUMBERS[line.kind], str(line.amount), line.first_id, line.title,
                line.messages, line.parts, line.message, int(planned),
            ),
        )  # fmt: skip
        self._next_number = None

    # refunds

    def refund(self, first_id: int, due: int, message: int | None) -> Refund:
        """The state of the refund that was planned like this, `Refund.NONE` if none was, or it was dropped."""
        rows = self._named("planned", first_id, due, message)
        if not rows:
            return Refund.NONE
        return Refund.PLANNED if (1,) in rows else Refund.PAID

    def is_planned(self, change: RefundCancelled) -> bool:
        return self.refund(change.first_id, change.due, change.message) is Refund.PLANNED

    def _named(self, columns: str, first_id: int, due: int, message: int | None) -> list[tuple[int, ...]]:
        condition, values = ("IS NULL", ()) if message is None else ("= ?", (message,))
        return self._connection.execute(
            f"SELECT {columns} FROM ledger WHERE key >> 40 = ? AND kind = 2"
            f" AND first_id = ? AND at = ? AND message {condition}",
            (self._contents, first_id, due, *values),
        ).fetchall()

    def cancel(self, change: RefundCancelled) -> None:
        """Take one message out of a planned refund; the refund is deleted with its last message."""
        rows = self._named("planned, key, messages, amount", change.first_id, change.due, change.message)
        [(_, key, messages, amount)] = [row for row in rows if row[0] == 1]
        if messages > 1:
            left = str(Decimal(amount) - change.amount)
            self._connection.execute("UPDATE ledger SET amount = ?, messages = messages - 1 WHERE key = ?", (left, key))
            return
        self._connection.execute("DELETE FROM ledger WHERE key = ?", (key,))
        self._next_number = None

    def drop_planned(self, user: int) -> None:
        """Delete the planned refunds of a user."""
        self._connection.execute("DELETE FROM ledger WHERE user = ? AND planned = 1", (user,))
        self._next_number = None

    def due(self, user: int, at: int) -> Decimal:
        """The sum of the planned refunds due at `at` (ms) or before."""
        amounts = self._connection.execute(
            "SELECT amount FROM ledger WHERE user = ? AND planned = 1 AND at <= ?", (user, at)
        )
        return sum([Decimal(amount) for (amount,) in amounts], Decimal())

    def settle(self, user: int, at: int) -> None:
        """Let the planned refunds due at `at` (ms) or before be part of the balance."""
        settle = "UPDATE ledger SET planned = 0 WHERE user = ? AND planned = 1 AND at <= ?"
        self._connection.execute(settle, (user, at))

    def first_refund(self, user: int) -> int | None:
        """When the first planned refund of a user is due."""
        first = "SELECT min(at) FROM ledger WHERE user = ? AND planned = 1"
        instant: int | None = self._connection.execute(first, (user,)).fetchone()[0]
        return instant
