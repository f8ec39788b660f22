"""The judge and the emulator: every clause holds under every reading; deviations in front of it are caught."""

from __future__ import annotations

import asyncio
import itertools
import random
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.catalogue import DEVIATIONS
from deviant_servers.proxy import Proxy, forward
from tests.postgresql import Cluster

from kobikom_contracts.clauses import CLAUSES, READING_BY_NAME
from kobikom_contracts.control import Control
from kobikom_contracts.core.verdicts import Outcome, Run
from kobikom_contracts.server_suite.judge import judge_server
from kobikom_contracts.server_suite.target import Target
from kobikom_emulator import Emulator

BEHAVIOURS = (
    "drops the plus from the echo",
    "gives reports again",
    "answers chunked",
    "sends duplicates",
    "does not know languageCode TR",
    "writes two places",
)
DEEP = settings().max_examples > 100
SINGLE = [{one.name: value} for one in READING_BY_NAME.values() for value in one.values[1:]] if DEEP else []
COVERING = [
    {one.name: one.values[index % len(one.values)] for one in READING_BY_NAME.values()}
    for index in range(1, max(len(one.values) for one in READING_BY_NAME.values()))
]
"""Few combinations in which each value of each reading occurs."""
COMBINED = 40 if DEEP else 2
"""Combinations of readings; more in a deep run."""
STORED = ("S-03", "S-09", "S-15", "S-16", "S-19", "S-21", "S-22", *(one for one in CLAUSES if one[0] not in "ST"))
"""Clauses about what a server keeps: the others are about reading one request and writing its answer."""


def judge(
    url: str,
    *,
    profile: str = "tiny",
    seed: int = 0,
    readings: Mapping[str, str] | None = None,
    only: tuple[str, ...] = (),
) -> Run:
    """A run with the whole control API."""
    control = Control(url)
    control.probe()
    target = Target(url, "test", "test", control=control, readings=readings or {})
    return judge_server(target, profile=profile, seed=seed, only=only)


def unheld(run: Run) -> dict[str, str]:
    """The clauses that don't hold, not checkable ones among them, and why."""
    return {v.clause.id: f"{v.detail} {v.expected} {v.found}" for v in run.verdicts if v.outcome is not Outcome.HELD}


def combination(seed: int) -> dict[str, str]:
    """A value of every reading, by chance but always the same."""
    chance = random.Random(seed)
    return {one.name: chance.choice(one.values) for one in READING_BY_NAME.values()}


@pytest.fixture(scope="module")
def emulator() -> Iterator[str]:
    """The URL of an emulator with the default readings."""
    with Emulator() as running:
        yield running.url


def test_emulator_keeps_every_clause() -> None:
    """A quick run: nothing is violated and nothing is left unchecked under the default readings, each insisted on."""
    with Emulator() as running:
        defaults = {one.name: one.default for one in READING_BY_NAME.values()}
        run = judge(running.url, profile="quick", readings=defaults)
    assert {} == unheld(run)


@pytest.mark.parametrize("readings", [{}, *(COVERING if DEEP else [])], ids=lambda one: "-".join(one.values())[:60])
def test_an_emulator_with_a_store_keeps_every_clause(tmp_path: Path, readings: dict[str, str]) -> None:
    """The same where everything is kept in a file; under more readings in a deep run."""
    with Emulator(store=str(tmp_path / "store.sqlite"), readings=readings) as running:
        run = judge(running.url, profile="quick" if DEEP else "tiny", readings=readings)
    assert {} == unheld(run)


@pytest.mark.parametrize("readings", [{}, *(COVERING if DEEP else [])], ids=lambda one: "-".join(one.values())[:60])
def test_two_emulators_on_a_database_keep_every_clause(postgresql_server: Cluster, readings: dict[str, str]) -> None:
    """What is kept is the same to two servers that share a database and answer in turns; deep: under every clause."""
    store = asyncio.run(postgresql_server.new_database())
    with Emulator(store=store, readings=readings) as one, Emulator(store=store, readings=readings) as other:
        turns = itertools.cycle([forward(one.url), forward(other.url)])
        with Proxy(lambda request: next(turns)(request)).listening() as proxy:  # noqa: PLW0108  # another one each time
            run = judge(proxy.url, profile="quick" if DEEP else "tiny", readings=readings, only=() if DEEP else STORED)
    assert {} == unheld(run)


@pytest.mark.parametrize(
    "readings", [*COVERING, *SINGLE], ids=lambda one: ",".join("=".join(pair) for pair in one.items())[:60]
)
def test_emulator_keeps_every_clause_under_any_reading(readings: dict[str, str]) -> None:
    """Nothing is violated and nothing is left unchecked under any value of a reading, and the judge reports it."""
    with Emulator(readings=readings) as running:
        run = judge(running.url, readings=readings)
    assert {} == unheld(run)
    shown = ", ".join(run.of(READING_BY_NAME[name].clause).reading or "" for name in readings)
    assert [] == [f"{name}={value}" for name, value in readings.items() if f"{name}={value}" not in shown]


def test_every_value_of_a_reading_is_tried() -> None:
    """The combinations, and the run under the defaults, hold each value of each reading."""
    defaults = {one.name: one.default for one in READING_BY_NAME.values()}
    tried = {(name, value) for readings in (defaults, *COVERING) for name, value in readings.items()}
    assert {(one.name, value) for one in READING_BY_NAME.values() for value in one.values} == tried


@pytest.mark.parametrize("seed", range(COMBINED))
def test_emulator_keeps_every_clause_under_readings_combined(seed: int) -> None:
    """Nothing is violated and nothing is left unchecked under readings drawn together."""
    readings = combination(seed)
    with Emulator(readings=readings) as running:
        run = judge(running.url, seed=seed, readings=readings)
    assert {} == unheld(run), readings


@pytest.mark.xdist_group("judged-emulator")
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_deviation_in_front_of_the_emulator_is_caught(emulator: str, behaviour: str) -> None:
    """A deviation made by a proxy in front of the emulator is caught by the same clause as elsewhere."""
    deviation = next(one for one in DEVIATIONS if one.behaviour == behaviour)
    proxy = Proxy(forward(emulator), deviation.middleware, deviation.http)
    with proxy.listening():
        run = judge(proxy.url, only=(deviation.clause, "A-03"))
    broken = {v.clause.id for v in run.verdicts if v.outcome is Outcome.VIOLATED}
    assert {deviation.clause} == broken - deviation.also
