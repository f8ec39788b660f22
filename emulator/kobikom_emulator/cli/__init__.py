"""The command line `kobikom-emulator`: serve, demo, store, readings, explain, config, ready, mcp.

Bad input gives one line on standard error and exit code 2, never a traceback. Each command imports what it needs when
it runs, so that `serve` starts fast.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from kobikom_emulator.cli import answers, running, serving, storing  # noqa: F401  # each adds its commands to the group
from kobikom_emulator.cli.group import USAGE, Problem, commands, run

__all__ = ["USAGE", "Problem", "commands", "main", "run"]


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 success, 1 the answer is no, 2 the command cannot be carried out as given."""
    run(commands, arguments, program="kobikom-emulator")
