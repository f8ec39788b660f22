"""Make a day on which a command fails as small as it can be: pure, over the documents of scenarios."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from typing import Any

Document = Mapping[str, Any]

PARTS = ("steps", "readings", "delivery", "clock", "credit", "seed", "inputs")
"""The parts of a scenario beside its faults, in the order in which they are left out."""


def shrink(document: Document, fails: Callable[[Document], bool], *, attempts: int = 60) -> Document:
    """The smallest document found with so many attempts on which the command still fails in the same way."""
    tried = {_key(document)}
    smaller = True
    while smaller:
        smaller = False
        for candidate in simpler(document):
            if _key(candidate) in tried:
                continue
            if not attempts:
                return document
            attempts -= 1
            tried.add(_key(candidate))
            if fails(candidate):
                document, smaller = candidate, True
                break
    return document


def simpler(document: Document) -> Iterator[dict[str, Any]]:
    """Documents that say less, those that leave out most first."""
    plain = {name: value for name, value in document.items() if name not in {"name", "sentence"}}
    for name in PARTS:
        if name in plain:
            yield _without(plain, name)
    for name in ("faults", "steps"):
        for nth in range(len(plain.get(name, []))):
            yield _without(plain, name, nth)
    for name in plain.get("readings", {}):
        yield _without(plain, "readings", name)
    outcomes = plain.get("delivery", {}).get("outcomes", [])
    for nth in range(len(outcomes) if len(outcomes) > 1 else 0):
        yield _without(plain, "delivery", "outcomes", nth)
    for nth, rule in enumerate(plain.get("faults", [])):
        yield from _simpler_rules(plain, nth, rule)


def _simpler_rules(document: Document, nth: int, rule: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The document with one rule made simpler: fires on the first request, once, without a condition too many."""
    when = rule.get("when", {})
    for name in ("probability", "until", "skip"):
        if name in when:
            yield _without(document, "faults", nth, "when", name)
    times = when.get("times")
    if times is None or times > 1:
        changed = deepcopy(dict(document))
        changed["faults"][nth].setdefault("when", {})["times"] = 1
        yield changed
    for name in ("to", "title", "text", "user"):
        if name in rule.get("match", {}):
            yield _without(document, "faults", nth, "match", name)


def _without(document: Document, *path: str | int) -> dict[str, Any]:
    """A copy without one part; what it leaves empty goes too."""
    changed = deepcopy(dict(document))
    parents: list[tuple[Any, str | int]] = []
    inner: Any = changed
    for step in path[:-1]:
        parents.append((inner, step))
        inner = inner[step]
    del inner[path[-1]]
    for parent, step in reversed(parents):
        if parent[step] or step in {"when", "match"}:
            break
        del parent[step]
    return changed


def _key(document: Document) -> str:
    plain = {name: value for name, value in document.items() if name not in {"name", "sentence"}}
    return json.dumps(plain, sort_keys=True)
