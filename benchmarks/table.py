"""Law: prints rows, on a terminal and in RESULTS.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load import generator
from benchmarks.processes import cores
from benchmarks.result import Effort, LeftOut, Row

HEAD = ("#", "what", "bar", "stretch", "measured (quartiles)", "÷ bar", "verdict", "behind it")


def cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, LeftOut):
        return (row.number, row.what, "", "", "", "", "left out", row.why)
    low, high = row.spread
    unit = row.bar.unit if row.bar else ""
    measured = f"{_short(row.measured)}{unit} ({_short(low)}–{_short(high)})"
    if row.bar is None:
        return (row.number, row.what, "", "", measured, "", row.verdict, row.detail)
    sign = "≥" if row.bar.at_least else "≤"
    return (
        row.number,
        row.what,
        f"{sign} {row.bar.value:g}{unit}",
        f"{row.bar.stretch:g}{unit}",
        measured,
        _short(row.measured / row.bar.value),
        row.verdict,
        row.detail,
    )


def _short(value: float) -> str:
    if abs(value) >= 100:
        return f"{value:.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.3g}" if abs(value) < 0.1 else f"{value:.2f}"


def plain(rows: Sequence[Row]) -> str:
    """For a terminal: columns in line."""
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def markdown(rows: Sequence[Row], effort: Effort, command: str) -> str:
    """For RESULTS.md: when, where, how, and the table."""
    lines = [
        "# Results",
        "",
        "Written by `script/bench`. Every value is a median over pairs taken in turns, its quartiles in brackets; bars",
        "and stretches are the project's targets. What each row compares, and why that is fair, stands at the top of",
        "its module in this folder. Absolute rates of a shared machine mean nothing, ratios do.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- machine: {_processor()}, {len(cores())} cores, {platform.system()} {platform.machine()}",
        f"- Python: {platform.python_implementation()} {platform.python_version()}",
        f"- load: {generator()}",
        f"- others: load average {os.getloadavg()[0]:.1f} at the end; above the cores, the clock tells of neighbours",
        f"- command: `{command}` ({effort.pairs} pairs)",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|---|---|--:|--:|--:|--:|---|---|",
        *("| " + " | ".join(cells(row)) + " |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _processor() -> str:
    """The processor's model as the system names it."""
    try:
        named = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        named = []
    return named[0].partition(":")[2].strip() if named else platform.processor() or os.uname().machine
