"""The catalogue of days, each with exactly one thing wrong, in the order in which they are worth trying."""

from collections.abc import Collection
from itertools import chain

from kobikom_contracts.catalogue.day import Day
from kobikom_contracts.catalogue.faults import lost_and_damaged, stalled
from kobikom_contracts.catalogue.names import check_names
from kobikom_contracts.catalogue.pairs import pairs
from kobikom_contracts.catalogue.refusals import refused
from kobikom_contracts.catalogue.reports import endings, pushed_wrongly, wrong_reports
from kobikom_contracts.catalogue.surroundings import little_credit, ordinary, other_readings, other_times
from kobikom_contracts.scenario_words import OPERATIONS, REQUESTS, SLOW_KINDS

SURROUNDINGS = ("ordinary", "reading", "outcome", "credit", "clock", "pair")
"""Kinds of day that are no kinds of fault."""


def days(
    *, operations: Collection[str] = REQUESTS, kinds: Collection[str] = (), different: bool | None = None
) -> list[Day]:
    """The days of the catalogue, for the parameters of a test.

    Those whose fault is on one of the `operations` (with `push` those of pushed reports), and of these `kinds`: kinds
    of fault, or `ordinary`, `reading`, `outcome`, `credit`, `clock`, `pair`; by default all that cost no real time.
    `different` chooses the days on which nothing fails (True) or something does (False). ValueError names an unknown
    name.
    """
    every = list(
        chain(
            ordinary(), lost_and_damaged(), refused(), little_credit(), wrong_reports(), endings(), other_readings(),
            other_times(), pairs(), pushed_wrongly(), stalled(),
        )
    )  # fmt: skip
    known = tuple(dict.fromkeys(day.kind for day in every))
    check_names("operation", operations, OPERATIONS)
    check_names("kind of day", kinds, known)
    return [
        day
        for day in every
        if set(day.operations) <= set(operations)
        and (day.kind != "push" or "push" in operations)
        and (day.kind in kinds if kinds else day.kind not in SLOW_KINDS)
        and different in (None, day.different)
    ]
