"""Counts which mistakes days find, which no day finds, and false alarms of the correct service.

``PYTHONPATH=tests python -m fuzz_power.measure`` measures the catalogue's single days; ``--drawn N --seed S`` draws
days instead.
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from fuzz_power.conditions import Condition
from fuzz_power.judge import judged
from fuzz_power.service.bugs import BUGS, Bug
from fuzz_power.street import Street

STALLED = 1.5
"""The time-out, in real seconds, of the service on a day on which an answer never comes."""


class Day(Protocol):
    """A day of a catalogue: conditions under which a test runs once."""

    @property
    def name(self) -> str: ...
    @property
    def sentence(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Drawn:
    """A day that was drawn."""

    name: str
    sentence: str
    scenario: Any


@dataclass(slots=True)
class Measurement:
    """``found``: days by mistake. ``false_alarms``: sentences by day. ``seconds``: of one service on all days."""

    days: int = 0
    found: dict[str, list[str]] = field(default_factory=dict)
    false_alarms: dict[str, list[str]] = field(default_factory=dict)
    seconds: float = 0.0
    processor: float = 0.0


def document_of(day: Any) -> Mapping[str, Any]:
    """The JSON object of a day's scenario."""
    scenario = getattr(day, "scenario", day)
    document: Mapping[str, Any] = scenario.document() if hasattr(scenario, "document") else scenario
    return document


def condition_of(day: Any) -> Condition:
    """The condition of a day; a drawn one without faults and with enough credit only differs."""
    document = document_of(day)
    steps = document.get("steps", ())
    plain = not document.get("faults") and "credit" not in document and not any("credit" in step for step in steps)
    kinds = {rule["effect"]["kind"] for rule in document.get("faults", ())}
    return Condition(
        scenario=document,
        different=getattr(day, "different", plain),
        timeout=STALLED if "stall" in kinds else 10.0,
    )


def measure(
    days: Sequence[Any], bugs: Iterable[Bug] = BUGS, *, every: bool = False, note: Callable[[str], object] = str
) -> Measurement:
    """Run the correct service and each mistake on the days; on all of them if ``every``, else until the first finds it.

    Days on which the correct service breaks a promise count as false alarms and find nothing.
    """
    result = Measurement(days=len(days))
    with Street() as street:
        begun, used = time.perf_counter(), time.process_time()
        fair = []
        for day in days:
            with _logged_errors() as errors:
                sentences = judged(street, condition_of(day))
            sentences += errors
            if sentences:
                result.false_alarms[day.name] = sentences
            else:
                fair.append(day)
        result.seconds = time.perf_counter() - begun
        result.processor = time.process_time() - used
        for bug in bugs:
            result.found[bug.name] = _days_that_find(street, bug, fair, every=every)
            # Days that found a mistake are tried first on the next one.
            fair.sort(key=lambda day: day.name not in result.found[bug.name])
            note(f"{bug.name}: {', '.join(result.found[bug.name][:3]) or 'not found'}")
    return result


@contextmanager
def _logged_errors() -> Iterator[list[str]]:
    """What is logged at ERROR meanwhile: the emulator answers an error of its own with a plain 500."""
    errors: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            errors.append(f"logged by {record.name}: {record.getMessage()}")

    handler = Collect(logging.ERROR)
    logging.getLogger().addHandler(handler)
    try:
        yield errors
    finally:
        logging.getLogger().removeHandler(handler)


def _days_that_find(street: Street, bug: Bug, days: Sequence[Any], *, every: bool) -> list[str]:
    found: list[str] = []
    for day in days:
        if judged(street, condition_of(day), frozenset((bug.name,))):
            found.append(day.name)
            if not every:
                break
    return found


def report(result: Measurement, bugs: Sequence[Bug] = BUGS) -> str:
    """The measurement as text."""
    wanted = [bug for bug in bugs if bug.visible_on_a_day]
    found = [bug for bug in wanted if result.found[bug.name]]
    others = [bug for bug in bugs if not bug.visible_on_a_day and result.found[bug.name]]
    lines = [
        f"{result.days} days, one service {result.seconds:.1f} s ({result.processor:.1f} s of processor time)",
        f"found {len(found)} of {len(wanted)} mistakes that a day can show ({len(found) / max(1, len(wanted)):.0%}),"
        f" and {len(others)} of the {len(bugs) - len(wanted)} others",
        f"false alarms on {len(result.false_alarms)} days",
    ]
    lines += [f"  {name}: {sentences[0]}" for name, sentences in result.false_alarms.items()]
    lines += ["not found:"]
    lines += [f"  {bug.name} ({bug.shown_by}): {bug.sentence}" for bug in wanted if not result.found[bug.name]]
    lines += ["found by:"]
    lines += [f"  {name}: {', '.join(days[:4])}" for name, days in result.found.items() if days]
    return "\n".join(lines)


def drawn_days(count: int, seed: int) -> list[Drawn]:
    """Days drawn by the package's strategy, the same ones for a seed."""
    from hypothesis import HealthCheck, given, settings
    from hypothesis import seed as with_seed

    from kobikom_contracts import scenarios

    days: list[Drawn] = []

    @with_seed(seed)
    @settings(max_examples=count, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(scenarios())
    def draw(scenario: Any) -> None:
        days.append(Drawn(f"drawn-{len(days):04d}", repr(scenario), scenario))

    draw()
    return days


def catalogue(*, stalled: bool = False) -> list[Any]:
    """The single days of the package; those on which the service has to run into its time-out only if asked for."""
    from kobikom_contracts import days
    from kobikom_contracts.scenario_words import OPERATIONS

    return [*days(operations=OPERATIONS), *(days(kinds=["stall"]) if stalled else ())]


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--drawn", type=int, default=0, help="how many drawn days instead of the catalogue's")
    parser.add_argument(
        "--stalled", action="store_true", help="days on which no answer comes, too; they take real time"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--every", action="store_true", help="run each mistake on all days, not until the first finds it"
    )
    parser.add_argument("--all", action="store_true", help="mistakes that no single day can show, too")
    parser.add_argument("--correct", action="store_true", help="run the correct service alone")
    parser.add_argument("--bugs", default="", help="names of mistakes, with commas")
    chosen = parser.parse_args(arguments)
    days = drawn_days(chosen.drawn, chosen.seed) if chosen.drawn else catalogue(stalled=chosen.stalled)
    names = set(filter(None, chosen.bugs.split(",")))
    bugs = (
        []
        if chosen.correct
        else [bug for bug in BUGS if bug.name in names or (not names and (chosen.all or bug.visible_on_a_day))]
    )
    result = measure(days, bugs, every=chosen.every, note=lambda line: print(line, file=sys.stderr, flush=True))
    print(report(result, bugs))
    return 1 if result.false_alarms else 0


if __name__ == "__main__":
    sys.exit(main())
