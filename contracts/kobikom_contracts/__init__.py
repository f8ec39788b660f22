"""Law: the judge of any Kobikom SMS server or client; imports neither the emulator nor the client.

The public surface is small: :func:`judge_server` runs the contracts against a :class:`Target`,
:func:`judge_client` the rules against a client, each returns a :class:`Run`; :class:`ClientContract` is
the latter to subclass in a test suite. :mod:`kobikom_contracts.strategies` holds the Hypothesis
strategies, and :func:`scenarios` draws bad days for an integration. All else is reached through its own
module. Names are resolved on first use, so that importing the package (which pytest does to look for
plugins and tests) costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kobikom_contracts.client_suite.pytest_class import ClientContract
    from kobikom_contracts.client_suite.judge import judge_client
    from kobikom_contracts.server_suite.judge import judge_server
    from kobikom_contracts.scenario import Scenario, scenarios
    from kobikom_contracts.server_suite.target import Target
    from kobikom_contracts.core.verdicts import Run, Verdict

__all__ = ["ClientContract", "Run", "Scenario", "Target", "Verdict", "judge_client", "judge_server", "scenarios"]

_HOMES = {
    "ClientContract": "kobikom_contracts.client_suite.pytest_class",
    "Run": "kobikom_contracts.core.verdicts",
    "Scenario": "kobikom_contracts.scenario",
    "Target": "kobikom_contracts.server_suite.target",
    "Verdict": "kobikom_contracts.core.verdicts",
    "judge_client": "kobikom_contracts.client_suite.judge",
    "judge_server": "kobikom_contracts.server_suite.judge",
    "scenarios": "kobikom_contracts.scenario",
}


def __getattr__(name: str) -> Any:
    """Import the module a public name lives in when the name is first asked for."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
