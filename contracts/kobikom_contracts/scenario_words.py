"""The names and values that scenarios are made of: operations, effects of faults by kind, statuses, readings."""

from collections.abc import Mapping
from typing import Any

from kobikom_contracts.clauses import READING_BY_NAME

FORMAT = "kobikom-emulator-scenario/1"

REQUESTS = ("send", "pull", "titles", "balance")
OPERATIONS = (*REQUESTS, "push")
"""What a fault rule can match: the four requests, and the pushes that the server makes itself."""

UNKNOWN_CODE = -77
"""A code that is documented nowhere."""
REQUEST_CODES = (-1, -2, -5, -6, -10, -11, -13, -22, -23, -26, -27, -33, -34, -99, UNKNOWN_CODE)
RECIPIENT_CODES = (-3, -13, -2, -34, -1, -33, UNKNOWN_CODE)
PLACES: tuple[Mapping[str, Any], ...] = ({}, {"places": [1]}, {"places": [-1]}, {"places": [2]}, {"every": 2})
"""Whom a code for single recipients hits: all, the first, the last, the second, every other one."""

EFFECTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "status": (
        *({"kind": "status", "code": code, "scope": "request"} for code in REQUEST_CODES),
        *(
            {"kind": "status", "code": code, "scope": "recipient", **whom}
            for code in RECIPIENT_CODES
            for whom in PLACES
        ),
    ),
    "drop": tuple({"kind": "drop", "moment": moment} for moment in ("after", "before")),
    # 3xx and 4xx say that nothing was carried out (T-08): they never come after it was.
    "http": (
        *({"kind": "http", "status": status, "moment": "after"} for status in (502, 500, 503, 504, 200)),
        *(
            {"kind": "http", "status": status, "moment": "before"}
            for status in (503, 500, 502, 504, 429, 404, 302, 200)
        ),
    ),
    "truncate": tuple({"kind": "truncate", "bytes": kept} for kept in (0, 1, 39, 60, 100, 150, 175, 200)),
    "garbage": ({"kind": "garbage"},),
    "as-printed": ({"kind": "as-printed"},),
    "reports": tuple({"kind": "reports", "change": change} for change in ("repeated", "unknown-id", "unknown-status")),
    "close": ({"kind": "close"},),
    "push": (
        {"kind": "push", "change": "twice"},
        {"kind": "push", "change": "late", "seconds": 60},
        {"kind": "push", "change": "unclosed"},
        {"kind": "push", "change": "before-answer"},
    ),
    "stall": tuple({"kind": "stall", "moment": moment, "seconds": 60} for moment in ("after", "before")),
    "delay": tuple({"kind": "delay", "seconds": seconds} for seconds in (0.05, 0.2)),
    "dribble": tuple({"kind": "dribble", "bytes_per_second": rate} for rate in (2000.0, 500.0)),
}
"""Every effect that is drawn, by kind."""

SLOW_KINDS = ("stall", "delay", "dribble")
"""Kinds that cost real time: drawn on request only."""

KINDS = tuple(kind for kind in EFFECTS if kind not in SLOW_KINDS)
"""Kinds of fault that are drawn unless others are asked for."""


def is_possible(effect: Mapping[str, Any], operation: str) -> bool:
    """Whether an effect can do anything to an operation; servers refuse rules that never can."""
    kind = effect["kind"]
    if kind == "push":
        return operation == ("send" if effect["change"] == "before-answer" else "push")
    if operation == "push":
        return False
    if kind == "reports":
        return operation == "pull"
    if effect.get("scope") == "recipient":
        return operation == "send"
    return kind != "as-printed" or operation in {"send", "pull"}


FINAL_STATUSES = (
    "DELIVERED",
    "NOT_DELIVERED",
    "SENT",
    "NOT_SENT",
    "REJECTED",
    "NOT_ALLOWED",
    "INVALID_DESTINATION_ADDRESS",
    "INVALID_SOURCE_ADDRESS",
    "ROUTE_NOT_AVAILABLE",
    "NOT_ENOUGH_CREDITS",
    "INVALID_MESSAGE_FORMAT",
)
READINGS: Mapping[str, tuple[str, ...]] = {name: reading.values for name, reading in READING_BY_NAME.items()}
"""Every reading of the vendor's page with its values, the project's default first."""

FIELDS: Mapping[str, frozenset[str]] = {
    "scenario": frozenset(
        {"format", "readings", "faults", "delivery", "clock", "credit", "steps", "seed", "name", "sentence", "inputs"}
    ),
    "rule": frozenset({"effect", "match", "when"}),
    "match": frozenset({"operation", "user", "to", "title", "text"}),
    "when": frozenset({"skip", "times", "probability", "until"}),
    "delivery": frozenset({"outcomes", "jitter"}),
    "outcome": frozenset({"status", "after", "weight", "gsm_error"}),
    "clock": frozenset({"set", "advance", "freeze", "rate"}),
    "step": frozenset({"after", "advance", "credit"}),
    "after": frozenset({"operation", "count"}),
    "readings": frozenset(READING_BY_NAME),
    **{kind: frozenset(name for effect in effects for name in effect) for kind, effects in EFFECTS.items()},
}
"""The names that each object of a document may have; an effect's go by its kind."""
