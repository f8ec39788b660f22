"""Scenarios that an integration must work under, as values, read from files and written to them.

A scenario is a value: fault rules, readings, how messages end, changes of the clock and of the credit. `document()` is
the JSON object that a server plays and that `kobikom-emulator serve --scenario FILE` replays. This module knows that
JSON, no server and no test runner; `kobikom_contracts.catalogue` has the catalogue of scenarios and draws them.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from kobikom_contracts.scenario_words import EFFECTS, FIELDS, FORMAT


@dataclass(frozen=True)
class Scenario:
    """The conditions that a test runs under. What is empty or None leaves a server as it is.

    `faults` are rules, `steps` changes between the requests, `delivery` and `clock` objects of the control API, kept as
    they are. `name`, `sentence` and `inputs` (what the test drew besides: texts, numbers, pauses) are for people and
    tests; a server passes them over.
    """

    faults: tuple[Mapping[str, Any], ...] = ()
    readings: Mapping[str, str] = field(default_factory=dict)
    delivery: Mapping[str, Any] | None = None
    clock: Mapping[str, Any] | None = None
    credit: str | None = None
    steps: tuple[Mapping[str, Any], ...] = ()
    seed: int | None = None
    name: str = ""
    sentence: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)

    def document(self) -> dict[str, Any]:
        """The JSON object that a server plays."""
        document: dict[str, Any] = {"format": FORMAT}
        if self.name:
            document["name"] = self.name
        if self.sentence:
            document["sentence"] = self.sentence
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
        if self.steps:
            document["steps"] = [dict(step) for step in self.steps]
        if self.seed is not None:
            document["seed"] = self.seed
        if self.inputs:
            document["inputs"] = dict(self.inputs)
        return document

    def with_inputs(self, **inputs: Any) -> "Scenario":
        """The same conditions with what the test drew besides, so that its file has everything to see a bug again."""
        return replace(self, inputs={**self.inputs, **inputs})

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
            steps=tuple(_step(step, f"steps[{nth}]") for nth, step in _numbered(fields.get("steps", []), "steps")),
            seed=fields.get("seed"),
            name=fields.get("name", ""),
            sentence=fields.get("sentence", ""),
            inputs=_inputs(fields.get("inputs", {})),
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


def _step(value: Any, place: str) -> dict[str, Any]:
    step = _fields("step", value, place)
    return step | ({"after": _fields("after", step["after"], f"{place}.after")} if "after" in step else {})


def _inputs(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"inputs of a scenario must be an object, not {value!r}")  # noqa: TRY004  # wrong as a document
    return dict(value)


def _delivery(value: Any) -> dict[str, Any]:
    delivery = _fields("delivery", value, "delivery")
    if "outcomes" in delivery:
        outcomes = _numbered(delivery["outcomes"], "delivery.outcomes")
        delivery["outcomes"] = [_fields("outcome", each, f"delivery.outcomes[{nth}]") for nth, each in outcomes]
    return delivery
