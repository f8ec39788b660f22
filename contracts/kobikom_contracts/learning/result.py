"""What a recording says about each reading: decided, open, or contradictory."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kobikom_contracts.learning.evidence import Evidence
from kobikom_contracts.learning.readings import READINGS, LearnedReading


class State(StrEnum):
    """How much a recording says about a reading."""

    DECIDED = "decided"
    """One value fits everything seen."""
    OPEN = "open"
    """Several values fit everything seen."""
    CONTRADICTION = "contradiction"
    """No value fits everything seen: exchanges exclude all of them."""


@dataclass(frozen=True, slots=True)
class LearnedValue:
    """One reading with the values that fit everything seen, and the evidence against each of the others."""

    reading: LearnedReading
    left: tuple[str, ...]
    evidence: tuple[Evidence, ...]

    @property
    def state(self) -> State:
        """Whether it is decided."""
        if not self.left:
            return State.CONTRADICTION
        return State.DECIDED if len(self.left) == 1 else State.OPEN


@dataclass(frozen=True, slots=True)
class Learned:
    """What was learned of every reading, in the order of the protocol.

    ``labels`` name the exchanges by their position.
    """

    values: tuple[LearnedValue, ...]
    labels: Sequence[str]

    @property
    def decided(self) -> Mapping[str, str]:
        """The value of each decided reading."""
        return {one.reading.name: one.left[0] for one in self.values if one.state is State.DECIDED}

    def of(self, name: str) -> LearnedValue:
        """What was learned of one reading."""
        return next(one for one in self.values if one.reading.name == name)


def learned(evidence: Iterable[Evidence], labels: Sequence[str]) -> Learned:
    """Collect the evidence by reading; ``labels`` name the exchanges by their position."""
    every = tuple(evidence)
    values = []
    for reading in READINGS.values():
        own = tuple(one for one in every if one.reading == reading.name)
        excluded = {one.value for one in own}
        values.append(LearnedValue(reading, tuple(value for value in reading.values if value not in excluded), own))
    return Learned(tuple(values), labels)


def readings_toml(result: Learned, because: Mapping[str, str] | None = None) -> str:
    """A ``[readings]`` table for ``kobikom-emulator serve --config``: decided readings set, the others in comments.

    ``because`` says by name why a reading is open.
    """
    lines = ["# Learned from recorded traffic.", "[readings]"]
    for one in result.values:
        name = one.reading.name
        match one.state:
            case State.DECIDED:
                lines.append(f"{name} = {json.dumps(one.left[0])}")
            case State.OPEN:
                lines += ["", f"# open: {', '.join(one.left)}. Decided by {one.reading.decided_by}."]
                if because and name in because:
                    lines.append(f"# Not decided because {because[name]}.")
                lines.append(f"# {name} = {json.dumps(one.left[0])}")
            case State.CONTRADICTION:
                lines += ["", f"# contradiction, no value of {name} fits:"]
                lines += [f"#   {line}" for line in reasons(result, one)]
    return "\n".join(lines) + "\n"


def reasons(result: Learned, value: LearnedValue) -> Iterator[str]:
    """One line for each excluded value, with the exchange that excludes it."""
    for one in value.evidence:
        yield f"not {one.value}: {one.why} ({result.labels[one.position]})"


def as_json(result: Learned) -> dict[str, object]:
    """The result for programs."""
    return {
        "readings": [
            {
                "name": one.reading.name,
                "clause": one.reading.clause,
                "state": str(one.state),
                "values": list(one.left),
                "excluded": [
                    {"value": proof.value, "exchange": result.labels[proof.position], "why": proof.why}
                    for proof in one.evidence
                ],
                "decided_by": one.reading.decided_by,
            }
            for one in result.values
        ]
    }
