"""The subcommand ``kobikom-contracts learn``: asks a service what recordings leave open about its readings."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

import click

from kobikom_contracts.core.command import FILE, TIMEOUT
from kobikom_contracts.core.command_line import FINE, INCOMPLETE, UNABLE, VIOLATED, OneLineCommand, give_up, note

if TYPE_CHECKING:
    from kobikom_contracts.learning.probing.account import Account
    from kobikom_contracts.learning.probing.connection import RecordingClient
    from kobikom_contracts.learning.probing.run import LearnRun, Recorded
    from kobikom_contracts.recording.har_files import HarWriter

_SEND_PATH = "/api/sendsms/xml"
_WAIT = 120.0


class Price(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """The price of a part: a positive decimal number."""

    name = "price"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """The price; a usage error for anything else."""
        try:
            price = Decimal(str(value))
        except InvalidOperation:
            price = Decimal(0)
        if not price.is_finite() or price <= 0:
            self.fail(f"{value!r} is not a price such as 0.25", param, ctx)
        return price


@click.command(cls=OneLineCommand)
@click.option("--url", required=True, help="The part of the address before /api/sendsms/xml/.")
@click.option("--user", required=True)
@click.option(
    "--password", default="", envvar="KOBIKOM_PASSWORD", help="Asked for on a terminal where it is not given."
)
@click.option("--budget", required=True, type=click.IntRange(0), metavar="N", help="The most parts to be charged.")
@click.option(
    "--recipient",
    "recipients",
    required=True,
    multiple=True,
    metavar="NUMBER",
    help="A Turkish mobile number to send to, and to no others; may be repeated.",
)
@click.option("--title", default="", help="The title of the messages.  [default: the account's first]")
@click.option(
    "--from",
    "recordings",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="HAR",
    help="Begin with what a recording decides; may be repeated.",
)
@click.option(
    "--exclusive", is_flag=True, help="Nothing else changes the account's balance: charges are evidence, too."
)
@click.option("--dry-run", is_flag=True, help="Print the plan and what it may cost, and send nothing.")
@click.option("--price", type=Price(), metavar="CREDITS", help="The price of a part, for the plan.")
@click.option("--yes", is_flag=True, help="Do not ask before sending to a server that is not this machine.")
@click.option("--out", type=FILE, metavar="FILE", help="Write a [readings] table for serve --config.")
@click.option("--trace", type=FILE, metavar="FILE", help="Record all requests and answers in a new HAR file.")
@click.option(
    "--wait",
    "patience",
    type=click.FloatRange(0),
    default=_WAIT,
    show_default=True,
    metavar="SECONDS",
    help="Wait so long for reports.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(0, min_open=True),
    default=TIMEOUT,
    show_default=True,
    help="Seconds an answer may take.",
)
@click.option("--ca", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust in addition.")
@click.option("--insecure", is_flag=True, help="Accept any certificate of an https server.")
@click.option("--json", "json_file", type=FILE, metavar="FILE", help="Write the result, or the plan, as JSON.")
def learn(**options: Any) -> None:
    """Learn by asking which readings a service follows: what is free comes first, and nothing exceeds the budget.

    Exit status 0: everything that could be asked was asked. 1: answers contradict each other. 2: nothing could be
    learned. 3: the run ended early, and what it learned is kept; 130 or 143 where a signal ended it.
    """
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.learning.probing.plan import whole_plan

    try:
        account = _account(options)
        before = _recorded(options["recordings"])
        url = _address(options["url"])
    except CannotRun as error:
        give_up(str(error))
    if options["dry_run"]:
        situation = _run(None, account, options, before).situation
        _print_plan(whole_plan(situation), options)
        return
    _agree(url, account, options)
    _learn(url, account, options, before)


def _account(options: dict[str, Any]) -> Account:
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.learning.probing.account import Account, plain_number

    recipients = tuple(dict.fromkeys(map(plain_number, options["recipients"])))
    password = options["password"]
    if not password and not options["dry_run"]:
        if not sys.stdin.isatty():
            raise CannotRun("give the password in KOBIKOM_PASSWORD or with --password")
        password = click.prompt("Password", hide_input=True, err=True)
    return Account(
        user=options["user"],
        password=password,
        recipients=recipients,
        nonce=secrets.token_hex(4),
        title=options["title"],
    )


def _address(url: str) -> str:
    """The address without the API's path, which the vendor's page prints with it."""
    from kobikom_contracts.core.verdicts import CannotRun

    try:
        parts = urlsplit(url)
        known = parts.scheme in ("http", "https") and parts.hostname and (parts.port is None or parts.port)
    except ValueError:
        known = None
    if not known:
        raise CannotRun(f"--url {url!r} is not an http:// or https:// address")
    return url.rstrip("/").removesuffix(_SEND_PATH)


def _recorded(files: tuple[Path, ...]) -> Recorded:
    from kobikom_contracts.learning.probing.run import Recorded
    from kobikom_contracts.learning.trace import learn_from_files

    if not files:
        return Recorded()
    result, notes = learn_from_files(files)
    for line in notes:
        note(line)
    evidence = tuple(proof for one in result.values for proof in one.evidence)
    return Recorded(evidence, tuple(result.labels))


def _agree(url: str, account: Account, options: dict[str, Any]) -> None:
    """Ask before anything is sent to another machine."""
    from kobikom_contracts.recording.proxy import Upstream

    if options["yes"] or Upstream(url, urlsplit(url).hostname or "", 0).loopback:
        return
    costs = f"up to {options['budget']} parts are sent to {', '.join(account.recipients)} and cost money"
    if not sys.stdin.isatty():
        give_up(f"{url} is not this machine: {costs}; give --yes")
    if not click.confirm(f"{url} is not this machine: {costs}. Continue?", err=True):
        give_up("nothing was sent")


def _run(client: RecordingClient | None, account: Account, options: dict[str, Any], before: Recorded) -> LearnRun:
    from kobikom_contracts.http_client import HttpClient
    from kobikom_contracts.learning.probing.connection import RecordingClient
    from kobikom_contracts.learning.probing.run import LearnRun
    from kobikom_contracts.transcript import Transcript

    return LearnRun(
        client or RecordingClient(HttpClient(options["url"], Transcript())),
        account,
        budget=options["budget"],
        exclusive=options["exclusive"],
        before=before,
        patience=options["patience"],
        progress=lambda line: click.echo(line, err=True),
        trace=str(options["trace"] or ""),
    )


def _print_plan(plan: Any, options: dict[str, Any]) -> None:
    from kobikom_contracts.learning.probing.report import plan_json, plan_lines

    limits = {"budget": options["budget"], "price": options["price"]}
    unwritten = _write(options["json_file"], lambda: _as_text(plan_json(plan, **limits)))
    for line in plan_lines(plan, **limits):
        click.echo(line)
    if unwritten:
        give_up(unwritten)


def _learn(url: str, account: Account, options: dict[str, Any], before: Recorded) -> NoReturn:
    from kobikom_contracts.core.ending import Interruption, RunEnded
    from kobikom_contracts.http_client import HttpClient
    from kobikom_contracts.learning.probing.answers import Stopped
    from kobikom_contracts.learning.probing.connection import RecordingClient
    from kobikom_contracts.tls import tls_context
    from kobikom_contracts.transcript import Transcript

    try:
        tls = tls_context(ca=options["ca"], insecure=options["insecure"]) if url.startswith("https:") else None
    except OSError as error:
        give_up(f"--ca {options['ca']}: {error}")
    stopped = ""
    with _writer(options["trace"]) as writer, Interruption() as interruption:
        http = HttpClient(url, Transcript(), timeout=options["timeout"], tls=tls)
        run = _run(RecordingClient(http, writer=writer), account, options, before)
        try:
            run.run()
        except (Stopped, RunEnded) as ended:
            stopped = str(ended)
        except OSError as error:
            stopped = f"cannot write {options['trace']}: {error.strerror or error}"
    _finish(run, options, stopped, status=interruption.status)


@contextmanager
def _writer(path: Path | None) -> Iterator[HarWriter | None]:
    """The writer of the recording, None where none is wanted."""
    from kobikom_contracts.recording.har_files import HarFile

    if path is None:
        yield None
        return
    try:
        file = HarFile(path)
    except FileExistsError:
        give_up(f"{path} exists already: a recording is a new file")
    except OSError as error:
        give_up(f"cannot open {path}: {error.strerror or error}")
    try:
        yield file
    finally:
        file.close()


def _finish(run: LearnRun, options: dict[str, Any], stopped: str, *, status: int) -> NoReturn:
    """Write and print what was learned, and exit."""
    from kobikom_contracts.learning.probing.open_readings import reasons
    from kobikom_contracts.learning.probing.report import result_json, result_lines
    from kobikom_contracts.learning.result import State, readings_toml

    because = reasons(run, stopped)
    # Files before the lines: a pipe may be closed early.
    failures = [
        _write(options["out"], lambda: readings_toml(run.learned, because)),
        _write(options["json_file"], lambda: _as_text(result_json(run, because, stopped=stopped))),
    ]
    unwritten = "; ".join(line for line in failures if line)
    if run.begun:
        for line in result_lines(run, because):
            click.echo(line)
    if stopped or unwritten:
        early = status or (INCOMPLETE if run.begun and not unwritten else UNABLE)
        give_up("; ".join(line for line in (stopped, unwritten) if line), status=early)
    contradictory = any(one.state is State.CONTRADICTION for one in run.learned.values)
    sys.exit(VIOLATED if contradictory else FINE)


def _as_text(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _write(path: Path | None, text: Callable[[], str]) -> str:
    """Write a file that was asked for; why that failed, "" if it did not."""
    if path is None:
        return ""
    try:
        path.write_text(text(), encoding="utf-8")
    except OSError as error:
        return f"cannot write {path}: {error.strerror or error}"
    return ""
