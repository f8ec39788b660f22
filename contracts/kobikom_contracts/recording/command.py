"""The subcommand ``kobikom-contracts record``."""

from __future__ import annotations

import signal
import threading
from pathlib import Path
from typing import Any

import click

from kobikom_contracts.core.command_line import OneLineCommand, give_up


class Address(click.ParamType):  # type: ignore[type-arg]  # generic in some versions of click only
    """HOST:PORT; an IPv6 address is in brackets."""

    name = "address"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, int]:
        """The host and the port; a usage error for another form."""
        if isinstance(value, tuple):
            return value
        host, colon, port = str(value).rpartition(":")
        if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65535:
            self.fail(f"{value!r} is not HOST:PORT", param, ctx)
        return host.strip("[]"), int(port)


@click.command(cls=OneLineCommand)
@click.option("--upstream", required=True, metavar="URL", help="The server that answers: scheme, host and port.")
@click.option("--listen", type=Address(), default="127.0.0.1:8081", show_default=True, metavar="HOST:PORT")
@click.option("--out", required=True, metavar="FILE", help="A new HAR file; - is standard output.")
@click.option("--pseudonyms", is_flag=True, help="Replace users, numbers, titles and texts by others of the same kind.")
@click.option("--rotate", type=click.IntRange(1), metavar="BYTES", help="Begin another file before one grows larger.")
@click.option(
    "--keep",
    type=click.IntRange(0),
    default=1 << 20,
    show_default=True,
    metavar="BYTES",
    help="Of a larger body only so many octets are recorded; all of it passes.",
)
@click.option(
    "--rewrite-host/--keep-host",
    default=None,
    help="Replace the Host header by the upstream's; the default for https. Nothing else is changed.",
)
@click.option("--ca", type=click.Path(exists=True, dir_okay=False), help="Certificates to trust in addition.")
@click.option("--insecure", is_flag=True, help="Accept any certificate of the upstream.")
def record(**options: Any) -> None:
    """Record an application's requests and their answers on the way, until Ctrl-C or SIGTERM; passwords are masked."""
    from kobikom_contracts.core.verdicts import CannotRun
    from kobikom_contracts.recording.har_files import har_writer
    from kobikom_contracts.recording.proxy import upstream_at
    from kobikom_contracts.tls import tls_context

    if options["out"] == "-" and options["rotate"]:
        give_up("--rotate needs a file: standard output is one")
    try:
        upstream = upstream_at(
            options["upstream"],
            tls=lambda: tls_context(ca=options["ca"], insecure=options["insecure"]),
            rewrite_host=options["rewrite_host"],
        )
        writer = har_writer(options["out"], rotate=options["rotate"])
    except CannotRun as error:
        give_up(str(error))
    except FileExistsError:
        give_up(f"{options['out']} exists already: a recording is a new file")
    except OSError as error:
        give_up(f"cannot open {error.filename or options['out']}: {error.strerror or error}")
    if not upstream.loopback:
        click.echo(
            f"warning: {upstream.url} is not this machine: messages it accepts are sent, and cost money", err=True
        )
    _run(upstream, writer, options)


def _run(upstream: Any, writer: Any, options: dict[str, Any]) -> None:
    from kobikom_contracts.recording.proxy import RecordingProxy
    from kobikom_contracts.recording.pseudonyms import Pseudonyms
    from kobikom_contracts.recording.redaction import Redaction

    host, port = options["listen"]
    ended = threading.Event()
    proxy = RecordingProxy(
        upstream,
        writer,
        redaction=Redaction(Pseudonyms() if options["pseudonyms"] else None),
        host=host,
        port=port,
        most_body=options["keep"],
        failed=lambda _: ended.set(),
        unreachable=lambda line: click.echo(line, err=True),
    )
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, lambda *_: ended.set()) for number in signals]
    error: OSError | None = None
    try:
        with proxy:
            click.echo(f"recording {proxy.url} -> {upstream.url} in {options['out']}; Ctrl-C ends", err=True)
            ended.wait()
    except OSError as failure:
        give_up(f"cannot listen on {host}:{port}: {failure.strerror or failure}")
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
        try:
            writer.close()
        except OSError as failure:
            error = failure
    error = proxy.error or error
    if error is not None:
        give_up(f"cannot write {options['out']}: {error.strerror or error}")
    files = ", ".join(map(str, getattr(writer, "files", [Path("standard output")])))
    click.echo(f"{proxy.recorded} exchanges in {files}", err=True)
