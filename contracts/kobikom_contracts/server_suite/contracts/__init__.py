"""The contracts of the server suite, one module an area."""

from __future__ import annotations

from importlib import import_module

from kobikom_contracts.core.contract import Contract
from kobikom_contracts.server_suite.contract import ServerSuiteContract

AREAS = (
    "transport",
    "framing",
    "layout",
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
    "many",
    "interleavings",
    "concurrency",
    "afterwards",
)
"""Modules of this package, in the order in which they are run."""


def server_contracts() -> tuple[ServerSuiteContract, ...]:
    """Every contract, in the order in which they are run."""
    modules = [import_module(f"{__name__}.{area}") for area in AREAS]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Contract))


def judged_statements() -> frozenset[str]:
    """Ids of the statements that at least one contract judges."""
    return frozenset(statement for contract in server_contracts() for statement in contract.statements)


def judged_clauses() -> frozenset[str]:
    """Ids of the clauses that at least one contract judges."""
    return frozenset(clause for contract in server_contracts() for clause in contract.clauses)
