"""What is printed of a measure of drawn servers, and the part of the proof page that says it."""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable
from statistics import median

from drawn_servers.honest import honest_server
from drawn_servers.lies import PLAIN_LIES, drawn_lie
from drawn_servers.measure import BASES, Caught, Judgement, Measure, Setting, base_of, measure

MOST_DETAIL = 300
"""Characters shown of one statement's detail."""


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options of a measure."""
    parser.add_argument("--drawn", action="store_true", help="judge servers drawn by seed")
    parser.add_argument("--lies", type=int, default=200, metavar="N", help="lying servers to draw")
    parser.add_argument("--honest", type=int, default=50, metavar="N", help="honest servers to draw")
    parser.add_argument("--from", type=int, default=0, dest="start", metavar="N", help="number of the first of each")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--profile", default="quick", choices=("tiny", "quick", "deep"))
    parser.add_argument("--clauses", default="", metavar="IDS", help="judge these clauses only")
    parser.add_argument("--workers", type=int, default=min(os.cpu_count() or 1, 2))
    parser.add_argument("--each", action="store_true", help="each effect without a condition, instead of drawn lies")
    parser.add_argument("--only", action="append", default=[], metavar="NAME", help="lieN, honestN, or words of a name")
    parser.add_argument("--record", action="store_true", help="write the figures into the proof page")
    parser.add_argument("-v", "--verbose", action="store_true", help="show details of each statement")


def chosen(options: argparse.Namespace) -> tuple[list[int], list[int]]:
    """The numbers of the lies and of the honest servers to judge."""
    lies = list(PLAIN_LIES) if options.each else list(range(options.start, options.start + options.lies))
    honest = list(range(options.start, options.start + options.honest))
    if not options.only:
        return lies, honest
    return (
        _named("lie", lies, options.only, lambda index: drawn_lie(options.seed, index).name),
        _named("honest", honest, options.only, lambda index: honest_server(options.seed, index).name),
    )


def _named(kind: str, numbers: list[int], wanted: list[str], name: Callable[[int], str]) -> list[int]:
    """The numbers of this kind that are asked for: kind and number, or words of the name among those drawn."""
    asked = [int(one.removeprefix(kind)) for one in wanted if one.removeprefix(kind).isdecimal() and kind in one]
    words = [one for one in wanted if not one.removeprefix("lie").removeprefix("honest").isdecimal()]
    return sorted({*asked, *(index for index in numbers if any(word in name(index) for word in words))})


def run(options: argparse.Namespace) -> Measure:
    """Measure and print; the measure."""
    setting = Setting(options.seed, options.profile, tuple(c for c in options.clauses.split(",") if c))
    lies, honest = chosen(options)
    started = time.monotonic()
    for one in measure(lies, honest, setting, workers=options.workers):
        if isinstance(one, Measure):
            result = one
        elif options.verbose:
            print(_line(one), flush=True)
    print("\n".join(rows(result, verbose=options.verbose)))
    print(f"{time.monotonic() - started:.0f} s")
    return result


def _line(one: Judgement) -> str:
    broken = ", ".join(one.broken) or "nothing"
    return (
        f"  judged {one.index}: {one.name}: touched {one.touched}; not held: {broken}{one.ended and '; ' + one.ended}"
    )


def figures(result: Measure) -> list[str]:
    """The figures of a measure, a line each."""
    lies, touched, caught, named = len(result.lies), len(result.touched), len(result.caught), len(result.named)
    blamed = median([len(one.new) for one in result.caught] or [0])
    return [
        f"lies drawn {lies}, touched by the traffic {touched}",
        f"caught {caught} of {touched} touched ({_share(caught, touched)})",
        f"caught at a statement that the lie breaks {named} of {caught} caught ({_share(named, caught)})",
        f"statements not held by a caught lie: {blamed:.0f} in the median",
        f"honest servers drawn {len(result.honest)}, false alarms {len(result.false_alarms)}",
    ]


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "none"


def rows(result: Measure, *, verbose: bool = False) -> list[str]:
    """The whole report: false alarms, misses, lies caught elsewhere, figures."""
    text = [f"seed {result.setting.seed}, profile {result.setting.profile}", "", "Servers that lie:"]
    text += [f"- server {base}: {base_of(result.setting.seed, base).name}" for base in range(BASES)]
    text += ["", "False alarms:"]
    for alarm in result.false_alarms:
        text += [f"- honest{alarm.index}: {alarm.name} {alarm.ended}", *_details(alarm.broken.items())]
    text += ["", "Missed:"]
    text += [
        f"- {_lie(result, one)}: touched {one.judgement.touched} times {one.judgement.ended}" for one in result.missed
    ]
    text += ["", "Caught, but not at a statement that the lie breaks:"]
    for one in result.caught:
        if not one.named:
            clauses = ", ".join(sorted(one.lie.clauses))
            text.append(f"- {_lie(result, one)}: at {', '.join(one.new)} instead of {clauses}")
            text += _details(one.new.items()) if verbose else []
    if verbose:
        text += ["", "Caught:"]
        for one in result.named:
            text += [f"- {_lie(result, one)}", *_details(one.new.items())]
    return [*text, "", *figures(result)]


def _lie(result: Measure, one: Caught) -> str:
    base = one.judgement.index % BASES
    by = f" (server {base})" if base else ""
    return f"lie{one.judgement.index}: {one.lie.name}{by}"


def _details(broken: object) -> list[str]:
    return [f"    {statement} {detail[:MOST_DETAIL]}" for statement, detail in broken]  # type: ignore[attr-defined]
