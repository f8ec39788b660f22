"""The page on judging servers: its snippets run, its tables are those of the registry."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any

from click.testing import CliRunner

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from deviant_servers.deviation import Deviation

from kobikom_contracts import strategies
from kobikom_contracts.clauses import READING_BY_NAME
from kobikom_contracts.cli import main

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "contracts.md").read_text(encoding="utf-8")
SNIPPETS = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


def test_python_snippets_run() -> None:
    """Every Python snippet of the page runs against a correct server."""
    with Deviation("T-01.1", "nothing").served() as url:
        for snippet in SNIPPETS:
            names: dict[str, Any] = {"__name__": "snippet"}
            exec(compile(snippet.replace("http://127.0.0.1:8080", url), "contracts.md", "exec"), names)
    assert 2 == len(SNIPPETS)


def test_readings_are_those_of_the_registry() -> None:
    """The page's table of readings is the registry's."""
    rows = re.findall(r"^\| `([a-z0-9-]+)` \| ([A-Z0-9-]+) \| (.*) \|$", PAGE, re.MULTILINE)
    on_page = {name: (clause, tuple(re.findall("`(.*?)`", values))) for name, clause, values in rows}
    assert on_page == {r.name: (r.clause, r.values) for r in READING_BY_NAME.values()}


def test_options_exist() -> None:
    """Every option that the page names is known to the command."""
    helped = CliRunner().invoke(main, ["server", "--help"]).output
    named = set(re.findall(r"`(--[a-z-]+)", PAGE)) - set(re.findall(r"`(--kobikom-[a-z-]+)", PAGE))
    assert [] == sorted(option for option in named if option not in helped)


def test_strategies_are_named() -> None:
    """Every public strategy is on the page."""
    functions = {name for name in strategies.__all__ if name[0].islower()}
    assert set() == {name for name in functions if f"`{name}" not in PAGE}
