"""The clauses of the protocol over the control API."""

from __future__ import annotations

import msgspec

from kobikom_emulator.control.problems import Problem
from kobikom_emulator.control.routing import Call, Endpoint, as_json
from kobikom_emulator.exchange import Answer
from kobikom_emulator.operations.spaces import ServerOperations
from kobikom_emulator.protocol.readings import CATALOGUE


class StatementView(msgspec.Struct, frozen=True):
    """One statement of a clause, and who says so: D the vendor's page, O a real client, A the ancestor manual, I our
    inference.
    """

    id: str
    mark: str
    sentence: str


class ClauseReading(msgspec.Struct, frozen=True):
    """A reading of the clause: the question that the page leaves open, and what it prints about it."""

    name: str
    question: str
    page: str


class ClauseView(msgspec.Struct, frozen=True):
    """A clause: its statements, what the vendor's page prints about it (`page`, its own lines, empty where it says
    nothing) and its readings. Texts are in the language of Accept-Language; the page is Turkish.
    """

    clause: str
    page: tuple[str, ...]
    statements: tuple[StatementView, ...]
    readings: tuple[ClauseReading, ...]


async def show(_: ServerOperations, call: Call) -> Answer:
    from kobikom_emulator.journal.statements import clauses  # the tables are read when they are wanted
    from kobikom_emulator.journal.statements.page_words import PAGE_WORDS

    name = call.path["clause"].upper()
    statements = clauses().get(name)
    if statements is None:
        raise Problem(404, f"there is no clause {name!r}; docs/protocol.md lists them")
    turkish = call.language == "tr"
    readings = [each.in_language(call.language) for each in CATALOGUE if each.clause == name]
    return as_json(
        ClauseView(
            name,
            tuple(PAGE_WORDS.get(name, ())),
            tuple(StatementView(each.id, each.mark, each.turkish if turkish else each.sentence) for each in statements),
            tuple(ClauseReading(each.name, each.question, each.page) for each in readings),
        )
    )


ENDPOINTS = (
    Endpoint("GET", "/clauses/{clause}", show, "showClause", "A clause of the protocol.", {200: ClauseView},
             for_space=False),
)  # fmt: skip
