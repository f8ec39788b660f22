"""Law: the rules for clients by area; each module holds rules only, gathered in a fixed order."""

from __future__ import annotations

from importlib import import_module

from kobikom_contracts.client_suite.contract import Rule

AREAS = ("writing", "results", "fates", "pulling", "asking", "conversation")


def rules() -> tuple[Rule, ...]:
    """Every rule, in the order they are run."""
    found: list[Rule] = []
    for area in AREAS:
        module = import_module(f"{__name__}.{area}")
        found += [value for value in vars(module).values() if isinstance(value, Rule)]
    return tuple(found)


def judged_clients() -> frozenset[str]:
    """Ids of the client clauses at least one rule judges."""
    return frozenset(clause for one in rules() for clause in one.clauses)
