"""The group of commands, how it ends, and what it prints."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

USAGE = 2


def run(group: click.Group, arguments: Sequence[str] | None, *, program: str) -> NoReturn:
    """Run a command of a group under a program's name, and exit."""
    try:
        code = group.main(arguments, prog_name=program, standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"{program}: {error.format_message()}", err=True)
        sys.exit(USAGE)
    except click.exceptions.Abort:
        sys.exit(130)
    except OSError as error:  # of standard output: those of files and sockets are Problems
        _give_up_output()
        click.echo(f"{program}: cannot write the output: {error.strerror or error}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _give_up_output() -> None:
    """Point standard output at nothing, or Python would try to write the rest when it ends, with a traceback."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def announce(*lines: str) -> None:
    """Print lines at once; a server whose output is closed or full goes on without it."""
    try:
        for line in lines:
            click.echo(line)
    except OSError as error:
        _give_up_output()
        logging.getLogger("kobikom_emulator").warning("cannot write to standard output: %s", error.strerror or error)


class Problem(click.ClickException):
    """An error that the user can correct; its message is one line."""

    exit_code = USAGE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kobikom-emulator")
def commands() -> None:
    """A fake Kobikom: the SMS provider's XML API on your machine."""
