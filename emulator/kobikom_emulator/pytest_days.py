"""The part of the pytest plugin about days: which faults fired in the run, and tests whose day never came.

A test that plays a named scenario of which no fault fired and no step was done proves nothing: it is skipped, not
passed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from kobikom_emulator.driver import Kobikom


def look_at_days(report: pytest.TestReport, spaces: Iterable[Kobikom]) -> dict[str, int]:
    """How often each kind of fault fired in a test that is over, which is skipped where its day never came."""
    from kobikom_emulator.driver import ControlRefused

    fired, idle, came = Counter[str](), "", False
    for space in spaces:
        try:
            played = [] if space.closed else space.take_played()
        except (OSError, ControlRefused):
            continue
        for scenario in played:
            fired.update(scenario.fired)
            came = came or not scenario.idle
            idle = idle or (scenario.name if scenario.idle else "")
    if report.passed and idle and not came:
        report.outcome = "skipped"
        path, line, _ = report.location
        report.longrepr = (
            path,
            line or 0,
            f"Skipped: nothing of the day {idle} happened: no fault fired, no step came",
        )
    return dict(fired)


def scenario_sections(space: Kobikom, failure: pytest.ExceptionInfo[BaseException] | None) -> list[tuple[str, str]]:
    """The scenario files of a failed test: one for each distinct failure that Hypothesis found, which it ran last."""
    error = failure.value if failure is not None else None
    count = len(error.exceptions) if isinstance(error, BaseExceptionGroup) else 1
    texts = space.scenario_texts(count)
    title = "kobikom scenario{} (save it to replay it: kobikom-emulator serve --scenario FILE)"
    return [(title.format(f" {nth}" if len(texts) > 1 else ""), text) for nth, text in enumerate(texts, 1)]


def summary(tests: Iterable[Mapping[str, int]]) -> str:
    """Which kinds fired in all tests and which never did."""
    fired = Counter[str]()
    for kinds in tests:
        fired.update(kinds)
    came = ", ".join(f"{kind} {count}" for kind, count in sorted(fired.items()) if count)
    never = ", ".join(kind for kind, count in sorted(fired.items()) if not count)
    return "; ".join(part for part in (came and f"fired: {came}", never and f"never fired: {never}") if part)
