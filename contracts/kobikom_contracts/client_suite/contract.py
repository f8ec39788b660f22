"""The decorator that makes a function a contract of the client suite."""

from __future__ import annotations

from collections.abc import Callable

from kobikom_contracts.client_suite.adapter_protocol import Capability
from kobikom_contracts.client_suite.session import ClientSession
from kobikom_contracts.core.contract import Contract, contract_of

Check = Callable[[ClientSession], None]
ClientSuiteContract = Contract[ClientSession]


def contract(*statements: str, needs: tuple[Capability, ...] = ()) -> Callable[[Check], ClientSuiteContract]:
    """Make a function of a :class:`ClientSession` a contract of some clauses for clients, its own first."""
    return lambda check: contract_of(check, statements, needs=needs)
