"""A Hypothesis state machine to subclass: steps between the calls of a program, and while one is in flight."""

from __future__ import annotations

try:
    import hypothesis as _hypothesis  # noqa: F401  # asked for here, so that the error says how to install it
except ModuleNotFoundError as missing:
    if missing.name != "hypothesis":
        raise
    raise ModuleNotFoundError(
        "KobikomMachine needs Hypothesis: python -m pip install hypothesis", name=missing.name
    ) from None

from kobikom_emulator.machine.calls import CallTooLong
from kobikom_emulator.machine.rules import KobikomMachine

__all__ = ["CallTooLong", "KobikomMachine"]
