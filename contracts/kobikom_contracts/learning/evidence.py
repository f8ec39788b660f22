"""Evidence: an exchange that excludes a value of a reading."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from kobikom_contracts.clauses import READING_BY_NAME


@dataclass(frozen=True, slots=True)
class Evidence:
    """A value that an exchange excludes. ``position`` counts the exchanges from 0; ``why`` is one sentence."""

    reading: str
    value: str
    position: int
    why: str


def shows(reading: str, fitting: Collection[str], position: int, why: str) -> Iterator[Evidence]:
    """The values that an observation excludes: all but those that fit it, and none where no value fits.

    An observation that fits no value excludes none: the service breaks the statement then.
    """
    values = READING_BY_NAME[reading].values
    if any(value in fitting for value in values):
        for value in values:
            if value not in fitting:
                yield Evidence(reading, value, position, why)
