"""The subcommand ``kobikom-contracts client``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.core.command import FILE, TIMEOUT, judge_and_report, selected

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict


@click.command()
@click.option("--command", metavar='"PROGRAM ARG…"', help="The adapter to run, split into words as a shell does.")
@click.option("--profile", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides every draw.")
@click.option("--only", default="", metavar="ID,…", help="Clauses, such as K-22, or S-22 for what follows from it.")
@click.option("--strict", is_flag=True, help="Statements that the vendor's page does not say bind the client.")
@click.option(
    "--patience", type=click.FloatRange(0.1), default=TIMEOUT, show_default=True, help="Seconds a call may take."
)
@click.option("--schema", is_flag=True, help="Print the adapter protocol's JSON Schema and exit.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def client(**options: Any) -> None:
    """Judge a client, any program behind an adapter: one JSON object a line in, one a line out."""
    from kobikom_contracts.client_suite.adapter_schema import shipped_schema
    from kobikom_contracts.client_suite.judge import judge_client

    if options["schema"]:
        click.echo(shipped_schema(), nl=False)
        return
    if not options["command"]:
        raise click.UsageError("Missing option '--command'.")

    def judge(watch: Watch) -> Run:
        return judge_client(
            options["command"],
            profile=options["profile"],
            seed=options["seed"],
            only=selected(options["only"]),
            strict=options["strict"],
            patience=options["patience"],
            watch=watch,
        )

    judge_and_report(judge, options, lambda verdict: _alone(options, verdict))


def _alone(options: Mapping[str, Any], verdict: Verdict) -> str:
    """The command that judges one clause again."""
    words = ["kobikom-contracts", "client", "--command", options["command"]]
    words += ["--profile", options["profile"], "--seed", str(options["seed"])]
    words += ["--only", verdict.clause.id, *(["--strict"] if options["strict"] else [])]
    words += ["--patience", str(options["patience"])] if options["patience"] != TIMEOUT else []
    return shlex.join(words)
