"""The subcommand ``kobikom-contracts client``."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.core.command import FILE, TIMEOUT, fail_on, judge_and_report, selected
from kobikom_contracts.core.command_line import OneLineCommand

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict


SILENCE = 40.0


def _clauses() -> Collection[str]:
    """The ids of the clauses that are judged."""
    from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES

    return CLIENT_CLAUSES


@click.command(cls=OneLineCommand)
@click.option("--command", metavar='"PROGRAM ARG…"', help="The adapter to run, split into words as a shell does.")
@click.option(
    "--run",
    "program",
    metavar='"PROGRAM ARG…"',
    help="Without an adapter: a program that sends messages to the address in KOBIKOM_URL; it is run several times.",
)
@click.option("--env", "names", multiple=True, metavar="NAME", help="With --run: another variable for the address.")
@click.option("--upstream", metavar="URL", help="With --run: the server that gives the correct answers.")
@click.option(
    "--lines", type=click.Choice(["json", "form"]), default="json", show_default=True, help="The adapter's lines."
)
@click.option("--profile", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides every draw.")
@click.option("--only", default="", metavar="ID,…", help="Clauses, such as K-22, or S-22 for what follows from it.")
@fail_on(_clauses)
@click.option("--strict", is_flag=True, help="Statements that the vendor's page does not say bind the client.")
@click.option(
    "--patience", type=click.FloatRange(0.1), default=TIMEOUT, show_default=True, help="Seconds a call may take."
)
@click.option(
    "--silence",
    type=click.FloatRange(0.1),
    default=SILENCE,
    show_default=True,
    help="Seconds after which a call without a timeout has not given up.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(0, min_open=True),
    help="Seconds after which the run ends with what it has found.",
)
@click.option("--schema", is_flag=True, help="Print the adapter protocol's JSON Schema and exit.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def client(**options: Any) -> None:
    """Judge a client: behind an adapter, one line in and one line out, or by what a program writes."""
    from kobikom_contracts.client_suite.adapter_schema import shipped_schema
    from kobikom_contracts.client_suite.form_lines import FORMATS
    from kobikom_contracts.client_suite.judge import judge_client
    from kobikom_contracts.client_suite.program_judge import judge_program

    if options["schema"]:
        click.echo(shipped_schema(), nl=False)
        return
    if bool(options["command"]) == bool(options["program"]):
        raise click.UsageError("Name an adapter with --command, or a program with --run.")
    if options["command"] and (options["names"] or options["upstream"]):
        raise click.UsageError("--env and --upstream belong to --run.")

    def judge(watch: Watch) -> Run:
        shared = {
            "profile": options["profile"],
            "seed": options["seed"],
            "only": selected(options["only"]),
            "strict": options["strict"],
            "patience": options["patience"],
            "silence": options["silence"],
            "max_time": options["max_time"],
            "watch": watch,
        }
        if options["program"]:
            return judge_program(options["program"], names=options["names"], upstream=options["upstream"], **shared)
        return judge_client(options["command"], lines=FORMATS[options["lines"]], **shared)

    judge_and_report(judge, options, lambda verdict: _alone(options, verdict))


def _alone(options: Mapping[str, Any], verdict: Verdict) -> str:
    """The command that judges one clause again."""
    words = ["kobikom-contracts", "client"]
    if options["program"]:
        words += ["--run", options["program"], *(word for name in options["names"] for word in ("--env", name))]
        words += ["--upstream", options["upstream"]] if options["upstream"] else []
    else:
        words += ["--command", options["command"], *(["--lines", "form"] if options["lines"] == "form" else [])]
    words += ["--profile", options["profile"], "--seed", str(options["seed"])]
    words += ["--only", verdict.clause.id, *(["--strict"] if options["strict"] else [])]
    words += ["--patience", str(options["patience"])] if options["patience"] != TIMEOUT else []
    words += ["--silence", str(options["silence"])] if options["silence"] != SILENCE else []
    return shlex.join(words)
