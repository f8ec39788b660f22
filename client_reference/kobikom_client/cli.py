"""The command line `kobikom-client`: send, reports, titles, balance.

Exit codes: 0 success; 1 refused by the server, wholly or for some recipients; 2 bad usage, nothing
was sent; 3 no answer, nothing was sent; 4 unknown: messages may have been sent, or reports may be
lost; 5 an answer that can't be read; 130 interrupted. Every failure is one line on standard error.
"""

from __future__ import annotations

import contextlib
import io
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
    UnknownOutcome,
)
from .message import BodyForm, Message, Recipient

if TYPE_CHECKING:
    from .blocking import Client

_Command = TypeVar("_Command", bound=Callable[..., Any])

EXIT_SUCCESS: Final = 0
EXIT_REFUSED: Final = 1
EXIT_USAGE: Final = 2
EXIT_TRANSPORT: Final = 3
EXIT_UNKNOWN: Final = 4
EXIT_MALFORMED: Final = 5
EXIT_INTERRUPTED: Final = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code. Every error is one line, without a traceback."""
    if sys.stdout is None:  # closed before the command began
        sys.stdout = io.TextIOWrapper(io.BytesIO(), "utf-8")
    try:
        try:
            return _run(arguments)
        finally:
            sys.stdout.flush()
    except OSError as error:  # of standard output: those of the network are KobikomErrors
        with contextlib.suppress(OSError, ValueError):  # or Python would write the rest at the end, with a traceback
            nothing = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nothing, sys.stdout.fileno())
            os.close(nothing)
        return _fail(f"cannot write the output: {error.strerror or error}", EXIT_UNKNOWN)


def _run(arguments: Sequence[str] | None) -> int:
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")  # the terminal may lack a letter of a title
    try:
        status = _commands.main(arguments, "kobikom-client", standalone_mode=False)
    except click.ClickException as error:
        return _fail(" ".join(error.format_message().split()), EXIT_USAGE)
    except (click.Abort, KeyboardInterrupt):
        return _fail("interrupted; a send in progress may have been processed", EXIT_INTERRUPTED)
    except KobikomError as error:
        return _fail(str(error), exit_code(error))
    except SystemExit:  # click's answer to a closed pipe
        return _fail("cannot write the output: the other end is closed", EXIT_UNKNOWN)
    return status if isinstance(status, int) else EXIT_SUCCESS


def exit_code(error: KobikomError) -> int:
    """The exit code of an error."""
    match error:
        case Refused():
            return EXIT_REFUSED
        case InvalidRequest():
            return EXIT_USAGE
        case TransportError():
            return EXIT_TRANSPORT
        case UnknownOutcome() | LostReports():
            return EXIT_UNKNOWN
        case _:
            return EXIT_MALFORMED


def _connection(command: _Command) -> _Command:
    """Add the options that may stand before or after the command's name."""
    for option in (
        click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table."),
        click.option(
            "--timeout", type=click.IntRange(1, 86_400), metavar="SECONDS", help="For each request; 30 if left out."
        ),
        click.option("--password", help="Prefer KOBIKOM_PASSWORD: other users can see arguments."),
        click.option("--user", help="User name; KOBIKOM_USER if left out."),
        click.option("--url", help="Address of the service; KOBIKOM_URL if left out."),
    ):
        command = option(command)
    return command


@click.group(no_args_is_help=False, context_settings={"help_option_names": ["-h", "--help"]})
@_connection
@click.pass_context
def _commands(context: click.Context, /, **options: Any) -> None:
    """Send messages through Kobikom's API, pull reports, read titles and balance.

    Exit codes: 0 success, 1 refused, 2 bad usage, 3 no answer and nothing was sent,
    4 messages may have been sent or reports may be lost, 5 unreadable answer.
    """
    context.obj = options


@_commands.command()
@_connection
@click.argument("text", required=False)
@click.option("--to", multiple=True, metavar="NUMBER[:ID]", help="Recipient, optionally with your message id.")
@click.option("--to-file", type=click.File("rb"), help="File with one NUMBER[:ID] a line; - is standard input.")
@click.option("--title", "--sender", help="Sender id; the account's first title if left out.")
@click.option("--flash", is_flag=True, help="Display the message at once without storing it.")
@click.option("--long/--no-long", default=None, help="Allow several parts; chosen from the text if left out.")
@click.option("--delay", type=click.IntRange(0, 10**12), metavar="SECONDS", help="Send after this time.")
@click.option("--validity", type=click.IntRange(1, 59_999), metavar="MINUTES", help="Try delivery for this time.")
@click.option("--app-id", help="Only a pull with this id returns the report.")
@click.option("--push-url", help="Address that the report is posted to.")
@click.option("--no-push", is_flag=True, help="Do not push the report.")
@click.option("--binary", metavar="HEX", help="Octets to send instead of TEXT.")
@click.option("--data-coding", type=click.IntRange(0, 255), help="Chosen from the text if left out.")
@click.option("--language", help="languageCode; chosen from the text if left out.")
@click.option("--batch", type=click.IntRange(1), default=1000, help="Largest number of recipients in one request.")
@click.option(
    "--body-form",
    type=click.Choice([form.value for form in BodyForm]),
    default=BodyForm.LITERAL.value,
    help="XML= and the XML as it is (literal, as on the vendor's page), XML= and url-encoded, or bare XML.",
)
@click.pass_context
def send(context: click.Context, /, **options: Any) -> int:
    """Send TEXT and print one line for each recipient.

    "-" reads the text from standard input, without one final newline.
    """
    lines = _read(options["to_file"]).splitlines() if options["to_file"] else []
    recipients = [_recipient(line.strip()) for line in (*options["to"], *lines) if line.strip()]
    if not recipients:
        raise click.UsageError("no recipient: give --to or --to-file")
    message = _message(options)
    try:
        client = _client(context, batch=options["batch"], body_form=options["body_form"])
        receipt = client.send(message, recipients)
    except KobikomError as error:
        tables.print_progress(error.progress, as_json=_shared(context, "as_json"))
        raise
    tables.print_receipt(receipt, as_json=_shared(context, "as_json"))
    if receipt.refused:
        return _fail(f"{len(receipt.refused)} of {len(recipients)} recipients were refused", EXIT_REFUSED)
    return EXIT_SUCCESS


@_commands.command()
@_connection
@click.argument("message_ids", nargs=-1, metavar="[ID]...")
@click.option("--app-id", help="Only reports of messages sent with this id.")
@click.pass_context
def reports(context: click.Context, /, **options: Any) -> None:
    """Pull delivery reports: all, or those of the message IDs. The server gives each report once."""
    client, as_json = _client(context), _shared(context, "as_json")
    try:
        pulled = client.reports(options["message_ids"] or None, app_id=options["app_id"])
    except KobikomError as error:
        if error.reports:
            tables.print_reports(error.reports, as_json=as_json)
        raise
    tables.print_reports(pulled, as_json=as_json)


@_commands.command()
@_connection
@click.pass_context
def titles(context: click.Context, /, **_: Any) -> None:
    """Print the titles the account may send from."""
    tables.print_titles(_client(context).titles(), as_json=_shared(context, "as_json"))


@_commands.command()
@_connection
@click.option("--grouped", is_flag=True, help="Read a point as a separator of thousands: 18.532 is 18532.")
@click.pass_context
def balance(context: click.Context, /, **options: Any) -> None:
    """Print the remaining credit."""
    remaining = _client(context).balance(grouped=options["grouped"])
    tables.print_balance(remaining, as_json=_shared(context, "as_json"))


def _shared(context: click.Context, name: str) -> Any:
    """The value of an option that stands after the command's name or before it."""
    return context.params[name] or context.obj[name]


def _client(context: click.Context, **settings: Any) -> Client:
    from .blocking import Client

    url, user, password = (_required(context, name) for name in ("url", "user", "password"))
    seconds = _shared(context, "timeout") or 30
    return Client(url, user, password, timeout=timedelta(seconds=seconds), **settings)


def _required(context: click.Context, name: str) -> str:
    variable = f"KOBIKOM_{name.upper()}"
    value = _shared(context, name) or os.environ.get(variable)
    if not value:
        raise click.UsageError(f"no {name}: give --{name} or {variable}")
    return str(value)


def _message(options: dict[str, Any]) -> Message:
    text, binary = options["text"], options["binary"]
    if text is None and binary is None:
        raise click.UsageError("nothing to send: give TEXT or --binary")
    if text == "-":
        text = _read(sys.stdin.buffer).removesuffix("\n")
    try:
        octets = None if binary is None else bytes.fromhex(binary)
    except ValueError:
        raise click.UsageError("--binary is not an even number of hexadecimal digits") from None
    delay, validity = options["delay"], options["validity"]
    return Message(
        text=text or "",
        title=options["title"],
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


def _recipient(argument: str) -> Recipient:
    number, colon, message_id = argument.partition(":")
    return Recipient(number, message_id if colon else None)


def _read(stream: BinaryIO) -> str:
    try:
        return stream.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise click.UsageError("the input is not UTF-8") from None


def _fail(message: str, exit_status: int) -> int:
    click.echo(f"kobikom-client: {message}", err=True)
    return exit_status
