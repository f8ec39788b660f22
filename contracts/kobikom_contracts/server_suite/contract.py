"""The decorator that makes a function a contract of the server suite."""

from __future__ import annotations

from collections.abc import Callable

from kobikom_contracts.core.contract import Contract, contract_of
from kobikom_contracts.server_suite.session import ServerSession
from kobikom_contracts.server_suite.target import Need

Check = Callable[[ServerSession], None]
ServerSuiteContract = Contract[ServerSession]


def contract(
    *statements: str, needs: tuple[Need, ...] = (), credit: int = 0, wrong_logins: int = 0
) -> Callable[[Check], ServerSuiteContract]:
    """Make a function of a :class:`ServerSession` a contract of some statements, its own first.

    ``credit``: the most parts it sends. ``wrong_logins``: how often it tries the account's user with another
    password where that may lock the account. A contract that spends credit, or needs a delivery, needs
    :attr:`Need.SEND` without saying so.
    """

    def decorate(check: Check) -> ServerSuiteContract:
        implied = {Need.SEND} if credit or Need.DELIVERY in needs else set()
        return contract_of(
            check, statements, needs=tuple(sorted({*needs, *implied})), spends=credit, wrong_logins=wrong_logins
        )

    return decorate
