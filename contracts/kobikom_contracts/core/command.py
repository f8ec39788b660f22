"""What the subcommands ``server`` and ``client`` share: options, exit statuses, running and reporting."""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kobikom_contracts.core.command_line import FINE, INCOMPLETE, VIOLATED, give_up, no_files_of_hypothesis

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict

TIMEOUT = 10.0
SECRETS = frozenset({"accounts", "password", "second_password", "token"})


class ReportFile(click.Path):
    """A file to write a report to; that its folder exists is checked before the run."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The path; a usage error when its folder does not exist."""
        path = Path(str(super().convert(value, param, ctx)))
        if not path.parent.is_dir():
            self.fail(f"the folder {str(path.parent)!r} does not exist", param, ctx)
        return path


@dataclass(frozen=True, slots=True)
class FailOn:
    """An outcome that makes a run fail, of any clause or of those that are named."""

    outcome: str
    clauses: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.outcome}={','.join(self.clauses)}" if self.clauses else self.outcome

    def found_in(self, run: Run) -> bool:
        """Whether a clause ended so; of those named, whether a clause or statement did."""
        ended = {name for name, outcome in run.outcomes() if outcome == self.outcome}
        wanted = self.clauses or [verdict.clause.id for verdict in run.verdicts]
        return not ended.isdisjoint(wanted)


class FailOnOption(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """The value of `--fail-on`: OUTCOME or OUTCOME=ID,…; `clauses` gives the ids there are."""

    name = "outcome"

    def __init__(self, clauses: Callable[[], Collection[str]]) -> None:
        self._clauses = clauses

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> FailOn:
        """The value; a usage error for an outcome or id that does not exist."""
        if isinstance(value, FailOn):
            return value
        outcome, _, ids = str(value).partition("=")
        outcome = outcome.replace("_", "-")
        if outcome not in FAIL_ON:
            self.fail(f"{outcome!r} is not one of the outcomes: choose from {', '.join(FAIL_ON)}", param, ctx)
        names = tuple(selected(ids))
        known = self._clauses()
        if unknown := [name for name in names if name.partition(".")[0] not in known]:
            self.fail(f"clause {unknown[0]!r} does not exist; the clauses are {', '.join(known)}", param, ctx)
        return FailOn(outcome, names)


FAIL_ON = ("not-checkable", "differs")


def fail_on(clauses: Callable[[], Collection[str]]) -> Callable[[Any], Any]:
    """The option `--fail-on`; `clauses` gives the ids of the clauses that the command judges."""
    return click.option(
        "--fail-on",
        type=FailOnOption(clauses),
        multiple=True,
        metavar="OUTCOME[=ID,…]",
        help="Exit with 1 too where a clause or statement is not-checkable or differs; of those named, where some are.",
    )


FILE = ReportFile(dir_okay=False, writable=True)


def selected(text: str) -> list[str]:
    """The names of a list separated by commas."""
    return [name for name in text.split(",") if name.strip()]


def judge_and_report(
    judge: Callable[[Watch], Run],
    options: Mapping[str, Any],
    command: Callable[[Verdict], str],
    *,
    more: Callable[[Run], object] | None = None,
    statements: bool = False,
) -> NoReturn:
    """Judge, write the reports asked for, show the run on the terminal, and exit.

    ``judge`` is given the function to call after each contract; ``command`` returns the command that
    judges one clause again; ``more`` writes what else was asked for. A report that cannot be written
    keeps none of the others from being written. ``statements``: the terminal shows each statement that was seen.
    """
    from kobikom_contracts.clauses import UnknownName
    from kobikom_contracts.control import ControlError
    from kobikom_contracts.core.ending import Interruption, RunEnded
    from kobikom_contracts.core.report.terminal import Terminal
    from kobikom_contracts.core.verdicts import CannotRun

    terminal = Terminal(sys.stdout, statements=statements)
    with Interruption() as interruption, no_files_of_hypothesis():
        try:
            run = judge(terminal.watch)
        except (UnknownName, ControlError, CannotRun) as error:
            give_up(str(error))
        except RunEnded as ended:
            give_up(str(ended), status=interruption.status)
    run = replace(run, options=_shown(options))
    unwritten = write_reports(run, options, command)
    if more is not None:
        try:
            more(run)
        except OSError as error:
            unwritten.append(error)
    terminal.finish(run, command)
    if unwritten:
        give_up("; ".join(map(str, unwritten)))
    status = interruption.status or exit_status(run, strict=options["strict"])
    if not status and not run.checked:
        give_up("nothing could be checked: see the reasons above")
    if not status and (missed := [one for one in options["fail_on"] if one.found_in(run)]):
        give_up(f"--fail-on {', '.join(map(str, missed))}: see above", status=VIOLATED)
    sys.exit(status)


def _shown(options: Mapping[str, Any]) -> dict[str, object]:
    """The options as a report shows them: without secrets, and without those that were not given."""
    kept = {
        name: value for name, value in options.items() if name not in SECRETS and value not in (None, "", (), False)
    }
    return {name: value if isinstance(value, str | int | float) else str(value) for name, value in kept.items()}


def exit_status(run: Run, *, strict: bool) -> int:
    """The exit status of a run; that it ended early, or that the judge crashed, outweighs a violation."""
    if run.crashed or run.ended:
        return INCOMPLETE
    return VIOLATED if run.failed(strict=strict) else FINE


def write_reports(run: Run, options: Mapping[str, Any], command: Callable[[Verdict], str]) -> list[OSError]:
    """Write every report asked for; the errors of those that could not be written."""
    from kobikom_contracts.core.report.html import html_report
    from kobikom_contracts.core.report.machine import json_report, junit_report

    renderers: dict[str, Callable[[], str]] = {
        "json_file": lambda: json_report(run),
        "junit_file": lambda: junit_report(run, command),
        "html_file": lambda: html_report(run, command),
    }
    errors = []
    for option, render in renderers.items():
        try:
            if options[option]:
                options[option].write_text(render(), encoding="utf-8")
        except OSError as error:
            errors.append(error)
    return errors
