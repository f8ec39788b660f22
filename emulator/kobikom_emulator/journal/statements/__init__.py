"""The statements of the protocol that explanations cite: id, mark, and the sentence in English and Turkish.

An id is the clause's with a number: `S-09.2` is the second statement of clause S-09. Ids are never reused.
"""

from __future__ import annotations

from collections.abc import Mapping

from kobikom_emulator.journal.statements.login import LOGIN
from kobikom_emulator.journal.statements.reports import REPORTS
from kobikom_emulator.journal.statements.sending import SENDING
from kobikom_emulator.journal.statements.statement import Statement, parsed
from kobikom_emulator.journal.statements.transport import TRANSPORT

STATEMENTS: Mapping[str, Statement] = {
    statement.id: statement for table in (TRANSPORT, LOGIN, SENDING, REPORTS) for statement in parsed(table)
}


def clauses() -> dict[str, list[Statement]]:
    """The statements of each clause, both in the order of the protocol page."""
    grouped: dict[str, list[Statement]] = {}
    for statement in STATEMENTS.values():
        grouped.setdefault(statement.clause, []).append(statement)
    return grouped


__all__ = ["STATEMENTS", "Statement", "clauses"]
