"""The command `kobikom`: every command of this distribution under one name.

The commands of the emulator are its own; those of the judge and of the client are found as entry points of the group
`kobikom.commands`, because the packages do not import each other.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from importlib.metadata import EntryPoint, entry_points
from typing import Any, NoReturn

import click

from kobikom_emulator import cli
from kobikom_emulator.extras import how_to_install

EXTRAS: Mapping[str, str] = {
    "judge": "contracts",
    "fuzz": "contracts",
    "days": "contracts",
    "learn": "contracts",
    "proxy": "contracts",
}
"""The extra that a command needs."""


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit with its status."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    if words and (found := _entry_points().get(words[0])) is not None:
        sys.exit(_run(found, words[1:]))
    cli.run(commands, words, program="kobikom")


def _entry_points() -> dict[str, EntryPoint]:
    return {found.name: found for found in entry_points(group="kobikom.commands")}


def _run(found: EntryPoint, words: Sequence[str]) -> int:
    """Run a command of another package; 2 where a library of its extra is missing."""
    command = _load(found)
    if command is None:
        return cli.USAGE
    if isinstance(command, click.Command):
        command.main(words, prog_name=f"kobikom {found.name}")  # exits
    status: int = command(words)
    return status


def _load(found: EntryPoint) -> Any:
    try:
        return found.load()
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("kobikom_"):
            raise
        install = how_to_install(EXTRAS.get(found.name, ""))
        click.echo(f"kobikom: {found.name} needs {error.name}: {install}", err=True)
        return None


class AllCommands(click.Group):
    """The emulator's commands and those of the entry points, for help and completion."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Their names, sorted."""
        return sorted({*cli.commands.list_commands(ctx), *_entry_points()})

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One of them, None where there is none of this name."""
        own = cli.commands.get_command(ctx, cmd_name)
        if own is not None or (found := _entry_points().get(cmd_name)) is None:
            return own
        command = _load(found)
        if command is None or isinstance(command, click.Command):
            return command
        summary = (sys.modules[found.module].__doc__ or "").partition("\n")[0]
        return click.Command(cmd_name, short_help=summary)


@click.group(cls=AllCommands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kobikom-emulator")
def commands() -> None:
    """A fake Kobikom on your machine, a judge of servers and clients, and a client.

    Shell completion: see docs/commands.md.
    """
