"""The subcommands ``kobikom-contracts fuzz`` and ``kobikom-contracts days``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.core.command_line import FINE, VIOLATED, OneLineCommand, give_up, no_files_of_hypothesis

if TYPE_CHECKING:
    from kobikom_contracts.fuzz.campaign import Campaign, Result
    from kobikom_contracts.fuzz.run import Runner


def _wanted(_: click.Context, __: click.Parameter, value: str) -> str:
    """`all`, `single` or a number; a usage error for anything else."""
    if value in {"all", "single"} or (value.isdigit() and int(value) > 0):
        return value
    raise click.BadParameter(f"{value!r} is neither all nor single nor a number of days")


@click.command(cls=OneLineCommand)
@click.option(
    "--days",
    "wanted",
    metavar="all|single|N",
    callback=_wanted,
    default="all",
    show_default=True,
    help="The catalogue and a hundred drawn days, the catalogue alone, or so many days.",
)
@click.option("--seed", type=click.IntRange(0), default=0, show_default=True, help="Decides what is drawn.")
@click.option("--jobs", type=click.IntRange(1), default=1, show_default=True, help="Days that are tried at a time.")
@click.option(
    "--save",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Write the smallest day of each failure into this folder.",
)
@click.option(
    "--replay",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Run the command once, on the day in this file.",
)
@click.option("--url", default="", metavar="URL", help="An emulator that runs; without, one is started.")
@click.option("--token", default="", envvar="KOBIKOM_CONTROL__TOKEN", help="The token of its control API.")
@click.option(
    "--clock",
    default="",
    metavar="INSTANT|running",
    help="Where the clock of each space stands still at first [2026-01-31T09:00:00+03:00].",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0.1),
    metavar="SECONDS",
    help="How long a run may take [ten times the ordinary day, at least 10 s].",
)
@click.option("--strict", is_flag=True, help="What the emulator only remarks on is a failure too.")
@click.option("--language", type=click.Choice(["en", "tr"]), default="en", show_default=True)
@click.option("--quiet", is_flag=True, help="Print no line for each day.")
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def fuzz(**options: Any) -> None:  # fmt: skip
    """Run a test COMMAND, in any language, on one day of the service after another.

    Each run has a fresh space; the command finds it in KOBIKOM_URL, KOBIKOM_USER, KOBIKOM_PASSWORD and KOBIKOM_CONTROL
    and must exit with 0 on an ordinary day. A day on which it fails is shrunk, told in sentences and printed as a file.
    """
    from kobikom_contracts.control import ControlError
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.fuzz.run import Runner
    from kobikom_contracts.fuzz.server import emulator
    from kobikom_contracts.fuzz.space import START

    try:
        with no_files_of_hypothesis(), emulator(options["url"]) as url:
            runner = Runner(
                options["command"],
                url,
                options["token"],
                options["clock"] or START,
                options["timeout"] or 60.0,
                options["strict"],
            )
            status = _replay(runner, options) if options["replay"] else _fuzz(runner, options)
    except (CannotRun, ControlError) as error:
        give_up(str(error))
    sys.exit(status)


def _fuzz(runner: Runner, options: dict[str, Any]) -> int:
    from dataclasses import replace

    from kobikom_contracts.fuzz.campaign import Campaign, ordinary_run
    from kobikom_contracts.fuzz.plan import trials
    from kobikom_contracts.fuzz.report import progress

    ordinary = ordinary_run(runner)
    if options["timeout"] is None:
        runner = replace(runner, timeout=max(10.0, 10 * ordinary.seconds))
    campaign = Campaign(runner, ordinary)

    def watch(result: Result) -> None:
        if not options["quiet"]:
            click.echo(progress(result, done=len(campaign.results)), err=True)

    chosen = trials(options["wanted"], ordinary.seen.operations, seed=options["seed"])
    campaign.run(chosen, jobs=options["jobs"], watch=watch)
    return _report(campaign, options)


def _report(campaign: Campaign, options: dict[str, Any]) -> int:
    from kobikom_contracts.fuzz.report import failure_lines, save, summary_lines

    for result in campaign.failures:
        file = save(result.document, options["save"]) if options["save"] else None
        click.echo("\n".join([*failure_lines(result, options["language"], file=file), ""]))
    for result in campaign.results:
        if result.flaky:
            click.echo(f"{result.trial.name}: flaky, {result.run.outcome} once and then not again in the same way\n")
    click.echo("\n".join(summary_lines(campaign)))
    return VIOLATED if campaign.failures else FINE


def _replay(runner: Runner, options: dict[str, Any]) -> int:
    from kobikom_contracts.catalogue.sentences import tell
    from kobikom_contracts.fuzz.campaign import ordinary_run
    from kobikom_contracts.fuzz.report import run_lines
    from kobikom_contracts.scenario import Scenario

    try:
        document = Scenario.from_file(options["replay"].read_text("utf-8")).document()
    except (ValueError, OSError) as error:
        give_up(f"{options['replay']}: {error}")
    run = runner.run(document, ordinary_run(runner).seen)
    click.echo("\n".join([*tell(document, options["language"]), f"the command {run.outcome}", *run_lines(run)]))
    return VIOLATED if run.bad else FINE


@click.command("days", cls=OneLineCommand)
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="Write a file for each day."
)
@click.option("--operations", default="send,pull,titles,balance", show_default=True, metavar="NAME,…")
@click.option("--kinds", default="", metavar="NAME,…", help="Only days of these kinds.")
@click.option("--language", type=click.Choice(["en", "tr"]), default="en", show_default=True)
def days_command(*, out: Path | None, operations: str, kinds: str, language: str) -> None:
    """List the catalogue of days, or write it as scenario files for parametrised tests in any language."""
    from kobikom_contracts.catalogue.all_days import days
    from kobikom_contracts.fuzz.report import save

    try:
        chosen = days(operations=_names(operations), kinds=_names(kinds))
    except ValueError as error:
        give_up(str(error))
    for day in chosen:
        if out is None:
            click.echo(f"{day.name}: {day.turkish if language == 'tr' else day.sentence}")
        else:
            save(day.document(), out)
    if out is not None:
        index = [{"name": day.name, "kind": day.kind, "different": day.different, "operations": day.operations,
                  "sentence": day.sentence, "turkish": day.turkish} for day in chosen]  # fmt: skip
        (out / "index.json").write_text(json.dumps(index, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
        click.echo(f"{len(chosen)} days in {out}, and index.json, which says the kind of each")


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]
