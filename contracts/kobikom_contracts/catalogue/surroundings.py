"""Days on which nothing fails: an ordinary one, other readings of the vendor's page, little credit, another time."""

from collections.abc import Iterator
from typing import Any

from kobikom_contracts.catalogue.day import Day
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import READINGS

UNLIKE = frozenset(
    {
        ("result-shape", "as-printed"),
        ("report-close", "as-printed"),
        ("number-form", "strict"),
        ("long-text", "refuse"),
        ("long-validity", "refuse"),
        ("empty-gsm", "refuse"),
    }
)
"""Readings under which answers are not well-formed, or something is refused that is accepted otherwise."""

STARTS: dict[str, dict[str, Any]] = {
    "a-day-on": {"advance": 86_400},
    "before-midnight": {"set": "2026-03-31T23:59:59+03:00"},
    "before-new-year": {"set": "2026-12-31T23:59:59+03:00"},
    "leap-day": {"set": "2028-02-29T12:00:00+03:00"},
    "single-digits": {"set": "2026-02-03T04:05:06+03:00"},
    "another-date-in-utc": {"set": "2026-06-15T01:30:00+03:00"},
}
CREDITS = {"none": "0", "for-less-than-one": "0.5", "for-one": "1", "for-two": "2.5", "for-nine": "9.5",
           "for-very-many": "1000000"}  # fmt: skip
"""Also one with fewer digits than a usual limit and a first digit above the limit's, and one of seven digits."""
MINUTE, HOUR, DAY = 60, 3600, 86_400
BETWEEN = (
    ("a-minute-after-a-send", "send", 1, MINUTE),
    ("two-hours-after-a-send", "send", 1, 2 * HOUR),
    ("a-day-after-a-send", "send", 1, DAY),
    ("four-days-after-a-send", "send", 1, 4 * DAY),
    ("a-day-after-two-sends", "send", 2, DAY),
    ("a-minute-after-a-pull", "pull", 1, MINUTE),
    ("a-day-after-a-pull", "pull", 1, DAY),
)


def ordinary() -> Iterator[Day]:
    """The day on which nothing is different."""
    yield Day("ordinary", "ordinary", Scenario(), different=True)


def other_readings() -> Iterator[Day]:
    """Each reading, with each value but the default."""
    for name, values in READINGS.items():
        for value in values[1:]:
            different = (name, value) not in UNLIKE
            yield Day(f"reading-{name}-{value}", "reading", Scenario(readings={name: value}), different)


def little_credit() -> Iterator[Day]:
    """None, some, very much, and credit that ends or comes between two sends."""
    for name, amount in CREDITS.items():
        yield Day(f"credit-{name}", "credit", Scenario(credit=amount), different=name == "for-very-many")
    ends = {"after": {"operation": "send", "count": 1}, "credit": "0"}
    yield Day("credit-ends-after-a-send", "credit", Scenario(steps=(ends,)), operations=("send",))
    comes = {"after": {"operation": "send", "count": 1}, "credit": "1000"}
    yield Day("credit-comes-after-a-refusal", "credit", Scenario(credit="0", steps=(comes,)), operations=("send",))


def other_times() -> Iterator[Day]:
    """Another instant at the beginning, or a clock that goes on between two requests."""
    for name, clock in STARTS.items():
        yield Day(f"clock-{name}", "clock", Scenario(clock=clock), different=True)
    for name, operation, count, seconds in BETWEEN:
        step = {"after": {"operation": operation, "count": count}, "advance": seconds}
        yield Day(f"clock-{name}", "clock", Scenario(steps=(step,)), different=True, operations=(operation,))
