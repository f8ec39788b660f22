"""From recorded traffic to evidence: each module has the readings of one subject.

An exchange excludes a value only where that is certain, whatever else the account did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.inference import (
    amounts,
    answers,
    charges,
    credit,
    encodings,
    fields,
    ids,
    logins,
    recipients,
    reports,
    titles,
)
from kobikom_contracts.learning.traffic import Traffic

RULES: tuple[Callable[[Traffic], Iterator[Evidence]], ...] = (
    encodings.evidence,
    answers.evidence,
    logins.evidence,
    ids.evidence,
    recipients.evidence,
    titles.evidence,
    fields.evidence,
    charges.evidence,
    credit.evidence,
    reports.evidence,
    amounts.evidence,
)


def infer(traffic: Traffic) -> tuple[Evidence, ...]:
    """The first exclusion of each value, in the order of the exchanges."""
    first: dict[tuple[str, str], Evidence] = {}
    every = sorted((one for rule in RULES for one in rule(traffic)), key=lambda one: one.position)
    for one in every:
        first.setdefault((one.reading, one.value), one)
    return tuple(first.values())
