"""What is judged of written requests when nothing else is known of their client."""

from __future__ import annotations

from collections.abc import Callable

from kobikom_contracts.client_suite.wire_session import WireSession
from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.core.verdicts import NotCheckable

Check = Callable[[WireSession], None]


def contract(*statements: str) -> Callable[[Check], Contract[WireSession]]:
    """Make a function of a :class:`WireSession` a contract of some clauses for clients, its own first."""
    return lambda check: contract_of(check, statements, needs=())


@contract("K-01", "K-02", "K-03", "K-07")
def requests_as_documented(session: WireSession) -> None:
    """Every request is one that the page documents."""
    if not session.requests:
        raise NotCheckable("no request was written to the judge's address")
    session.examples = session.requests


@contract("K-11", "K-12", "K-40")
def texts_as_documented(session: WireSession) -> None:
    """Every text names its alphabet and its length, and takes no more parts than it must."""
    if not session.sends:
        raise NotCheckable("no send was written to the judge's address")
    session.examples = session.sends
