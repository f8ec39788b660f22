"""Days on which an answer is lost, damaged, or comes from something in front of the service."""

from collections.abc import Iterator
from typing import Any

from kobikom_contracts.catalogue.day import Day, day_of_fault
from kobikom_contracts.scenario_words import REQUESTS

TWICE: dict[str, Any] = {"times": 2}
SECOND: dict[str, Any] = {"skip": 1}
ALL_DAY: dict[str, Any] = {"times": None}
WHEN: dict[str, dict[str, Any]] = {"": {}, "-twice": TWICE, "-second": SECOND, "-all-day": ALL_DAY}
"""How often, as the end of a day's name."""

DROPS: dict[str, dict[str, tuple[str, ...]]] = {
    "send": {"before": ("", "-twice", "-second", "-all-day"), "after": ("", "-twice", "-second")},
    "pull": {"before": ("", "-twice"), "after": ("", "-second")},
    "titles": {"before": ("",), "after": ("",)},
    "balance": {"before": ("", "-twice"), "after": ("",)},
}
PAGES: dict[str, dict[str, tuple[tuple[int, str], ...]]] = {
    "send": {
        "before": ((500, ""), (502, ""), (503, ""), (503, "-twice"), (503, "-all-day"), (504, ""), (429, ""), (404, ""),
                   (302, ""), (200, "")),
        "after": ((502, ""), (502, "-second"), (504, ""), (500, ""), (200, "")),
    },
    "pull": {"before": ((500, ""), (503, ""), (503, "-twice"), (200, "")), "after": ((502, ""), (504, ""), (200, ""))},
    "titles": {"before": ((503, ""), (200, "")), "after": ()},
    "balance": {"before": ((500, ""), (503, "-twice"), (200, "")), "after": ((502, ""),)},
}  # fmt: skip
CUTS = {"send": (0, 1, 39, 60, 100, 150, 175, 200), "pull": (0, 1, 60, 100, 150, 200), "titles": (60,),
        "balance": (0, 60)}  # fmt: skip


def lost_and_damaged() -> Iterator[Day]:
    """A lost answer, a page of a proxy, a cut answer, garbage, a connection that closes."""
    for operation in REQUESTS:
        for moment, ends in DROPS[operation].items():
            for end in ends:
                yield day_of_fault(f"drop-{moment}{end}", {"kind": "drop", "moment": moment}, operation, **WHEN[end])
    for operation in REQUESTS:
        for moment, pages in PAGES[operation].items():
            for status, end in pages:
                effect = {"kind": "http", "status": status, "moment": moment}
                yield day_of_fault(f"http-{status}-{moment}{end}", effect, operation, **WHEN[end])
    for operation in REQUESTS:
        for kept in CUTS[operation]:
            yield day_of_fault(f"truncate-{kept}", {"kind": "truncate", "bytes": kept}, operation)
        yield day_of_fault("garbage", {"kind": "garbage"}, operation)
        yield day_of_fault("close", {"kind": "close"}, operation)
    for operation in ("send", "pull"):
        yield day_of_fault("as-printed", {"kind": "as-printed"}, operation)


def stalled() -> Iterator[Day]:
    """An answer that never comes; such a day costs the program's own time-out."""
    for operation in REQUESTS:
        for moment in ("after", "before"):
            yield day_of_fault(f"stall-{moment}", {"kind": "stall", "moment": moment, "seconds": 60}, operation)
