"""Law: the command ``kobikom-contracts``; heavy imports wait until a subcommand needs them.

Exit 0: every checkable clause held. 1: at least one violated. 2: could not run, with one line why.
A subcommand is a function with ``@main.command()``; ``client`` joins them here.
"""

from __future__ import annotations

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kobikom_contracts.bench.command import client
from kobikom_contracts.options import FAILED, FILE, TIMEOUT, UNABLE, OneLine, write_reports

if TYPE_CHECKING:
    from kobikom_contracts.target import Target
    from kobikom_contracts.verdicts import Verdict

FOLDER = click.Path(file_okay=False, path_type=Path)


@click.group(cls=OneLine, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kobikom-emulator", message="%(prog)s %(version)s")
def main() -> None:
    """Judge whether a server (or a client) keeps to the Kobikom SMS XML API, clause by clause."""


main.add_command(client)


@main.command()
@click.option("--url", required=True, help="What stands before /api/sendsms/xml/.")
@click.option("--user", required=True)
@click.option("--password", required=True, envvar="KOBIKOM_PASSWORD")
@click.option("--control", help="URL of the control API, to set credit, clock and outcomes.")
@click.option("--space", default="default", show_default=True, help="The control API's space.")
@click.option("--token", envvar="KOBIKOM_CONTROL__TOKEN", default="", help="The control API's token, if it has one.")
@click.option("--profile", type=click.Choice(["quick", "deep"]), default="quick", show_default=True)
@click.option("--seed", type=int, default=0, show_default=True, help="Decides every draw.")
@click.option(
    "--reading",
    "readings",
    multiple=True,
    metavar="NAME=VALUE|NAME=any",
    help="Insist on a reading of an ambiguous clause.",
)
@click.option("--only", default="", metavar="ID,…", help="Clauses or areas, such as S-10,R.")
@click.option("--strict", is_flag=True, help="Hold inferred clauses against any target.")
@click.option("--safe", is_flag=True, help="Send no message at all.")
@click.option("--budget", type=click.IntRange(0), help="Most parts that may be sent.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="NUMBER",
    help="Send to this number only; may be repeated. Needed where phones are real.",
)
@click.option("--exclusive", is_flag=True, help="Nobody else uses this account meanwhile.")
@click.option("--second-user", help="Another account, to see that reports stay apart.")
@click.option("--second-password", default="")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
@click.option("--repro", "repro_folder", type=FOLDER, help="Write a runnable file a violation.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=TIMEOUT,
    show_default=True,
    help="Seconds an answer may take.",
)
def server(**given: Any) -> None:
    """Judge a server."""
    from kobikom_contracts.clauses import UnknownName, select
    from kobikom_contracts.control import ControlError
    from kobikom_contracts.judge import CannotRun, judge_server
    from kobikom_contracts.report.terminal import Terminal
    from kobikom_contracts.repro import write_repros

    only = [one for one in given["only"].split(",") if one.strip()]
    screen = Terminal(sys.stdout)
    try:
        select(only)
        target = _target(given)
        run = judge_server(target, profile=given["profile"], seed=given["seed"], only=only, watch=screen.watch)
    except (UnknownName, ControlError, CannotRun) as error:
        click.echo(f"kobikom-contracts: {error}", err=True)
        sys.exit(UNABLE)
    screen.finish(run, lambda verdict: _alone(given, verdict))
    try:
        write_reports(run, given, lambda verdict: _alone(given, verdict))
        if given["repro_folder"]:
            write_repros(run, given["repro_folder"])
    except OSError as error:
        click.echo(f"kobikom-contracts: {error}", err=True)
        sys.exit(UNABLE)
    sys.exit(FAILED if run.failed(strict=given["strict"]) else 0)


def _target(given: dict[str, Any]) -> Target:
    from kobikom_contracts.clauses import UnknownName, parse_readings
    from kobikom_contracts.control import Control
    from kobikom_contracts.target import Target

    if wrong := [one for one in given["recipients"] if not one.removeprefix("+").isdecimal()]:
        raise UnknownName(f"--recipient {wrong[0]!r} is no number")
    if wrong := [name for name in ("url", "control") if given[name] and not _is_address(given[name])]:
        raise UnknownName(f"--{wrong[0]} {given[wrong[0]]!r} is no http:// or https:// address")
    control = None
    if given["control"]:
        control = Control(given["control"], space=given["space"], token=given["token"], timeout=given["timeout"])
        control.probe()
    second = (given["second_user"], given["second_password"]) if given["second_user"] else None
    target = Target(
        # The page prints the address with its path: taken as it is copied from there.
        given["url"].rstrip("/").removesuffix("/api/sendsms/xml"),
        given["user"],
        given["password"],
        control=control,
        exclusive=given["exclusive"],
        recipients=given["recipients"],
        safe=given["safe"],
        budget=given["budget"],
        second=second,
        strict=given["strict"],
        readings=parse_readings(given["readings"]),
        timeout=given["timeout"],
    )
    # A real network takes its time to deliver; a fake on this machine doesn't.
    return target if target.local else replace(target, patience=60.0)


def _is_address(text: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an impossible port, a bracket that isn't closed
        return False


def _alone(given: dict[str, Any], verdict: Verdict) -> str:
    """The command that judges one clause again, the password left to the environment."""
    words = ["kobikom-contracts", "server", "--url", given["url"], "--user", given["user"]]
    if given["control"]:
        words += ["--control", given["control"]]
    words += ["--profile", given["profile"], "--seed", str(given["seed"])]
    words += ["--only", verdict.clause.id]
    for name in ("readings", "recipients"):
        words += [word for one in given[name] for word in (f"--{name[:-1]}", one)]
    for flag in ("strict", "exclusive", "safe"):
        words += [f"--{flag}"] if given[flag] else []
    words += ["--space", given["space"]] if given["space"] != "default" else []
    words += ["--budget", str(given["budget"])] if given["budget"] is not None else []
    words += ["--timeout", str(given["timeout"])] if given["timeout"] != TIMEOUT else []
    words += ["--second-user", given["second_user"], "--second-password", "…"] if given["second_user"] else []
    return "KOBIKOM_PASSWORD=… " + shlex.join(words)


if __name__ == "__main__":
    main()
