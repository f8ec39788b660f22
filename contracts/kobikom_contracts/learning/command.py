"""The subcommand ``kobikom-contracts trace``: judges recordings, and says which readings they show."""

from __future__ import annotations

import json
import shlex
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kobikom_contracts.core.command import FILE, fail_on, judge_and_report, selected
from kobikom_contracts.core.command_line import OneLineCommand, note

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict
    from kobikom_contracts.learning.result import Learned
    from kobikom_contracts.trace.judge import Judgement, Recordings


def _clauses() -> Collection[str]:
    """The ids of the clauses that are judged."""
    from kobikom_contracts.trace.judge import chosen_clauses

    return chosen_clauses([])


@click.command(cls=OneLineCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--only", default="", metavar="ID,…", help="Clauses or areas, such as S-10,R,K.")
@click.option(
    "--exclusive",
    is_flag=True,
    help="Only the recorded requests changed the accounts' balances: charges are evidence, too.",
)
@click.option("--partial", is_flag=True, help="Read the whole entries of a file whose end is missing.")
@fail_on(_clauses)
@click.option("--strict", is_flag=True, help="Statements that the vendor's page does not say bind, too.")
@click.option("--out", type=FILE, metavar="FILE", help="Write a [readings] table for serve --config.")
@click.option("--evidence", type=FILE, metavar="FILE", help="Write what excludes each value of a reading, as JSON.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def trace(**options: Any) -> NoReturn:
    """Judge the exchanges of recordings (HAR), and say which readings the service follows.

    Several files are read as one recording, in time order.
    """
    from kobikom_contracts.learning.result import as_json, readings_toml
    from kobikom_contracts.trace.judge import judge_recordings

    judgements: list[Judgement] = []

    def judge(_: Watch) -> Run:
        recordings = read_recordings(options["files"], partial=options["partial"])
        judgement = judge_recordings(
            recordings, only=selected(options["only"]), exclusive=options["exclusive"], strict=options["strict"]
        )
        judgements.append(judgement)
        return judgement.run

    def write(_: Run) -> None:
        learned = judgements[0].learned
        # Files before the lines: a pipe may be closed early.
        if options["out"] is not None:
            options["out"].write_text(readings_toml(learned), encoding="utf-8")
        if options["evidence"] is not None:
            document = json.dumps(as_json(learned), ensure_ascii=False, indent=2)
            options["evidence"].write_text(document + "\n", encoding="utf-8")
        for line in _lines(learned):
            click.echo(line)

    def alone(verdict: Verdict) -> str:
        words = ["kobikom-contracts", "trace", *map(str, options["files"]), "--only", verdict.clause.id]
        return shlex.join([*words, *(f"--{flag}" for flag in ("exclusive", "partial", "strict") if options[flag])])

    judge_and_report(judge, options, alone, more=write, statements=True)


def read_recordings(files: Collection[Path], *, partial: bool) -> Recordings:
    """The recordings of some files as one; raises ``CannotRun`` where one cannot be read or none is of the API."""
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.learning.decoded import decoded
    from kobikom_contracts.recording.har_files import read_har
    from kobikom_contracts.trace.judge import recordings_of

    read = {str(path): read_har(path) for path in files}
    notes = [note for recording in read.values() for note in recording.notes]
    if notes and not partial:
        raise CannotRun(f"{notes[0]} with --partial")
    for line in notes:
        note(line)
    for name, recording in read.items():
        if not decoded(recording.exchanges):
            raise CannotRun(f"{name}: none of its {len(recording.exchanges)} entries is of …/api/sendsms/xml/")
    return recordings_of({name: recording.exchanges for name, recording in read.items()})


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
