"""Law: bad days for an integration, drawn by Hypothesis; knows the control API's JSON, no server and no test runner.

A scenario is a value: faults, readings, ways messages end, a step of the clock, a credit. `scenarios()` draws them and
shrinks to the smallest that still breaks the code under test; `document()` is what `POST …/state` of a server takes and
what `kobikom-emulator serve --scenario FILE` replays.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

FORMAT = "kobikom-emulator-scenario/1"

OPERATIONS = ("send", "pull", "titles", "balance")
KINDS = ("status", "drop", "http", "truncate", "garbage", "as-printed")
"""Kinds of fault that are drawn unless others are asked for; `delay` and `dribble` cost real time and are left out."""

EFFECTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "status": (
        *({"kind": "status", "code": code, "scope": "request"} for code in (-1, -2, -5, -23, -26, -34, -99)),
        *({"kind": "status", "code": code, "scope": "recipient"} for code in (-2, -3, -13, -34)),
    ),
    "drop": tuple({"kind": "drop", "moment": moment} for moment in ("before", "after")),
    "http": tuple({"kind": "http", "status": status} for status in (500, 502, 503, 504)),
    "truncate": tuple({"kind": "truncate", "bytes": kept} for kept in (0, 1, 39, 60, 100, 150, 175, 200)),
    "garbage": ({"kind": "garbage"},),
    "as-printed": ({"kind": "as-printed"},),
    "delay": tuple({"kind": "delay", "seconds": seconds} for seconds in (0.05, 0.2)),
    "dribble": tuple({"kind": "dribble", "bytes_per_second": rate} for rate in (2000.0, 500.0)),
}
"""Every effect that is drawn, by kind."""

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
READINGS: Mapping[str, tuple[str, ...]] = {
    "refusal-shape": ("single", "per-recipient"),
    "report-close": ("closed", "as-printed"),
    "pull-refusal": ("positive", "negative"),
    "dates": ("unpadded", "padded"),
    "result-shape": ("well-formed", "as-printed"),
    "content-type": ("as-documented", "xml"),
    "short-credit": ("per-recipient", "whole-request"),
}
"""Readings that change what a client sees, the project's default first."""


@dataclass(frozen=True)
class Scenario:
    """A bad day. Fields that are empty or None leave a server as it is; `faults` are rules of the control API."""

    faults: tuple[Mapping[str, Any], ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    outcomes: tuple[Mapping[str, Any], ...] = ()
    advance: int = 0
    credit: str | None = None

    def document(self) -> dict[str, Any]:
        """The JSON object that a server's `POST …/state` takes."""
        found: dict[str, Any] = {"format": FORMAT}
        if self.readings:
            found["readings"] = dict(self.readings)
        if self.faults:
            found["faults"] = [dict(rule) for rule in self.faults]
        if self.outcomes:
            found["delivery"] = {"outcomes": [dict(outcome) for outcome in self.outcomes]}
        if self.advance:
            found["clock"] = {"advance": self.advance}
        if self.credit is not None:
            found["credit"] = self.credit
        return found

    def to_file(self) -> str:
        """The text of a scenario file."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n"

    def __repr__(self) -> str:
        """What a failing test prints: the file that replays the day."""
        return f"Scenario.of({self.document()!r})"

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Scenario":
        """The scenario of a document: what a failing test printed, or a file held."""
        if document.get("format", FORMAT) != FORMAT:
            raise ValueError(f"not a scenario of this format ({FORMAT}): {document.get('format')!r}")
        unknown = set(document) - {"format", "readings", "faults", "delivery", "clock", "credit"}
        if unknown:
            raise ValueError(f"a scenario has no {', '.join(sorted(unknown))}")
        return cls(
            faults=tuple(document.get("faults", ())),
            readings=dict(document.get("readings", {})),
            outcomes=tuple(document.get("delivery", {}).get("outcomes", ())),
            advance=document.get("clock", {}).get("advance", 0),
            credit=document.get("credit"),
        )


@st.composite
def scenarios(
    draw: st.DrawFn,
    *,
    operations: Collection[str] = OPERATIONS,
    kinds: Collection[str] = KINDS,
    max_faults: int = 3,
    readings: bool = True,
    outcomes: bool = True,
    credit: bool = True,
) -> Scenario:
    """Draw a world for an integration to survive; the simplest is an ordinary day.

    `operations` and `kinds` choose what may go wrong, `max_faults` how much of it; the switches leave out readings,
    ways messages end, and little credit.
    """
    rules = st.lists(fault_rules(operations=operations, kinds=kinds), max_size=max_faults)
    return Scenario(
        faults=tuple(draw(rules)),
        readings=draw(chosen_readings()) if readings else {},
        outcomes=tuple(draw(st.lists(ways_to_end(), max_size=2))) if outcomes else (),
        advance=draw(st.sampled_from((0, 60, 86_400))),
        credit=draw(st.sampled_from((None, "0", "1", "2.5"))) if credit else None,
    )


@st.composite
def fault_rules(
    draw: st.DrawFn, *, operations: Collection[str] = OPERATIONS, kinds: Collection[str] = KINDS
) -> dict[str, Any]:
    """Draw a rule that meddles once or twice with one operation, perhaps after letting a few requests pass."""
    # One draw decides operation and effect together: the fewer choices a rule takes, the better a list of them shrinks.
    possible = [
        (operation, effect)
        for operation in OPERATIONS
        if operation in operations
        for kind in EFFECTS
        if kind in kinds
        for effect in EFFECTS[kind]
        if _possible(effect, operation)
    ]
    operation, effect = draw(st.sampled_from(possible))
    when: dict[str, Any] = {"times": draw(st.integers(1, 2))}
    if skip := draw(st.integers(0, 2)):
        when["skip"] = skip
    return {"effect": dict(effect), "match": {"operation": operation}, "when": when}


def _possible(effect: Mapping[str, Any], operation: str) -> bool:
    """Only sends have recipients, and no malformed title or balance answer is printed: such rules are refused."""
    if effect.get("scope") == "recipient":
        return operation == "send"
    return effect["kind"] != "as-printed" or operation in {"send", "pull"}


def chosen_readings() -> st.SearchStrategy[dict[str, str]]:
    """Draw readings other than the default for some of the ambiguities that a client can see."""
    choices: Sequence[st.SearchStrategy[tuple[str, str]]] = [
        st.tuples(st.just(name), st.sampled_from(values[1:])) for name, values in READINGS.items()
    ]
    return st.lists(st.one_of(choices), max_size=2, unique_by=lambda choice: choice[0]).map(dict)


def ways_to_end() -> st.SearchStrategy[dict[str, Any]]:
    """Draw one line of a delivery profile."""
    return st.fixed_dictionaries(
        {"status": st.sampled_from(FINAL_STATUSES), "after": st.sampled_from((1, 0, 30, 7200))},
        optional={"weight": st.integers(1, 3)},
    )
