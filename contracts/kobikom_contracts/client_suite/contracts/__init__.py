"""The contracts of the client suite, one module an area."""

from __future__ import annotations

from importlib import import_module

from kobikom_contracts.client_suite.contract import ClientSuiteContract
from kobikom_contracts.core.contract import Contract

AREAS = (
    *("requests", "send_results", "lost_send_answers", "reports", "lost_pull_answers", "queries"),
    *("sequences", "redirects", "push", "waiting"),
)
"""Modules of this package, in the order in which they are run."""


def client_contracts() -> tuple[ClientSuiteContract, ...]:
    """Every contract, in the order in which they are run."""
    modules = [import_module(f"{__name__}.{area}") for area in AREAS]
    return tuple(value for module in modules for value in vars(module).values() if isinstance(value, Contract))


def judged_client_clauses() -> frozenset[str]:
    """Ids of the client clauses that at least one contract judges."""
    return frozenset(clause for contract in client_contracts() for clause in contract.clauses)
