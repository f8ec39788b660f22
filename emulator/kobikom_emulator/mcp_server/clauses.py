"""Looks statements of the protocol up, by id or by words."""

from __future__ import annotations

from collections.abc import Sequence

from kobikom_emulator.journal.statements import STATEMENTS, Statement, clauses

MOST = 20
"""Statements that are returned at most."""


def statements_about(query: str) -> Sequence[Statement]:
    """The statements of a clause (`S-09`), one statement (`S-09.2`), or those whose English or Turkish sentence has all
    of the words.
    """
    wanted = query.strip()
    if statement := STATEMENTS.get(wanted.upper()):
        return [statement]
    if clause := clauses().get(wanted.upper()):
        return clause
    words = wanted.casefold().split()
    matching = [
        statement
        for statement in STATEMENTS.values()
        if all(word in f"{statement.sentence} {statement.turkish}".casefold() for word in words)
    ]
    return matching[:MOST]
