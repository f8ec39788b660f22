"""The days of pytest's fixture `kobikom_day`: those that found something once, then the catalogue, then drawn ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kobikom_contracts.catalogue.all_days import days
from kobikom_contracts.catalogue.day import Day
from kobikom_contracts.fuzz.plan import DRAWN, drawn
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import REQUESTS


def days_of_test(metafunc: pytest.Metafunc) -> list[Day]:
    """The days that a test is tried on, the found ones first. A usage error names a wrong option or file."""
    config = metafunc.config
    wanted = str(config.getoption("--kobikom-days"))
    if wanted not in {"all", "single", "found"} and not wanted.isdigit():
        raise pytest.UsageError(f"--kobikom-days is single, all, found or a number of drawn days, not {wanted!r}")
    options: dict[str, Any] = {}
    for mark in reversed(list(metafunc.definition.iter_markers("kobikom_days"))):
        options |= mark.kwargs
    try:
        found = found_days(config.rootpath / str(config.getini("kobikom_days")))
        if wanted == "found":
            return found
        single = days(**options)
        if wanted == "single":
            return found + single
        count = DRAWN if wanted == "all" else int(wanted)
        seed = int(config.getoption("--kobikom-contracts-seed"))
        trials = drawn(count, options.get("operations", REQUESTS), seed=seed)
    except (ValueError, TypeError) as error:
        raise pytest.UsageError(str(error)) from None
    return found + single + [Day(each.name, each.kind, Scenario.of(each.document)) for each in trials]


def found_days(folder: Path) -> list[Day]:
    """The days in the files of a folder, by name; none where the folder does not exist."""
    found = []
    for file in sorted(folder.glob("*.json")):
        try:
            found.append(Day(f"found-{file.stem}", "found", Scenario.from_file(file.read_text("utf-8"))))
        except ValueError as error:
            raise ValueError(f"{file}: {error}") from None
    return found
