"""The subcommand ``kobikom-contracts replay``: a recording against a server, its answers compared with the recorded."""

from __future__ import annotations

import shlex
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import click

from kobikom_contracts.connection_options import control_of, tls_of
from kobikom_contracts.core.command import FILE, TIMEOUT, fail_on, judge_and_report, selected
from kobikom_contracts.core.command_line import OneLineCommand, give_up

if TYPE_CHECKING:
    from kobikom_contracts.control import Control
    from kobikom_contracts.core.runner import Watch
    from kobikom_contracts.core.verdicts import Run, Verdict
    from kobikom_contracts.replay.accounts import Account
    from kobikom_contracts.trace.judge import Recordings

CERTIFICATES = click.Path(exists=True, dir_okay=False, path_type=Path)


def _clauses() -> Collection[str]:
    """The ids of the clauses that are judged."""
    from kobikom_contracts.trace.judge import chosen_clauses

    return chosen_clauses([])


@click.command(cls=OneLineCommand)
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--url", required=True, help="The part of the target's address before /api/sendsms/xml/.")
@click.option("--user", default="", help="The target's account for the recorded user with most requests.")
@click.option("--password", default="", envvar="KOBIKOM_PASSWORD")
@click.option(
    "--account",
    "accounts",
    multiple=True,
    envvar="KOBIKOM_ACCOUNTS",
    metavar="RECORDED=USER:PASSWORD",
    help="The target's account for another recorded user; may be repeated.",
)
@click.option("--control", help="URL of the control API, by which the target's clock goes on as the recorded time did.")
@click.option("--space", default="default", show_default=True, help="The control API's space.")
@click.option("--token", envvar="KOBIKOM_CONTROL__TOKEN", default="", help="The control API's token, if it has one.")
@click.option("--free", is_flag=True, help="Only queries, and pulls that name their ids: nothing is sent.")
@click.option("--yes", is_flag=True, help="Do not ask before real messages are sent.")
@click.option("--partial", is_flag=True, help="Read the whole entries of a file whose end is missing.")
@click.option("--only", default="", metavar="ID,…", help="Report on these clauses or areas, such as S-10,R.")
@fail_on(_clauses)
@click.option(
    "--most-wait",
    type=click.FloatRange(0),
    default=30.0,
    show_default=True,
    metavar="SECONDS",
    help="The longest wait before a pull, without --control.",
)
@click.option("--timeout", type=click.FloatRange(0, min_open=True), default=TIMEOUT, show_default=True)
@click.option("--ca", type=CERTIFICATES, metavar="FILE", help="Certificates to trust at an https target.")
@click.option("--insecure", is_flag=True, help="Accept any certificate of an https target.")
@click.option("--json", "json_file", type=FILE)
@click.option("--junit", "junit_file", type=FILE)
@click.option("--html", "html_file", type=FILE)
def replay(**options: Any) -> NoReturn:
    """Send the requests of recordings (HAR) to a server, and compare its answers with the recorded ones.

    Exit status 1: there is a difference. The report names the statement of each.
    """
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.http_client import HttpClient, Unreachable
    from kobikom_contracts.learning.command import read_recordings
    from kobikom_contracts.replay.judge import replay_recordings
    from kobikom_contracts.transcript import Transcript

    _check_url(options["url"])

    def judge(_: Watch) -> Run:
        recordings = read_recordings(options["files"], partial=options["partial"])
        accounts = dict(map(_account, options["accounts"]))
        control, tls = control_of(options), tls_of(options)
        _ask(options, recordings)
        url = options["url"].rstrip("/").removesuffix("/api/sendsms/xml")
        try:
            with _clock_put_back(control):
                return replay_recordings(
                    recordings,
                    HttpClient(url, Transcript(), options["timeout"], tls=tls),
                    main=_main(options),
                    accounts=accounts,
                    control=control,
                    free=options["free"],
                    only=selected(options["only"]),
                    most_wait=options["most_wait"],
                )
        except Unreachable as error:
            raise CannotRun(str(error)) from None

    judge_and_report(judge, {**options, "strict": True}, lambda verdict: _alone(options, verdict), statements=True)


@contextmanager
def _clock_put_back(control: Control | None) -> Iterator[None]:
    """The target's clock goes on from where it was when the block ends."""
    from kobikom_contracts.control import ControlError
    from kobikom_contracts.core.ending import uninterrupted

    clock, began = None if control is None else control.now(), time.monotonic()
    try:
        yield
    finally:
        if control is not None and clock is not None:
            with uninterrupted(), suppress(ControlError):
                control.restore("", None, now=clock + timedelta(seconds=time.monotonic() - began))


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        sound = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        sound = False
    if not sound:
        give_up(f"--url {url!r} is not an http:// or https:// address")


def _account(text: str) -> tuple[str, Account]:
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.replay.accounts import Account

    recorded, equals, login = text.partition("=")
    user, colon, password = login.partition(":")
    if not (recorded and equals and user and colon and password):
        raise CannotRun("--account is not RECORDED=USER:PASSWORD")
    return recorded, Account(user, password)


def _main(options: Mapping[str, Any]) -> Account | None:
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.replay.accounts import Account

    if options["user"] and not options["password"]:
        raise CannotRun("recordings have no passwords: give --password, or KOBIKOM_PASSWORD")
    return Account(options["user"], options["password"]) if options["user"] else None


def _ask(options: Mapping[str, Any], recordings: Recordings) -> None:
    """Before anything goes to another machine that may cost money or take reports away."""
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.recording.proxy import is_loopback
    from kobikom_contracts.replay.replayer import costs
    from kobikom_contracts.trace.exchanges import judged_exchanges

    if options["free"] or options["yes"] or is_loopback(urlsplit(options["url"]).hostname or ""):
        return
    sends, recipients = costs(judged_exchanges(recordings.exchanges))
    what = f"{sends} sends to {recipients} recipients go to {options['url']}; they cost money, and reports are taken"
    if not sys.stdin.isatty():
        raise CannotRun(f"{what}; give --yes, or --free for queries only")
    if not click.confirm(f"{what}. Go on?", err=True):
        raise CannotRun("nothing was sent")


def _alone(options: Mapping[str, Any], verdict: Verdict) -> str:
    words = ["kobikom-contracts", "replay", *map(str, options["files"]), "--url", options["url"]]
    for name in ("user", "control"):
        words += [f"--{name}", options[name]] if options[name] else []
    words += [f"--{flag}" for flag in ("free", "yes", "partial", "insecure") if options[flag]]
    return "KOBIKOM_PASSWORD=… " + shlex.join([*words, "--only", verdict.clause.id])
