"""Draw scenarios with Hypothesis: days with several things wrong. The simplest changes nothing."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from hypothesis import strategies as st

from kobikom_contracts.catalogue.names import check_names
from kobikom_contracts.scenario import Scenario
from kobikom_contracts.scenario_words import (
    EFFECTS,
    FINAL_STATUSES,
    KINDS,
    OPERATIONS,
    READINGS,
    REQUESTS,
    is_possible,
)

Possible = Mapping[str, Sequence[Sequence[tuple[str, Mapping[str, Any]]]]]
"""By kind, the operations with the effects that can do something to them; those that differ in a value are a group."""

VALUES = frozenset({"code", "status", "bytes"})
"""Fields whose value is drawn after everything else of an effect: two small choices shrink better than a large one."""

COMMON = frozenset({"drop", "http"})
"""Kinds that are drawn twice as often as the others: they are what happens."""

SELDOM = 8
"""In one of about so many scenarios the credit is short."""


def scenarios(
    *,
    operations: Collection[str] = REQUESTS,
    kinds: Collection[str] = KINDS,
    max_faults: int = 3,
    readings: bool = True,
    outcomes: bool = True,
    credit: bool = True,
    steps: bool = True,
) -> st.SearchStrategy[Scenario]:
    """Draw conditions for an integration to work under; the simplest scenario changes nothing.

    `operations` and `kinds` choose which requests may fail and how, `max_faults` how many rules there are; the switches
    leave out readings, ways messages end, little credit, and changes between the requests. ValueError names an unknown
    operation or kind.
    """
    possible = _possible(operations, kinds)
    return _scenarios(possible, max_faults, readings=readings, outcomes=outcomes, credit=credit, steps=steps)


@st.composite
def _scenarios(
    draw: st.DrawFn,
    possible: Possible,
    max_faults: int,
    *,
    readings: bool,
    outcomes: bool,
    credit: bool,
    steps: bool,
) -> Scenario:
    faults = draw(st.lists(_rules(possible), max_size=max_faults)) if possible else []
    chosen = draw(chosen_readings()) if readings else {}
    ends = draw(st.lists(ways_to_end(), max_size=2)) if outcomes else []
    advance = draw(st.sampled_from((0, 60, 86_400)))
    short = draw(st.sampled_from((None,) * (3 * SELDOM - 3) + ("0", "1", "2.5"))) if credit else None
    between = draw(st.lists(changes_between(credit=credit), max_size=1)) if steps else []
    return Scenario(
        faults=tuple(faults),
        readings=chosen,
        delivery={"outcomes": ends} if ends else None,
        clock={"advance": advance} if advance else None,
        credit=short,
        steps=tuple(between),
    )


def fault_rules(
    *, operations: Collection[str] = REQUESTS, kinds: Collection[str] = KINDS
) -> st.SearchStrategy[dict[str, Any]]:
    """Draw a rule that fires once or twice on one operation, perhaps not on its first requests."""
    return _rules(_possible(operations, kinds))


@st.composite
def _rules(draw: st.DrawFn, possible: Possible) -> dict[str, Any]:
    # The kind is drawn first: there are many status codes and one `drop`, which breaks far more programs.
    kind = draw(st.sampled_from([kind for kind in possible for _ in range(2 if kind in COMMON else 1)]))
    operation, effect = draw(st.sampled_from(draw(st.sampled_from(possible[kind]))))
    when: dict[str, Any] = {"times": draw(st.integers(1, 2))}
    if skip := draw(st.sampled_from((0, 0, 0, 0, 1, 2))):  # most programs send a few requests only
        when["skip"] = skip
    return {"effect": dict(effect), "match": {"operation": operation}, "when": when}


def _possible(operations: Collection[str], kinds: Collection[str]) -> Possible:
    """What can be drawn. Kinds that can do nothing to any of the operations are left out."""
    check_names("operation", operations, OPERATIONS)
    check_names("kind", kinds, tuple(EFFECTS))
    possible: dict[str, dict[str, list[tuple[str, Mapping[str, Any]]]]] = {}
    for kind in EFFECTS:
        if kind not in kinds or (kind == "push" and "push" not in operations):
            continue
        for operation in OPERATIONS:
            for effect in EFFECTS[kind] if operation in operations else ():
                if is_possible(effect, operation):
                    alike = repr([operation, *((name, value) for name, value in effect.items() if name not in VALUES)])
                    possible.setdefault(kind, {}).setdefault(alike, []).append((operation, effect))
    return {kind: _weighted(list(groups.values())) for kind, groups in possible.items()}


def _weighted(groups: list[list[tuple[str, Mapping[str, Any]]]]) -> list[list[tuple[str, Mapping[str, Any]]]]:
    """The groups, with those of sends three times: sends cost money and reach people, and most programs send most."""
    return [group for group in groups for _ in range(3 if group[0][0] == "send" else 1)]


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


@st.composite
def changes_between(draw: st.DrawFn, *, credit: bool = True) -> dict[str, Any]:
    """Draw a step: after one of the first requests of an operation the clock or the credit changes."""
    after = {"operation": draw(st.sampled_from(REQUESTS[:2])), "count": draw(st.integers(1, 2))}
    changes: list[dict[str, Any]] = [{"advance": seconds} for seconds in (60, 7200, 86_400, 3 * 86_400)]
    if credit:
        changes += [{"credit": amount} for amount in ("0", "1")]
    return {"after": after, **draw(st.sampled_from(changes))}
