"""Every mistake that the service can be made to contain: its name, what is wrong, and what shows it."""

from __future__ import annotations

from dataclasses import dataclass

from fuzz_power.service.bugs_of_records import OF_RECORDS
from fuzz_power.service.bugs_of_sending import OF_SENDING

CONDITIONS = frozenset(
    """
    lost-answer stalled-answer http-error http-error-after damaged-answer refusal credit reading outcome clock push
    restart race inputs second-day pair
    """.split()
)
"""The kinds of condition that show a mistake."""


@dataclass(frozen=True, slots=True)
class Bug:
    """One mistake. ``visible_on_a_day``: whether a day with one thing wrong, and ordinary inputs, can show it."""

    name: str
    sentence: str
    shown_by: str
    visible_on_a_day: bool


BUGS = tuple(Bug(*row) for row in (*OF_SENDING, *OF_RECORDS))
NAMES = frozenset(bug.name for bug in BUGS)
