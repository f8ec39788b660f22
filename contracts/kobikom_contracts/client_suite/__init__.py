"""Law: the bench a client is judged at: a scripted server, an adapter protocol, rules, a judge.

:func:`judge_client` runs the rules against a client and returns a ``Run`` like the server's judge;
:class:`ClientContract` is the same inside somebody's own pytest suite. Names are resolved on first
use: importing this costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kobikom_contracts.client_suite.pytest_class import ClientContract
    from kobikom_contracts.client_suite.judge import judge_client

__all__ = ["ClientContract", "judge_client"]

_HOMES = {
    "ClientContract": "kobikom_contracts.client_suite.pytest_class",
    "judge_client": "kobikom_contracts.client_suite.judge",
}


def __getattr__(name: str) -> Any:
    """Import the module a public name lives in when the name is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
