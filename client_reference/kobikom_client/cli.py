"""kobikom-client: the verbs on a command line. Imports the blocking client only, once a command
runs.

Exit codes: 0 done; 1 refused by the server, wholly or for some recipients; 2 bad usage, nothing
went out; 3 no answer, nothing went out; 4 unknown: a send may have gone out, or reports may be
lost; 5 an answer that can't be read; 130 interrupted. Every failure is one line on standard error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Final, TypeVar

import click

from . import tables
from .errors import (
    InvalidRequest,
    KobikomError,
    LostReports,
    Refused,
    TransportError,
    UnknownFate,
)
from .values import Message, Recipient

if TYPE_CHECKING:
    from .blocking import Client

_Command = TypeVar("_Command", bound=Callable[..., Any])

DONE: Final = 0
REFUSED: Final = 1
USAGE: Final = 2
TRANSPORT: Final = 3
UNKNOWN: Final = 4
MALFORMED: Final = 5
INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code. Bad usage is one line and no traceback."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # a title may have letters the terminal has not
    try:
        status = _commands.main(arguments, "kobikom-client", standalone_mode=False)
    except click.ClickException as error:
        return _fail(" ".join(error.format_message().split()), USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted; a send under way may have gone out", INTERRUPTED)
    except KobikomError as error:
        return _fail(str(error), exit_code(error))
    return status if isinstance(status, int) else DONE


def exit_code(error: KobikomError) -> int:
    """The exit code of an error."""
    match error:
        case Refused():
            return REFUSED
        case InvalidRequest():
            return USAGE
        case TransportError():
            return TRANSPORT
        case UnknownFate() | LostReports():
            return UNKNOWN
        case _:
            return MALFORMED


def _connection(command: _Command) -> _Command:
    """The options every command takes, before its name or after it."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table."),
        click.option("--timeout", type=click.IntRange(1, 86_400), metavar="SECONDS", help="30."),
        click.option("--password", help="Better in KOBIKOM_PASSWORD: others may see arguments."),
        click.option("--user", help="Account; else KOBIKOM_USER."),
        click.option("--url", help="Where the service is; else KOBIKOM_URL."),
    ):
        command = option(command)
    return command


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@_connection
@click.pass_context
def _commands(context: click.Context, /, **options: Any) -> None:
    """Send messages through Kobikom's API, pull reports, read titles and balance.

    Exit codes: 0 done, 1 refused, 2 bad usage, 3 no answer and nothing went out,
    4 a send may have gone out or reports may be lost, 5 unreadable answer.
    """
    context.obj = options


@_commands.command()
@_connection
@click.argument("text", required=False)
@click.option("--to", multiple=True, metavar="NUMBER[:ID]", help="Recipient, maybe with your id.")
@click.option("--to-file", type=click.File("rb"), help="One NUMBER[:ID] a line; -: standard input.")
@click.option("--sender", help="Title; else the account's first.")
@click.option("--flash", is_flag=True, help="Show it at once, do not store it.")
@click.option("--long/--no-long", default=None, help="Several parts; else decided by the text.")
@click.option("--delay", type=click.IntRange(0, 10**12), metavar="SECONDS", help="Send later.")
@click.option("--validity", type=click.IntRange(1, 59_999), metavar="MINUTES", help="Try so long.")
@click.option("--app-id", help="Only a pull naming it gets the report.")
@click.option("--push-url", help="Where the service shall POST the report.")
@click.option("--no-push", is_flag=True, help="Leave the report for a pull.")
@click.option("--binary", metavar="HEX", help="Octets instead of a text.")
@click.option("--data-coding", type=click.IntRange(0, 255), help="Else decided by the text.")
@click.option("--language", help="languageCode; else decided by the text.")
@click.option("--batch", type=click.IntRange(1), default=1000, help="Recipients a request.")
@click.pass_context
def send(context: click.Context, /, **options: Any) -> int:
    """Send TEXT ("-": standard input, less one final newline); prints one line a recipient."""
    lines = _read(options["to_file"]).splitlines() if options["to_file"] else []
    to = [_recipient(each.strip()) for each in (*options["to"], *lines) if each.strip()]
    if not to:
        raise click.UsageError("no recipient: give --to or --to-file")
    message = _message(options)
    try:
        receipt = _client(context, batch=options["batch"]).send(message, to)
    except KobikomError as error:
        tables.progress(error.progress, as_json=_shared(context, "as_json"))
        raise
    tables.receipt(receipt, as_json=_shared(context, "as_json"))
    if receipt.refused:
        return _fail(f"{len(receipt.refused)} of {len(to)} recipients were refused", REFUSED)
    return DONE


@_commands.command()
@_connection
@click.argument("message_ids", nargs=-1, metavar="[ID]...")
@click.option("--app-id", help="Reports of the messages sent with this id.")
@click.pass_context
def reports(context: click.Context, /, **options: Any) -> None:
    """Pull delivery reports, all or those of the IDs. Each is given once: keep what is printed."""
    client, as_json = _client(context), _shared(context, "as_json")
    try:
        pulled = client.reports(options["message_ids"] or None, app_id=options["app_id"])
    except KobikomError as error:
        if error.reports:
            tables.reports(error.reports, as_json=as_json)
        raise
    tables.reports(pulled, as_json=as_json)


@_commands.command()
@_connection
@click.pass_context
def titles(context: click.Context, /, **_: Any) -> None:
    """Print the senders the account may use."""
    tables.titles(_client(context).titles(), as_json=_shared(context, "as_json"))


@_commands.command()
@_connection
@click.pass_context
def balance(context: click.Context, /, **_: Any) -> None:
    """Print the credit left."""
    tables.balance(_client(context).balance(), as_json=_shared(context, "as_json"))


def _shared(context: click.Context, name: str) -> Any:
    """An option given after the command's name, or before it."""
    return context.params[name] or context.obj[name]


def _client(context: click.Context, *, batch: int = 1000) -> Client:
    from .blocking import Client

    url, user, password = (_needed(context, name) for name in ("url", "user", "password"))
    seconds = _shared(context, "timeout") or 30
    return Client(url, user, password, timeout=timedelta(seconds=seconds), batch=batch)


def _needed(context: click.Context, name: str) -> str:
    variable = f"KOBIKOM_{name.upper()}"
    given = _shared(context, name) or os.environ.get(variable)
    if not given:
        raise click.UsageError(f"no {name}: give --{name} or {variable}")
    return str(given)


def _message(options: dict[str, Any]) -> Message:
    text, binary = options["text"], options["binary"]
    if text is None and binary is None:
        raise click.UsageError("nothing to send: give TEXT or --binary")
    if text == "-":
        text = _read(sys.stdin.buffer).removesuffix("\n")
    try:
        octets = None if binary is None else bytes.fromhex(binary)
    except ValueError:
        raise click.UsageError("--binary is no even number of hexadecimal digits") from None
    delay, validity = options["delay"], options["validity"]
    return Message(
        text=text or "",
        sender=options["sender"],
        flash=options["flash"],
        long=options["long"],
        delay=None if delay is None else timedelta(seconds=delay),
        validity=None if validity is None else timedelta(minutes=validity),
        app_id=options["app_id"],
        push_url=options["push_url"],
        no_push=options["no_push"],
        binary=octets,
        data_coding=options["data_coding"],
        language=options["language"],
    )


def _recipient(given: str) -> Recipient:
    number, colon, message_id = given.partition(":")
    return Recipient(number, message_id if colon else None)


def _read(stream: BinaryIO) -> str:
    try:
        return stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("the input is not UTF-8") from None


def _fail(why: str, code: int) -> int:
    click.echo(f"kobikom-client: {why}", err=True)
    return code
