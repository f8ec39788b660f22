"""Law: the contracts by area; each module holds contracts only, gathered here in a fixed order."""

from __future__ import annotations

from importlib import import_module

from kobikom_contracts.contract import Contract

AREAS = (
    "transport",
    "framing",
    "encoding",
    "auth",
    "sending",
    "recipients",
    "texts",
    "fields",
    "credit",
    "reports",
    "delivery",
    "push",
    "queries",
    "errors",
    "machine",
    "concurrency",
)


def contracts() -> tuple[Contract, ...]:
    """Every contract, in the order they are run."""
    found: list[Contract] = []
    for area in AREAS:
        module = import_module(f"{__name__}.{area}")
        found += [value for value in vars(module).values() if isinstance(value, Contract)]
    return tuple(found)


def judged() -> frozenset[str]:
    """Ids of the clauses at least one contract judges."""
    return frozenset(clause for one in contracts() for clause in one.clauses)
