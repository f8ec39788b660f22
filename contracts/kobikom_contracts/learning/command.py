"""The subcommand ``kobikom-contracts trace``: what recordings say about the readings of a service."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kobikom_contracts.core.command import FILE, FINE, VIOLATED, give_up

if TYPE_CHECKING:
    from kobikom_contracts.learning.result import Learned


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", type=FILE, metavar="FILE", help="Write a [readings] table for serve --config.")
@click.option(
    "--exclusive",
    is_flag=True,
    help="Only the recorded requests changed the accounts' balances: charges are evidence, too.",
)
@click.option("--json", "json_shown", is_flag=True, help="Print JSON.")
def trace(*, files: tuple[Path, ...], out: Path | None, exclusive: bool, json_shown: bool) -> None:
    """Say which readings the service of some recordings (HAR) follows, and which exchange shows it.

    Several files are read as one recording, in time order. Exit status 1: exchanges contradict each other.
    """
    from kobikom_contracts.learning.result import State, as_json, readings_toml
    from kobikom_contracts.learning.trace import learn_from_files
    from kobikom_contracts.recording.har_files import UnreadableHar

    try:
        result, notes = learn_from_files(files, exclusive=exclusive)
    except UnreadableHar as error:
        give_up(str(error))
    for note in notes:
        click.echo(f"kobikom-contracts: {note}", err=True)
    if out is not None:  # before the lines: a pipe may be closed early
        try:
            out.write_text(readings_toml(result), encoding="utf-8")
        except OSError as error:
            give_up(f"cannot write {out}: {error.strerror or error}")
    if json_shown:
        click.echo(json.dumps(as_json(result), ensure_ascii=False, indent=2))
    else:
        for line in _lines(result):
            click.echo(line)
    contradictory = any(one.state is State.CONTRADICTION for one in result.values)
    sys.exit(VIOLATED if contradictory else FINE)


def _lines(result: Learned) -> Iterator[str]:
    from kobikom_contracts.learning.result import State, reasons

    width = max(len(one.reading.name) for one in result.values)
    for one in result.values:
        match one.state:
            case State.DECIDED:
                yield f"{one.reading.name:{width}}  decided: {one.left[0]} ({one.reading.values[one.left[0]]})"
            case State.OPEN:
                yield f"{one.reading.name:{width}}  open: {', '.join(one.left)}"
                yield f"    decided by {one.reading.decided_by}"
            case State.CONTRADICTION:
                yield f"{one.reading.name:{width}}  contradiction: no value fits everything seen"
        for line in reasons(result, one):
            yield f"    {line}"
    yield f"{len(result.decided)} of {len(result.values)} readings are decided."
