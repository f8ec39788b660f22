"""The measurement says which days find which mistakes, and which days raise a false alarm."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fuzz_power.conditions import ORDINARY_DAY, Condition, drop, reading, refused
from fuzz_power.measure import measure, report
from fuzz_power.service.bugs import BUGS


@dataclass(frozen=True)
class ADay:
    name: str
    scenario: Any
    sentence: str = "A day."


ORDINARY = ADay("ordinary", ORDINARY_DAY.scenario)
LOST = ADay("lost", drop().scenario)
REFUSED = ADay("refused", refused(-13, to="905329975725").scenario)
COMPACT = ADay("compact", reading(answer_layout="compact").scenario)
CHOSEN = [bug for bug in BUGS if bug.name in ("resend-after-close", "first-status-for-all", "text-cut-160")]


def test_it_counts_the_days_that_find_each_mistake() -> None:
    """Each mistake is found by the day that shows it, and the one that no day shows by none."""
    result = measure([ORDINARY, LOST, REFUSED], CHOSEN, every=True)
    expected = {"resend-after-close": ["lost"], "first-status-for-all": ["refused"], "text-cut-160": []}
    assert expected == {name: sorted(days) for name, days in result.found.items()}
    assert {} == result.false_alarms


def test_the_report_names_what_was_not_found() -> None:
    """A mistake that a day could show and none did is named with its sentence; others are not counted."""
    text = report(measure([ORDINARY, COMPACT], CHOSEN), CHOSEN)
    assert "found 0 of 2 mistakes that a day can show (0%), and 0 of the 1 others" in text
    assert "resend-after-close (lost-answer): A request whose connection was closed is sent again later." in text


def test_a_day_on_which_the_correct_service_fails_is_a_false_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which the correct service breaks a promise is reported, and finds no mistake."""

    def judged(_: object, condition: Condition, bugs: frozenset[str] = frozenset()) -> list[str]:
        return ["a promise is broken"] if bugs or condition.scenario == LOST.scenario else []

    monkeypatch.setattr("fuzz_power.measure.judged", judged)
    result = measure([LOST, ORDINARY], CHOSEN[:1], every=True)
    assert {"lost": ["a promise is broken"]} == result.false_alarms
    assert {"resend-after-close": ["ordinary"]} == result.found


def test_an_error_that_the_emulator_logs_is_a_false_alarm(monkeypatch: pytest.MonkeyPatch) -> None:
    """The correct service may survive a 500 of the emulator, which is a fault all the same."""

    def judged(*_: object) -> list[str]:
        logging.getLogger("aiohttp.server").error("Error handling %s", "request")
        return []

    monkeypatch.setattr("fuzz_power.measure.judged", judged)
    assert {"lost": ["logged by aiohttp.server: Error handling request"]} == measure([LOST], []).false_alarms
