"""Formats the rows for a terminal and for RESULTS.md."""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.load import generator
from benchmarks.processes import cores
from benchmarks.result import Effort, LeftOut, Row

HEAD = ("#", "what", "bar", "stretch", "measured (quartiles)", "÷ bar", "verdict", "details")


def cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, LeftOut):
        return (row.number, row.what, "", "", "", "", "left out", row.reason)
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
    """The table for a terminal, with aligned columns."""
    lines = [HEAD, *map(cells, rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )


def markdown(rows: Sequence[Row], effort: Effort, command: str, *, load_average: float) -> str:
    """The content of RESULTS.md: date, machine, its load average at the start, command and the table."""
    lines = [
        "# Results",
        "",
        "Written by `script/bench`. Every value is a median over pairs that were measured alternately, with its",
        "quartiles in brackets; bars and stretches are the project's targets. The docstring of each module in this",
        "folder says what its row compares, and why. On a shared machine, ratios are reliable, absolute rates are not.",
        "",
        f"- date: {datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"- machine: {_processor()}, {len(cores())} cores, {platform.system()} {platform.machine()}",
        f"- Python: {platform.python_implementation()} {platform.python_version()}",
        f"- load: {generator()}",
        f"- others: the load average was {load_average:.2f} at the start",
        f"- command: `{command}` ({effort.pairs} pairs)",
        "",
        "| " + " | ".join(HEAD) + " |",
        "|---|---|--:|--:|--:|--:|---|---|",
        *("| " + " | ".join(cells(row)) + " |" for row in rows),
        "",
    ]
    return "\n".join(lines)


def _processor() -> str:
    """The model of the processor."""
    try:
        models = [line for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    except OSError:
        models = []
    return models[0].partition(":")[2].strip() if models else platform.processor() or os.uname().machine
