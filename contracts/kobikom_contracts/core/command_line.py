"""How the commands end and what they say on standard error: one line, in the name that they were called by."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from typing import Any, NoReturn

import click

FINE, VIOLATED, UNABLE, INCOMPLETE = 0, 1, 2, 3
"""Exit statuses: nothing violated; a clause violated; could not run; ended early, or the judge crashed on a clause.

A run that a signal ended exits with 128 and the signal's number, as a shell says it.
"""

EXTRA = frozenset({"faker", "hypothesis", "pytest"})
"""What the extra `contracts` installs; the commands exist without it."""

PROGRAM = "kobikom-contracts"


class OneLineCommand(click.Command):
    """A command that reports a wrong option, a missing library, or an output that cannot be written, in one line. It is
    a subcommand, or a program of its own as `kobikom learn` is.
    """

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        self.context_settings.setdefault("help_option_names", ["-h", "--help"])

    def main(self, *arguments: Any, **more: Any) -> Any:
        """Run the command; exit 2 where standard output is closed or full."""
        if sys.stdout is None:  # closed before the command began
            sys.stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
        try:
            try:
                return super().main(*arguments, **more)
            finally:
                sys.stdout.flush()
        except OSError as error:
            give_up_output()
            name = str(more.get("prog_name") or "")  # click has closed the context, which has it, too
            give_up(f"cannot write {error.filename or 'the output'}: {error.strerror or error}", program=name)

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        """Read the options; exit 2 for one that cannot be used. A group without a word shows its help."""
        if not args and isinstance(self, click.Group):
            return super().make_context(info_name, args, parent, **extra)
        try:
            return super().make_context(info_name, args, parent, **extra)
        except click.UsageError as error:
            give_up(" ".join(error.format_message().split()), context=error.ctx)

    def invoke(self, ctx: click.Context) -> Any:
        """Run it; exit 2 for a subcommand there is not, or a library that is not installed."""
        try:
            return super().invoke(ctx)
        except click.UsageError as error:
            give_up(" ".join(error.format_message().split()), context=error.ctx)
        except ModuleNotFoundError as error:
            library = (error.name or "").partition(".")[0]
            if library not in EXTRA:
                raise
            install = f"{sys.executable} -m pip install {' '.join(sorted(EXTRA))}"
            give_up(f"this needs {library}: {install}", context=ctx)


class OneLineGroup(OneLineCommand, click.Group):
    """A group of such commands."""


@contextmanager
def no_files_of_hypothesis() -> Iterator[None]:
    """Keep Hypothesis from writing its caches to `.hypothesis` in the caller's folder, in this process alone: a program
    under test keeps its own. A folder that the caller chose is used.
    """
    if os.environ.get("HYPOTHESIS_STORAGE_DIRECTORY") or find_spec("hypothesis") is None:
        yield
        return
    from hypothesis.configuration import set_hypothesis_home_dir

    set_hypothesis_home_dir(os.devnull)  # no folder can be made there, and Hypothesis goes on without
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)


def give_up_output() -> None:
    """Point standard output at nothing, or Python would write the rest of it at the end, with a traceback."""
    with suppress(OSError, ValueError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def note(text: str, *, context: click.Context | None = None, program: str = "") -> None:
    """Say something in one line on standard error, after the name of the program (`kobikom learn`)."""
    context = context or click.get_current_context(silent=True)
    program = program or (context.find_root().info_name if context is not None else None) or ""
    click.echo(f"{program or PROGRAM}: {text}", err=True)


def give_up(reason: str, *, status: int = UNABLE, context: click.Context | None = None, program: str = "") -> NoReturn:
    """Say in one line on standard error why the command cannot run, and exit, with 2 unless told otherwise."""
    note(reason, context=context, program=program)
    sys.exit(status)
