"""Scenarios that an integration must work under, drawn by Hypothesis, read from files and written to them.

A scenario is a value: fault rules, readings, how messages end, a change of the clock, a credit. `scenarios()` draws
them and shrinks to the smallest that still breaks the code under test; `document()` is the JSON object that a server
plays and that `kobikom-emulator serve --scenario FILE` replays. This module knows that JSON, no server and no test
runner.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

from kobikom_contracts.clauses import READING_BY_NAME

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
VISIBLE_READINGS = (
    "refusal-shape",
    "report-close",
    "pull-refusal",
    "dates",
    "result-shape",
    "content-type",
    "short-credit",
    "answer-layout",
    "login-codes",
    "message-id",
    "short-number",
    "title-code",
    "long-validity",
    "sent-attribute",
    "amount",
)
READINGS: Mapping[str, tuple[str, ...]] = {name: READING_BY_NAME[name].values for name in VISIBLE_READINGS}
"""Readings that change what a client sees, the project's default first."""

FIELDS: Mapping[str, frozenset[str]] = {
    "scenario": frozenset({"format", "readings", "faults", "delivery", "clock", "credit"}),
    "rule": frozenset({"effect", "match", "when"}),
    "match": frozenset({"operation", "user", "to", "title", "text"}),
    "when": frozenset({"skip", "times", "probability", "until"}),
    "delivery": frozenset({"outcomes", "jitter"}),
    "outcome": frozenset({"status", "after", "weight", "gsm_error"}),
    "clock": frozenset({"set", "advance", "freeze", "rate"}),
    "readings": frozenset(READING_BY_NAME),
    **{kind: frozenset(name for effect in effects for name in effect) for kind, effects in EFFECTS.items()},
}
"""The names that each object of a document may have; an effect's go by its kind."""


@dataclass(frozen=True)
class Scenario:
    """The conditions that a test runs under. What is empty or None leaves a server as it is.

    `faults` are rules, `delivery` and `clock` objects of the control API, kept as they are.
    """

    faults: tuple[Mapping[str, Any], ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    delivery: Mapping[str, Any] | None = None
    clock: Mapping[str, Any] | None = None
    credit: str | None = None

    def document(self) -> dict[str, Any]:
        """The JSON object that a server plays."""
        document: dict[str, Any] = {"format": FORMAT}
        if self.readings:
            document["readings"] = dict(self.readings)
        if self.faults:
            document["faults"] = [dict(rule) for rule in self.faults]
        if self.delivery is not None:
            document["delivery"] = dict(self.delivery)
        if self.clock is not None:
            document["clock"] = dict(self.clock)
        if self.credit is not None:
            document["credit"] = self.credit
        return document

    def to_file(self) -> str:
        """The text of a scenario file."""
        return json.dumps(self.document(), indent=2, ensure_ascii=False) + "\n"

    def __repr__(self) -> str:
        """What a failing test prints: an expression for the same scenario."""
        return f"Scenario.of({self.document()!r})"

    @classmethod
    def from_file(cls, text: str) -> "Scenario":
        """The scenario of a file's text; ValueError if it is none."""
        return cls.of(json.loads(text))

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> "Scenario":
        """The scenario of a document, with everything that is in it. ValueError names what no scenario has."""
        fields = _fields("scenario", document, "")
        if fields.get("format", FORMAT) != FORMAT:
            raise ValueError(f"not a scenario of this format ({FORMAT}): {fields['format']!r}")
        return cls(
            faults=tuple(_rule(rule, f"faults[{nth}]") for nth, rule in _numbered(fields.get("faults", []), "faults")),
            readings=_fields("readings", fields.get("readings", {}), "readings"),
            delivery=_delivery(fields["delivery"]) if "delivery" in fields else None,
            clock=_fields("clock", fields["clock"], "clock") if "clock" in fields else None,
            credit=fields.get("credit"),
        )


def _fields(kind: str, value: Any, place: str) -> dict[str, Any]:
    """An object with no other names than those of its kind."""
    if not isinstance(value, Mapping):
        raise ValueError(f"{_of(place)} must be an object, not {value!r}")  # noqa: TRY004  # wrong as a document
    if unknown := sorted(set(value) - FIELDS[kind]):
        known = ", ".join(sorted(FIELDS[kind]))
        raise ValueError(f"{_of(place)} has no field {', '.join(unknown)}; the fields are {known}")
    return dict(value)


def _of(place: str) -> str:
    """A part of a scenario, named for a message; "" is the whole."""
    return f"{place} of a scenario" if place else "a scenario"


def _numbered(values: Any, place: str) -> Iterable[tuple[int, Any]]:
    if not isinstance(values, Sequence) or isinstance(values, str):
        raise ValueError(f"{_of(place)} must be a list, not {values!r}")  # noqa: TRY004  # wrong as a document
    return enumerate(values)


def _rule(value: Any, place: str) -> dict[str, Any]:
    rule = _fields("rule", value, place)
    effect = rule.get("effect")
    kind = effect.get("kind") if isinstance(effect, Mapping) else None
    if not isinstance(kind, str) or kind not in EFFECTS:
        raise ValueError(f"{place}.effect of a scenario must have one of the kinds {', '.join(EFFECTS)}, not {kind!r}")
    parts = {"effect": kind, "match": "match", "when": "when"}
    return {name: _fields(parts[name], part, f"{place}.{name}") for name, part in rule.items()}


def _delivery(value: Any) -> dict[str, Any]:
    delivery = _fields("delivery", value, "delivery")
    if "outcomes" in delivery:
        outcomes = _numbered(delivery["outcomes"], "delivery.outcomes")
        delivery["outcomes"] = [_fields("outcome", each, f"delivery.outcomes[{nth}]") for nth, each in outcomes]
    return delivery


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
    """Draw conditions for an integration to work under; the simplest scenario changes nothing.

    `operations` and `kinds` choose which requests may fail and how, `max_faults` how many rules there are; the switches
    leave out readings, ways messages end, and little credit.
    """
    rules = st.lists(fault_rules(operations=operations, kinds=kinds), max_size=max_faults)
    faults = tuple(draw(rules))
    chosen = draw(chosen_readings()) if readings else {}
    ends = draw(st.lists(ways_to_end(), max_size=2)) if outcomes else []
    advance = draw(st.sampled_from((0, 60, 86_400)))
    return Scenario(
        faults=faults,
        readings=chosen,
        delivery={"outcomes": ends} if ends else None,
        clock={"advance": advance} if advance else None,
        credit=draw(st.sampled_from((None, "0", "1", "2.5"))) if credit else None,
    )


@st.composite
def fault_rules(
    draw: st.DrawFn, *, operations: Collection[str] = OPERATIONS, kinds: Collection[str] = KINDS
) -> dict[str, Any]:
    """Draw a rule that fires once or twice on one operation, perhaps not on its first requests."""
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
