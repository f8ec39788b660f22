"""Judges of Kobikom SMS servers and clients, and Hypothesis strategies for the API.

:func:`judge_server` runs the server suite against a :class:`Target`, :func:`judge_client` the client suite
against a client; each returns a :class:`Run`. :class:`ClientContract` is the latter as a pytest class.
:mod:`kobikom_contracts.strategies` has the strategies, :func:`days` is the catalogue of days on which one thing is
wrong, :func:`scenarios` draws whole scenarios of faults.
Names are resolved on first use, so that importing the package, which pytest does, costs nothing.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from kobikom_contracts.catalogue.all_days import days
    from kobikom_contracts.catalogue.day import Day
    from kobikom_contracts.catalogue.drawing import scenarios
    from kobikom_contracts.client_suite.judge import judge_client
    from kobikom_contracts.client_suite.pytest_class import ClientContract
    from kobikom_contracts.core.verdicts import Run, Verdict
    from kobikom_contracts.scenario import Scenario
    from kobikom_contracts.server_suite.judge import judge_server
    from kobikom_contracts.server_suite.target import Target

__all__ = [
    "ClientContract",
    "Day",
    "Run",
    "Scenario",
    "Target",
    "Verdict",
    "days",
    "judge_client",
    "judge_server",
    "scenarios",
]

_MODULES = {
    "ClientContract": "kobikom_contracts.client_suite.pytest_class",
    "Day": "kobikom_contracts.catalogue.day",
    "Run": "kobikom_contracts.core.verdicts",
    "Scenario": "kobikom_contracts.scenario",
    "Target": "kobikom_contracts.server_suite.target",
    "Verdict": "kobikom_contracts.core.verdicts",
    "days": "kobikom_contracts.catalogue.all_days",
    "judge_client": "kobikom_contracts.client_suite.judge",
    "judge_server": "kobikom_contracts.server_suite.judge",
    "scenarios": "kobikom_contracts.catalogue.drawing",
}

_EXTRA = ("faker", "hypothesis", "pytest")
"""What the extra `contracts` installs."""


def __getattr__(name: str) -> Any:
    """Import the module of a public name when the name is first used."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    try:
        module = import_module(_MODULES[name])
    except ModuleNotFoundError as missing:
        if missing.name not in _EXTRA:
            raise
        raise ImportError(
            f"kobikom_contracts.{name} needs {missing.name}: python -m pip install {missing.name}",
            name=missing.name,
        ) from missing
    return getattr(module, name)
