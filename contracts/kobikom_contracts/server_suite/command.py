"""The subcommand ``kobikom-contracts server``."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from kobikom_contracts.connection_options import control_of, tls_of
from kobikom_contracts.core.command import FILE, TIMEOUT, fail_on, judge_and_report, selected
from kobikom_contracts.core.command_line import OneLineCommand, give_up

if TYPE_CHECKING:
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict
    from kobikom_contracts.server_suite.target import Target

CERTIFICATES = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
SEND_PATH = "/api/sendsms/xml"
DEFAULT_SPACE = "default"
REAL_NETWORK_PATIENCE = 60.0
"""Seconds to wait for a delivery at a server that is not on this machine or network."""


def _clauses() -> Collection[str]:
    """The ids of the clauses that are judged."""
    from kobikom_contracts.clauses import CLAUSES

    return CLAUSES


@click.command(cls=OneLineCommand)
@click.option("--url", required=True, help="The part of the address before /api/sendsms/xml/.")
@click.option("--user", default="", help="The account; not needed with --control and without --space.")
@click.option("--password", default="", envvar="KOBIKOM_PASSWORD")
@click.option("--control", help="URL of the control API, to set credit, clock and outcomes.")
@click.option(
    "--space",
    help="The control API's space in which the account is.  [default: a new space, closed at the end; with --repro and "
    "where none can be opened: default]",
)
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
@fail_on(_clauses)
@click.option("--strict", is_flag=True, help="Statements that the vendor's page does not say bind any target.")
@click.option("--safe", is_flag=True, help="Send no message at all.")
@click.option("--budget", type=click.IntRange(0), help="Most parts that may be sent.")
@click.option(
    "--recipient",
    "recipients",
    multiple=True,
    metavar="NUMBER",
    help="Send to this number only; may be repeated. Needed where phones are real.",
)
@click.option("--exclusive", is_flag=True, help="Nobody else uses this account during the run.")
@click.option("--second-user", help="Another account, to see that reports stay apart.")
@click.option("--second-password", default="")
@click.option("--plan", is_flag=True, help="Print what would be judged at what cost, and send nothing.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
@click.option("--repro", "repro_folder", type=FOLDER, help="Write a program a violation that repeats its requests.")
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=TIMEOUT,
    show_default=True,
    help="Seconds an answer may take.",
)
@click.option(
    "--max-time",
    type=click.FloatRange(0, min_open=True),
    metavar="SECONDS",
    help="End the run after so many seconds with what it has found.  [default: 1800; 21600 with --profile deep]",
)
@click.option("--ca", type=CERTIFICATES, metavar="FILE", help="Certificates to trust at an https target.")
@click.option("--insecure", is_flag=True, help="Accept any certificate of an https target.")
@click.option(
    "--wrong-logins",
    type=click.IntRange(0),
    metavar="N",
    help="Try at most N wrong logins.  [default: 16; any number with --control]",
)
@click.option("--pace", type=click.FloatRange(0, min_open=True), metavar="N", help="Send at most N requests a second.")
def server(**options: Any) -> None:
    """Judge a server."""
    from kobikom_contracts.clauses import select
    from kobikom_contracts.server_suite.judge import judge_server
    from kobikom_contracts.server_suite.repro import write_repros

    def judge(watch: Watch) -> Run:
        only = selected(options["only"])
        select(only)
        with _in_a_space(options) as chosen:
            return judge_server(
                _target(chosen),
                profile=chosen["profile"],
                seed=chosen["seed"],
                only=only,
                watch=watch,
                max_time=chosen["max_time"],
                pace=chosen["pace"],
            )

    if options["plan"]:
        judge_plan({**options, "space": options["space"] or DEFAULT_SPACE})
        return

    def repros(run: Run) -> None:
        if options["repro_folder"]:
            write_repros(run, options["repro_folder"], password=options["password"], second=options["second_password"])

    judge_and_report(judge, options, lambda verdict: _alone(options, verdict), more=repros)


@contextmanager
def _in_a_space(options: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The options with a space of the run's own where one can be opened, else with the account that they name."""
    from kobikom_contracts.clauses import UnknownName
    from kobikom_contracts.server_suite.own_space import own_space

    with ExitStack() as stack:
        space = None
        if options["control"] and not options["space"] and not options["repro_folder"]:
            control = control_of({**options, "space": DEFAULT_SPACE})
            assert control is not None
            space = stack.enter_context(own_space(control, options["url"]))
        if space is not None:
            yield {**options, "space": space.name, "url": space.url, "user": space.user, "password": space.password}
            return
        if not options["user"] or not options["password"]:
            raise UnknownName("give the account with --user and --password (or KOBIKOM_PASSWORD)")
        yield {**options, "space": options["space"] or DEFAULT_SPACE}


def judge_plan(options: Mapping[str, Any]) -> None:
    """Print the plan; the control API, where one is given, is asked what it offers."""
    from kobikom_contracts.clauses import CLAUSES, UnknownName, select
    from kobikom_contracts.control import ControlError
    from kobikom_contracts.core.runner import judging, profile_of
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.server_suite.contracts import server_contracts
    from kobikom_contracts.server_suite.plan import plan_text

    try:
        only = selected(options["only"])
        contracts = judging(server_contracts(), select(only) if only else CLAUSES)
        click.echo(plan_text(contracts, _target(options), profile_of(options["profile"])))
    except (UnknownName, ControlError, CannotRun) as error:
        give_up(str(error))


def _target(options: Mapping[str, Any]) -> Target:
    from kobikom_contracts.clauses import UnknownName, parse_readings
    from kobikom_contracts.server_suite.target import Target

    if wrong := [number for number in options["recipients"] if not number.removeprefix("+").isdecimal()]:
        raise UnknownName(f"--recipient {wrong[0]!r} is not a number")
    if wrong := [name for name in ("url", "control") if options[name] and not _is_address(options[name])]:
        raise UnknownName(f"--{wrong[0]} {options[wrong[0]]!r} is not an http:// or https:// address")
    second = (options["second_user"], options["second_password"]) if options["second_user"] else None
    target = Target(
        # The vendor's page prints the address with its path: accepted as copied from there.
        options["url"].rstrip("/").removesuffix(SEND_PATH),
        options["user"],
        options["password"],
        control=control_of(options),
        exclusive=options["exclusive"],
        recipients=options["recipients"],
        safe=options["safe"],
        budget=options["budget"],
        second=second,
        strict=options["strict"] or None,
        readings=parse_readings(options["readings"]),
        timeout=options["timeout"],
        wrong_logins=options["wrong_logins"],
        tls=tls_of(options),
    )
    return target if target.local else replace(target, patience=REAL_NETWORK_PATIENCE)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # an impossible port, a bracket that is not closed
        return False


def _alone(options: Mapping[str, Any], verdict: Verdict) -> str:
    """The command that judges one clause again, the password left to the environment."""
    words = ["kobikom-contracts", "server", "--url", options["url"]]
    words += ["--user", options["user"]] if options["user"] else []
    if options["control"]:
        words += ["--control", options["control"]]
    words += ["--profile", options["profile"], "--seed", str(options["seed"])]
    words += ["--only", verdict.clause.id]
    for name in ("readings", "recipients"):
        words += [word for value in options[name] for word in (f"--{name[:-1]}", value)]
    words += ["--ca", str(options["ca"])] if options["ca"] is not None else []
    for flag in ("strict", "exclusive", "safe", "insecure"):
        words += [f"--{flag}"] if options[flag] else []
    words += ["--space", options["space"]] if options["space"] else []
    words += ["--budget", str(options["budget"])] if options["budget"] is not None else []
    words += ["--wrong-logins", str(options["wrong_logins"])] if options["wrong_logins"] is not None else []
    words += ["--pace", str(options["pace"])] if options["pace"] is not None else []
    words += ["--timeout", str(options["timeout"])] if options["timeout"] != TIMEOUT else []
    words += ["--second-user", options["second_user"], "--second-password", "…"] if options["second_user"] else []
    return "KOBIKOM_PASSWORD=… " + shlex.join(words)
