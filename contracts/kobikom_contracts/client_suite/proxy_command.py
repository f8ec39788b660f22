"""The subcommand ``kobikom-contracts proxy``."""

from __future__ import annotations

import shlex
import signal
import threading
from collections.abc import Collection
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.core.command import FILE, fail_on, judge_and_report, selected
from kobikom_contracts.core.command_line import OneLineCommand

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict


def _clauses() -> Collection[str]:
    """The ids of the clauses that are judged."""
    from kobikom_contracts.client_suite.clauses import CLIENT_CLAUSES

    return CLIENT_CLAUSES


@click.command(cls=OneLineCommand)
@click.option("--upstream", required=True, metavar="URL", help="The server that answers, such as an emulator.")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", type=click.IntRange(0, 65535), default=8025, show_default=True, help="0 for any free port.")
@click.option("--only", default="", metavar="ID,…", help="Clauses, such as K-11.")
@fail_on(_clauses)
@click.option("--strict", is_flag=True, help="Statements that the vendor's page does not say bind the client.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def proxy(**options: Any) -> None:
    """Forward an application's requests to a server, and judge each; the report is written at Ctrl-C or SIGTERM."""
    from kobikom_contracts.client_suite.proxy import judge_forwarded

    def judge(watch: Watch) -> Run:
        return judge_forwarded(
            options["upstream"],
            lambda url: _until_signal(f"forwarding {url} to {options['upstream']}; Ctrl-C ends and reports"),
            host=options["host"],
            port=options["port"],
            only=selected(options["only"]),
            strict=options["strict"],
            watch=watch,
        )

    def alone(verdict: Verdict) -> str:
        words = ["kobikom-contracts", "proxy", "--upstream", options["upstream"], "--only", verdict.clause.id]
        return shlex.join([*words, *(["--strict"] if options["strict"] else [])])

    judge_and_report(judge, options, alone)


def _until_signal(line: str) -> None:
    """Print a line, and wait for SIGINT or SIGTERM, neither of which ends the process then."""
    ended = threading.Event()
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: ended.set()) for number in signals]
    try:
        click.echo(line)
        ended.wait()
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
