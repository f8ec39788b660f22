"""The command behind script/bench: runs the chosen measurements and prints one table."""

from __future__ import annotations

import argparse
import json
import os
import shlex
import signal
import sys
from collections.abc import Mapping
from importlib import import_module
from pathlib import Path

from benchmarks.result import FULL, QUICK, SMOKE, Effort, LeftOut, Row
from benchmarks.table import markdown, plain

MEASUREMENTS: Mapping[str, str] = {
    "P1": "p1_send",
    "P2": "p2_peers",
    "P3": "p3_large_send",
    "P4": "p4_scaling",
    "P5": "p5_pull_one",
    "P6": "p6_stall",
    "P7": "p7_cold_start",
    "P8": "p8_fresh_space",
    "P9": "p9_memory",
    "P10": "p10_armed",
    "P11": "p11_durable",
    "P12": "p12_postgresql",
    "P14": "p14_file",
    "P18": "p18_fixture",
    "P19": "p19_queries",
    "P20": "p20_fair_pushes",
    "P21": "p21_bounded_requests",
    "P22": "p22_many_messages",
    "P23": "p23_search",
}
"""The module of each measurement; each has `measure(effort)`."""

RESULTS = Path(__file__).parent / "RESULTS.md"

QUIET = 0.5
"""The load average at the start below which a machine counts as quiet."""


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="script/bench", description="Measure P1-P23 against bare aiohttp and peers.")
    parser.add_argument("--quick", action="store_true", help="5 pairs instead of 15")
    parser.add_argument("--only", type=_numbers, default=tuple(MEASUREMENTS), metavar="P1,P3", help="run only these")
    parser.add_argument("--smoke", action="store_true", help="tiny counts, to check that everything runs")
    parser.add_argument("--json", action="store_true", help="print one JSON line for each row instead of the table")
    chosen = parser.parse_args(arguments)
    effort = SMOKE if chosen.smoke else QUICK if chosen.quick else FULL
    load_average = os.getloadavg()[0] if hasattr(os, "getloadavg") else 0.0
    rows = [row for number in chosen.only for row in _measured(number, effort)]
    if chosen.json:
        for row in rows:
            value = None if isinstance(row, LeftOut) else row.measured
            print(json.dumps({"number": row.number, "what": row.what, "measured": value}))
    else:
        print(plain(rows))
    if effort is FULL and set(chosen.only) == set(MEASUREMENTS):
        if load_average >= QUIET:
            print(
                f"not written: the load average was {load_average:.1f} at the start, not below {QUIET}", file=sys.stderr
            )
        else:
            command = shlex.join(["script/bench", *arguments])
            RESULTS.write_text(markdown(rows, effort, command, load_average=load_average), "utf-8")
            print(f"written to benchmarks/{RESULTS.name}", file=sys.stderr)
    return 0


def _numbers(text: str) -> tuple[str, ...]:
    numbers = tuple(part.strip().upper() for part in text.split(",") if part.strip())
    unknown = [number for number in numbers if number not in MEASUREMENTS]
    if unknown or not numbers:
        raise argparse.ArgumentTypeError(
            f"choose from {', '.join(MEASUREMENTS)}, not {', '.join(unknown) or 'nothing'}"
        )
    return numbers


def _measured(number: str, effort: Effort) -> list[Row]:
    print(f"{number} ...", end="", file=sys.stderr, flush=True)
    module = import_module(f"benchmarks.{MEASUREMENTS[number]}")
    rows: list[Row] = module.measure(effort)
    print(" done", file=sys.stderr, flush=True)
    return rows


def _interrupted(*_: object) -> None:
    """SIGTERM raises KeyboardInterrupt like Ctrl-C, so that every started server is stopped."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, _interrupted)
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
