"""Law: ``kobikom-contracts client``, joined to the command by ``cli``; heavy imports wait."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.options import FAILED, FILE, TIMEOUT, UNABLE, write_reports

if TYPE_CHECKING:
    from kobikom_contracts.verdicts import Verdict


@click.command()
@click.option("--command", metavar='"PROGRAM ARG…"', help="The adapter to run, split as a shell does.")
@click.option("--profile", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides every draw.")
@click.option("--only", default="", metavar="ID,…", help="Clauses, such as K-22, or S-22 for what follows from it.")
@click.option("--strict", is_flag=True, help="Hold inferred clauses against the client, too.")
@click.option(
    "--patience", type=click.FloatRange(0.1), default=TIMEOUT, show_default=True, help="Seconds a call may take."
)
@click.option("--schema", is_flag=True, help="Print the adapter protocol's JSON Schema and end.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def client(**given: Any) -> None:
    """Judge a client, any program behind an adapter: one JSON object a line in, one a line out."""
    from kobikom_contracts.bench.judge import judge_client
    from kobikom_contracts.clauses import UnknownName
    from kobikom_contracts.judge import CannotRun
    from kobikom_contracts.report.terminal import Terminal

    if given["schema"]:
        from kobikom_contracts.bench.protocol import shipped_schema

        click.echo(shipped_schema(), nl=False)
        return
    if not given["command"]:
        raise click.UsageError("Missing option '--command'.")
    screen = Terminal(sys.stdout)
    try:
        run = judge_client(
            given["command"],
            profile=given["profile"],
            seed=given["seed"],
            only=[one for one in given["only"].split(",") if one.strip()],
            strict=given["strict"],
            patience=given["patience"],
            watch=screen.watch,
        )
        screen.finish(run, lambda verdict: _alone(given, verdict))
        write_reports(run, given, lambda verdict: _alone(given, verdict))
    except (UnknownName, CannotRun, OSError) as error:
        click.echo(f"kobikom-contracts: {error}", err=True)
        sys.exit(UNABLE)
    sys.exit(FAILED if run.failed(strict=given["strict"]) else 0)


def _alone(given: dict[str, Any], verdict: Verdict) -> str:
    """The command that judges one clause again."""
    words = ["kobikom-contracts", "client", "--command", given["command"]]
    words += ["--profile", given["profile"], "--seed", str(given["seed"])]
    words += ["--only", verdict.clause.id, *(["--strict"] if given["strict"] else [])]
    words += ["--patience", str(given["patience"])] if given["patience"] != TIMEOUT else []
    return shlex.join(words)
