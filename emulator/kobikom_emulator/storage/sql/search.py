"""Looks through the messages of a space for those that a query includes, newest first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kobikom_emulator.domain.delivery import Phase, Status
from kobikom_emulator.domain.matching import MessageMatch, MessageQuery
from kobikom_emulator.domain.retention import Expired, Retention
from kobikom_emulator.domain.states import MessageState, Refund
from kobikom_emulator.storage.rows import Row
from kobikom_emulator.storage.sql.batches import COLUMNS, SOURCE, Batches
from kobikom_emulator.storage.sql.codec import STATUS_NUMBERS
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.keys import MOST
from kobikom_emulator.storage.sql.ledger_rows import LedgerRows
from kobikom_emulator.storage.sql.text_index import TextIndex


class Search:
    """One search, with a connection that reads."""

    def __init__(self, connection: Connection, contents: int, query: MessageQuery, now: int, index: TextIndex) -> None:
        self._connection = connection
        self._index = index
        self._contents = contents
        self._query = query
        self._now = now
        self._batches = Batches(connection, contents)
        self._refund = LedgerRows(connection, contents).refund
        self._without_decided = False

    def newest_first(self, before: int | None = None, after: int = -1) -> Iterator[MessageState]:
        """The messages with numbers between `after` and `before` that the query includes."""
        first, last = max(0, after + 1), MOST if before is None else min(before - 1, MOST)
        for row, indices in self._rows(first, last):
            if not self._query.may_include(row.batch):
                continue
            for index in indices:
                if row.has(index):
                    message = self._batches.state(row, index, _no_refund)
                    if self._query.includes(message, self._now):
                        yield self._batches.state(row, index, self._refund)

    def _rows(self, first: int, last: int) -> Iterator[tuple[Row, range]]:
        """The rows that can have such messages, with the indices of those, newest first."""
        words = self._index.expression(self._query.required_words())
        if not words:
            yield from self._scan(first, last)
            return
        [searchable] = self._connection.execute(
            "SELECT searchable FROM contents WHERE number = ?", (self._contents,)
        ).fetchone()
        yield from self._scan(max(first, searchable), last)
        last = min(last, searchable - 1)
        for number in self._index.candidates(self._connection, self._contents, words, first, last):
            row = self._batches.row_of(number)
            if row is not None:
                end = min(number + self._index.together, row.number + len(row.batch), last + 1)
                yield row, range(end - row.number - 1, max(number, first) - row.number - 1, -1)

    def _scan(self, first: int, last: int) -> Iterator[tuple[Row, range]]:
        """All rows with messages from `first` to `last` that have what rows can be chosen by."""
        if first > last:
            return
        conditions, values = self._conditions()
        found = self._connection.execute(
            f"SELECT {COLUMNS} FROM {SOURCE} WHERE batches.key BETWEEN"
            " (SELECT coalesce(max(key), ?) FROM batches WHERE key BETWEEN ? AND ?) AND ?"
            f" {conditions} ORDER BY batches.key DESC",
            (
                self._batches.first_key, self._batches.first_key, self._batches.first_key | first,
                self._batches.first_key | last, *values,
            ),
        )  # fmt: skip
        for columns in found:
            row = self._batches.row(columns)
            yield row, row.newest_first(last + 1, first - 1)

    def _conditions(self) -> tuple[str, Sequence[object]]:
        """What the batches of such messages have in common, as far as rows say it of the original plans."""
        query = self._query
        conditions, values = self._of_submission()
        if query.unfinished_at is not None:
            conditions += " AND batches.last_done > ?"
            values.append(query.unfinished_at)
        for statuses in _statuses(query):
            may_be = f"batches.first_done <= ? AND (batches.status IS NULL OR {_is_one_of(statuses)})"
            values.append(self._now)
            if UNDER_WAY & statuses:
                may_be = f"{may_be} OR batches.last_done > ?"
                values.append(self._now)
            conditions += f" AND ({may_be})"
        if conditions:
            conditions = f" AND ((TRUE {conditions}) OR marks.replanned = 1)"
        if self._without_decided:
            conditions += f" AND NOT ({_DECIDED})"
            values.append(self._now)
        condition, users = self._of_user()
        return conditions + condition, values + users

    def _of_submission(self) -> tuple[str, list[object]]:
        bounds = (
            (" AND batches.submitted_at >= ?", self._query.since),
            (" AND batches.submitted_at < ?", self._query.until),
        )
        given = [(condition, value) for condition, value in bounds if value is not None]
        return "".join([condition for condition, _ in given]), [value for _, value in given]

    def _of_user(self) -> tuple[str, list[object]]:
        user = self._query.match.user
        if user is None:
            return "", []
        return " AND batches.user IN (SELECT id FROM users WHERE contents = ? AND name = ?)", [self._contents, user]

    def count(self, after: int) -> int:
        """How many messages with numbers greater than `after` the query includes. Where it asks for status, time and
        user alone, the rows of most batches say it, and their messages are not read.
        """
        query = self._query
        by_rows = MessageQuery(
            MessageMatch(user=query.match.user, status=query.match.status), (), query.since, None, query.until,
            tuple([term for term in query.terms if term.field == "status"]),
        )  # fmt: skip
        if by_rows != query:
            return sum(1 for _ in self.newest_first(after=after))
        row = self._batches.row_of(after + 1)
        whole = (
            after + 1 if row is None or row.number == after + 1 else row.number + len(row.batch)
        )  # batches from here
        in_part = sum(1 for _ in self.newest_first(whole, after))
        conditions, values = self._of_submission()
        conditions += "".join([f" AND {_is_one_of(statuses)}" for statuses in _statuses(query)])
        condition, users = self._of_user()
        [decided] = self._connection.execute(
            f"SELECT coalesce(sum(batches.size), 0) FROM {SOURCE} WHERE batches.key BETWEEN ? AND ?"
            f" AND {_DECIDED} {conditions} {condition}",
            (self._batches.first_key | whole, self._batches.last_key, self._now, *values, *users),
        ).fetchone()
        self._without_decided = True
        return in_part + int(decided) + sum(1 for _ in self.newest_first(after=whole - 1))


UNDER_WAY = frozenset(str(phase) for phase in Phase)

_EVERY_STATUS = UNDER_WAY | {str(status) for status in Status}

_DECIDED = (
    "batches.last_done <= ? AND batches.status IS NOT NULL"
    " AND marks.deleted IS NULL AND coalesce(marks.replanned, 0) = 0"
)
"""Of which batches the row says how each message stands (at the instant that is given)."""


def _statuses(query: MessageQuery) -> list[frozenset[str]]:
    """For each condition on the status, those that fulfil it."""
    terms = [term for term in query.terms if term.field == "status"]
    wanted = [_EVERY_STATUS - term.statuses if term.negated else term.statuses for term in terms]
    return wanted if query.match.status is None else [*wanted, frozenset({str(query.match.status)})]


def _is_one_of(statuses: frozenset[str]) -> str:
    """The condition that a batch ends so."""
    numbers = [str(number) for status, number in STATUS_NUMBERS.items() if str(status) in statuses]
    return f"batches.status IN ({', '.join(['-1', *numbers])})"


def _no_refund(*_: object) -> Refund:
    """Nothing that a query asks for."""
    return Refund.NONE


def count(
    connection: Connection, contents: int, query: MessageQuery, now: int, index: TextIndex, after: int = -1
) -> int:
    return Search(connection, contents, query, now, index).count(after)


def expired(connection: Connection, contents: int, size: int, retention: Retention, now: int) -> Expired:
    """The messages that are not kept, looked for in the order of acceptance."""
    too_many = size - retention.messages if retention.messages else 0
    oldest = now - round(retention.age * 1000) if retention.age else None
    batches = Batches(connection, contents)
    found = connection.execute(
        "SELECT batches.key, batches.size, batches.submitted_at, batches.pushed, marks.given, marks.deleted"
        f" FROM {SOURCE} WHERE batches.key BETWEEN ? AND ? ORDER BY batches.key",
        (batches.first_key, batches.last_key),
    )
    given: list[int] = []
    unpulled: list[int] = []
    for key, messages, submitted_at, pushed, marked, deleted in found:
        is_old = oldest is not None and submitted_at < oldest
        if too_many <= 0 and not is_old:
            break
        present = list(range(key & MOST, (key & MOST) + messages))
        gone = bytearray(marked or bytes(messages))
        if pushed:
            gone = bytearray(b"\1") * messages
            pending = "SELECT message FROM pushes WHERE message BETWEEN ? AND ?"
            for (message,) in connection.execute(pending, (key, key + messages - 1)):
                gone[message - key] = 0
        if deleted is not None:
            present = [number for number in present if not deleted[number - (key & MOST)]]
        if not is_old:
            present = present[:too_many]
        too_many -= len(present)
        for number in present:
            (given if gone[number - (key & MOST)] else unpulled).append(number)
    lost = unpulled[: max(0, len(unpulled) - retention.unpulled)] if retention.unpulled else []
    return Expired(tuple(sorted(given + lost)), len(lost))
