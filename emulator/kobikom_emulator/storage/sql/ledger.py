"""Reads the ledger and what it sums up to."""

from __future__ import annotations

from decimal import Decimal

from kobikom_emulator.domain.states import AccountTotals, LedgerLine
from kobikom_emulator.storage.sql.codec import LEDGER_KINDS
from kobikom_emulator.storage.sql.connection import Connection
from kobikom_emulator.storage.sql.keys import MOST, SHIFT

LINE = (
    "ledger.key, ledger.at, ledger.kind, users.name, ledger.amount, ledger.first_id, ledger.title, ledger.messages,"
    " ledger.parts, ledger.message"
)

Columns = tuple[int, int, int, str, str, int, str, int, int, int | None]


def line_of(columns: Columns) -> LedgerLine:
    key, at, kind, user, amount, first_id, title, messages, parts, message = columns
    number, exact = key & MOST, Decimal(amount)
    return LedgerLine(number, at, LEDGER_KINDS[kind], user, exact, first_id, title, messages, parts, message)


def page(
    connection: Connection, contents: int, user: str | None, now: int, before: int | None, limit: int
) -> list[LedgerLine]:
    """Up to `limit` lines before the one with the number `before`, newest first."""
    where, values = _chosen(contents, user)
    if before is not None:
        cursor = None
        if 0 <= before <= MOST:
            key = contents << SHIFT | before
            cursor = connection.execute("SELECT at FROM ledger WHERE key = ?", (key,)).fetchone()
        if cursor is None:
            return []
        where += " AND (ledger.at, ledger.key) < (?, ?)"
        values += [cursor[0], contents << SHIFT | before]
    found = connection.execute(
        f"SELECT {LINE} FROM ledger JOIN users ON users.id = ledger.user WHERE {where}"
        " AND (planned = 0 OR at <= ?) ORDER BY ledger.at DESC, ledger.key DESC LIMIT ?",
        (*values, now, max(0, limit)),
    )
    return [line_of(columns) for columns in found]


def size(connection: Connection, contents: int, user: str | None, now: int) -> int:
    """How many lines there are: all, without the refunds that are planned and not due."""
    where, values = _chosen(contents, user)
    lines = connection.execute(f"SELECT count(*) FROM ledger WHERE {where}", values).fetchone()[0]
    chosen, names = ("", ()) if user is None else (" AND users.name = ?", (user,))
    to_come = connection.execute(
        "SELECT count(*) FROM users JOIN ledger ON ledger.user = users.id AND planned = 1 AND at > ?"
        f" WHERE users.contents = ?{chosen}",
        (now, contents, *names),
    ).fetchone()[0]
    return int(lines - to_come)


def _chosen(contents: int, user: str | None) -> tuple[str, list[object]]:
    if user is None:
        return "ledger.key >> 40 = ?", [contents]
    return "ledger.user = (SELECT id FROM users WHERE contents = ? AND name = ?)", [contents, user]


def totals(connection: Connection, contents: int, now: int) -> list[AccountTotals]:
    """Of each open account, in the order of opening."""
    due: dict[int, Decimal] = {}
    for user, amount in connection.execute(
        "SELECT ledger.user, amount FROM users JOIN ledger ON ledger.user = users.id AND planned = 1 AND at <= ?"
        " WHERE users.contents = ?",
        (now, contents),
    ):
        due[user] = due.get(user, Decimal(0)) + Decimal(amount)
    return [
        AccountTotals(name, Decimal(spent), due.get(user, Decimal(0)) + Decimal(returned), messages)
        for user, name, spent, returned, messages in connection.execute(
            "SELECT id, name, spent, returned, messages FROM users WHERE contents = ? AND opened IS NOT NULL"
            " ORDER BY opened",
            (contents,),
        )
    ]
