"""The commands about what a server keeps everything in: store info, export, import and vacuum."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from kobikom_emulator.cli.group import Problem, commands
from kobikom_emulator.cli.options import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kobikom_emulator.store_files import FileView


@commands.group()
def store() -> None:
    """Look at the file or database of serve --store, and take the spaces in it out and in."""


_file = click.argument("file", metavar="FILE", type=click.Path())
_space = click.option("--space", default="default", metavar="NAME", help="Which space [default].")


@store.command()
@_file
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def info(*, file: str, as_json: bool) -> None:
    """What is in FILE: its version, its size, its spaces, and whether a server has it open. Changes nothing."""
    import msgspec

    from kobikom_emulator.store_files import UnusableStore, show

    try:
        view = show(file)
    except UnusableStore as error:
        raise Problem(str(error)) from None
    if as_json:
        click.echo(msgspec.json.encode(view).decode())
    else:
        click.echo("\n".join(_lines(view)))


def _lines(view: FileView) -> Sequence[str]:
    use = "a server has it open" if view.in_use else "no server has it open"
    rows = [("space", "messages", "accounts", "clock")]
    for space in view.spaces:
        state = "" if not space.clock.frozen else ", frozen"
        time = space.clock.now.isoformat(timespec="seconds")
        rows.append((space.name, f"{space.messages:,}", str(space.accounts), time + state))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    table = ["  ".join((*map(str.ljust, row, widths), row[3])) for row in rows]
    return [f"version {view.version}, {view.bytes:,} bytes, {use}", *(table if view.spaces else ["no spaces yet"])]


@store.command("export")
@_file
@_space
@click.option("--out", default="-", metavar="FILE", type=click.Path(), help="Where to write it [standard output].")
def export_space(*, file: str, space: str, out: str) -> None:
    """Write the state of a space in FILE as JSON, as GET …/state of a server gives it. No server may have FILE
    open; the URL of a database works at any time.
    """
    import asyncio

    from kobikom_emulator.operations.errors import OperationError
    from kobikom_emulator.store_files import UnusableStore, export_state, shown

    try:
        pieces = asyncio.run(export_state(file, space))
    except UnusableStore as error:
        raise Problem(str(error)) from None
    except OperationError as error:
        raise Problem(f"{shown(file)}: {error.detail}") from None
    if out == "-":
        for piece in pieces:
            click.echo(piece, nl=False)
        return
    try:
        with os.fdopen(os.open(out, _NEW_FILE, 0o600), "wb") as written:  # nobody else can read it: it has passwords
            written.writelines(pieces)
    except OSError as error:
        raise Problem(f"cannot write {out}: {error.strerror}") from None


_NEW_FILE = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0)


@store.command("import")
@_file
@click.argument("state", metavar="STATE", type=click.Path())
@_space
def import_space(*, file: str, state: str, space: str) -> None:
    """Replace everything in a space of FILE by the exported state in STATE (- for standard input). No server may have
    FILE open; in a database, whose URL works at any time, the servers go on with the new state.
    """
    import asyncio

    from kobikom_emulator.operations.errors import NotFound, OperationError
    from kobikom_emulator.store_files import UnusableStore, import_state, shown

    document = sys.stdin.buffer.read() if state == "-" else read(state)
    try:
        asyncio.run(import_state(file, space, document))
    except UnusableStore as error:
        raise Problem(str(error)) from None
    except NotFound as error:
        raise Problem(f"{shown(file)}: {error.detail}") from None
    except OperationError as error:
        raise Problem(f"{state}: {error.detail}") from None


@store.command()
@_file
def vacuum(*, file: str) -> None:
    """Make FILE smaller, and overwrite what was deleted. No server may have it open."""
    from kobikom_emulator.store_files import UnusableStore, shrink

    try:
        before, after = shrink(file)
    except UnusableStore as error:
        raise Problem(str(error)) from None
    click.echo(f"{before:,} bytes before, {after:,} bytes after")
