"""The command line `kobikom-emulator`: serve, demo, readings, explain, config, ready, mcp.

Bad input gives one line on standard error and exit code 2, never a traceback. Each command imports what it needs when
it runs, so that `serve` starts fast.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import sys
from collections.abc import Callable, Coroutine, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import click

if TYPE_CHECKING:
    from kobikom_emulator.bootstrap import RunningServer
    from kobikom_emulator.phrases import Language
    from kobikom_emulator.settings import Layer, Loaded, Settings

USAGE = 2


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0 success, 1 the answer is no, 2 the command cannot be carried out as given."""
    run(commands, arguments, program="kobikom-emulator")


def run(group: click.Group, arguments: Sequence[str] | None, *, program: str) -> NoReturn:
    """Run a command of a group under a program's name, and exit."""
    try:
        code = group.main(arguments, prog_name=program, standalone_mode=False)
    except click.ClickException as error:
        click.echo(f"{program}: {error.format_message()}", err=True)
        sys.exit(USAGE)
    except click.exceptions.Abort:
        sys.exit(130)
    except OSError as error:  # of standard output: those of files and sockets are Problems
        _give_up_output()
        click.echo(f"kobikom-emulator: cannot write the output: {error.strerror or error}", err=True)
        sys.exit(1)
    sys.exit(code if isinstance(code, int) else 0)


def _give_up_output() -> None:
    """Point standard output at nothing, or Python would try to write the rest when it ends, with a traceback."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, sys.stdout.fileno())
        os.close(nothing)


def _announce(*lines: str) -> None:
    """Print lines at once; a server whose output is closed or full goes on without it."""
    try:
        for line in lines:
            click.echo(line)
    except OSError as error:
        _give_up_output()
        logging.getLogger("kobikom_emulator").warning("cannot write to standard output: %s", error.strerror or error)


class Problem(click.ClickException):
    """An error that the user can correct; its message is one line."""

    exit_code = USAGE


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="kobikom-emulator")
def commands() -> None:
    """A fake Kobikom: the SMS provider's XML API on your machine."""


def _complete_reading(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
    """What a shell offers for `--reading`: names, then the values of the one that was chosen."""
    from kobikom_emulator.protocol.readings import CATALOGUE

    choices = [f"{ambiguity.name}={value}" for ambiguity in CATALOGUE for value in ambiguity.values]
    return [choice for choice in choices if choice.startswith(incomplete)]


def _configured(command: Any) -> Any:
    """The options that choose settings, shared by serve, config and explain."""
    for option in reversed(
        [
            click.option("--config", "config", metavar="FILE", help="Settings in TOML."),
            click.option("--seed", metavar="N", help="Where ids and random choices begin [0]."),
            click.option(
                "--reading",
                "readings",
                multiple=True,
                metavar="NAME=VALUE",
                help="Choose a reading; see readings.",
                shell_complete=_complete_reading,
            ),
            click.option(
                "--account",
                "accounts",
                multiple=True,
                metavar="USER:PASSWORD[:CREDIT]",
                help="An account instead of test.",
            ),
            click.option("--set", "assignments", multiple=True, metavar="NAME=VALUE", help="Any setting; see config."),
        ]
    ):
        command = option(command)
    return command


@commands.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen [127.0.0.1].")
@click.option("--port", metavar="N", help="Which port; 0 picks a free one [8080].")
@click.option("--log-level", metavar="LEVEL", help="debug, info, warning or error [info].")
@click.option("--log-format", metavar="FORMAT", help="text or json [text].")
@click.option("--base-path", metavar="PATH", help="The path below which a proxy shows the server [none].")
@click.option("--public-url", metavar="URL", help="The address that people see, where a proxy is in front [none].")
@click.option(
    "--trusted-proxy", "trusted_proxy", multiple=True, metavar="ADDRESS", help="Believe its X-Forwarded-… headers."
)
@click.option("--tls-cert", metavar="FILE", help="Serve HTTPS with this certificate [no TLS].")
@click.option("--tls-key", metavar="FILE", help="The key of the certificate, if it is in a file of its own.")
@click.option("--scenario", metavar="FILE", help="Begin with a scenario in JSON, as fuzzing prints it.")
@_configured
def serve(*, scenario: str | None, **options: Any) -> None:
    """Run the emulator until SIGTERM or SIGINT."""
    import gc

    gc.disable()  # everything imported and built at the start stays in use; collecting there takes a tenth of the time

    import asyncio

    from kobikom_emulator.settings import BadSettings

    try:
        asyncio.run(_serve(_load(options).settings, scenario=scenario))
    except BadSettings as error:
        raise Problem(str(error)) from None


@commands.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen [127.0.0.1].")
@click.option("--port", metavar="N", help="Which port; 0 picks a free one [8080].")
@click.option("--seed", type=click.IntRange(0), default=1, metavar="N", help="Which week [1].")
@click.option("--still", is_flag=True, help="No more messages are sent, and the clock is frozen.")
def demo(*, host: str | None, port: str | None, seed: int, still: bool) -> None:
    """Run the emulator with the messages of a made-up week, to look at in the inbox."""
    import asyncio

    from kobikom_emulator import demo as week
    from kobikom_emulator.settings import BadSettings, from_flags, load

    values = {**week.settings(seed), **({"host": host} if host else {}), **({"port": port} if port else {})}
    try:
        loaded = load(environment={}, flags=from_flags([(name, value, f"--{name}") for name, value in values.items()]))
    except BadSettings as error:
        raise Problem(str(error)) from None

    async def begin(running: RunningServer) -> Coroutine[Any, Any, None] | None:
        try:
            await week.fill(running, seed=seed)
        except ImportError:
            from kobikom_emulator.extras import how_to_install

            raise Problem(f"the demo needs Faker for its texts: {how_to_install('demo')}") from None
        return None if still else week.go_on(running, seed=seed)

    asyncio.run(_serve(loaded.settings, begin, inbox=True))


async def _serve(
    settings: Settings,
    begin: Callable[[RunningServer], Coroutine[Any, Any, Coroutine[Any, Any, None] | None]] | None = None,
    *,
    scenario: str | None = None,
    inbox: bool = False,
) -> None:
    """Serve until a signal comes. `begin` runs before the first request; the coroutine it returns runs while the server
    does. `scenario` is a file with which the default space begins.
    """
    import asyncio
    import gc
    import signal

    from kobikom_emulator import logs
    from kobikom_emulator.bootstrap import RunningServer, UnplayableScenario, open_port
    from kobikom_emulator.readiness import announced, local_url

    logs.set_up(settings.log_level, settings.log_format)
    try:
        listening = open_port(settings.host, settings.port)
    except OSError as error:
        where = f"{settings.host}:{settings.port}"
        raise Problem(f"cannot listen on {where}: {error.strerror or error}; choose another --port or --host") from None
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:  # Windows has no signals of the loop: Ctrl-C raises there
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    try:
        server = RunningServer(settings, listening, scenario=None if scenario is None else _read(scenario))
    except UnplayableScenario as error:
        listening.close()
        raise Problem(f"{scenario}: {error}") from None
    async with server as running:
        address = local_url(host=running.host, port=running.port, secure=running.secure)
        background = None if begin is None else await begin(running)
        task = asyncio.ensure_future(background) if background is not None else None
        with announced(address, port=running.port):  # before the line that says that it listens
            _announce(
                f"kobikom-emulator listening on {running.url}",
                *([f"the inbox: {running.url}/_emulator/"] if inbox else []),
            )
            if not inbox and settings.log_level in ("debug", "info"):
                with contextlib.suppress(OSError):  # closed or full, like standard output
                    click.echo(_how_to_use(running.url, settings), err=True)
            gc.freeze()
            gc.enable()
            await stop.wait()
        if task is not None:
            task.cancel()


def _how_to_use(url: str, settings: Settings) -> str:
    """What somebody needs who sees the server start for the first time."""
    account = settings.accounts[0]
    known = account.user == account.password == "test"  # the documented one; others are not shown
    return "\n".join(
        [
            f"  base URL for your application   {url}",
            f"  user, password                  {account.user}, {'test' if known else 'as configured'}",
            f"  page with messages and requests {url}/_emulator/",
            f"  why was something refused?      {url}/_emulator/?view=requests, or: kobikom explain FILE",
        ]
    )


def _read(file: str) -> bytes:
    from pathlib import Path

    try:
        return Path(file).read_bytes()
    except OSError as error:
        raise Problem(f"cannot read {file}: {error.strerror}") from None


def _in_languages(command: Any) -> Any:
    """The option that chooses the language of texts; `language` is then the chosen one."""
    option = click.option(
        "--lang",
        "language",
        type=click.Choice(["en", "tr"]),
        default=_language_of_environment,
        help="English or Turkish texts [from LC_ALL, LC_MESSAGES or LANG].",
    )
    return option(command)


def _language_of_environment() -> str:
    from kobikom_emulator.phrases import preferred

    names = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return preferred(next(filter(None, names), ""))


@commands.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@_in_languages
def readings(*, as_json: bool, language: Language) -> None:
    """The ambiguities of the vendor's page and what each reading means, the default first."""
    import textwrap

    import msgspec

    from kobikom_emulator.phrases import Phrase, in_language
    from kobikom_emulator.protocol.ambiguities.ambiguity import Ambiguity
    from kobikom_emulator.protocol.readings import CATALOGUE

    catalogue: list[Ambiguity] = [ambiguity.in_language(language) for ambiguity in CATALOGUE]

    if as_json:
        rows = [
            {"name": a.name, "clause": a.clause, "marks": a.marks, "question": a.question, "page": a.page,
             "default": a.default, "values": dict(a.values)}
            for a in catalogue
        ]  # fmt: skip
        click.echo(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
        return
    marks = Phrase("Marks: D documented, O observed in a real client, A from the ancestor manual, I inferred.")
    click.echo(in_language(marks, language) + "\n")
    default = in_language(Phrase("[default]"), language)
    for ambiguity in catalogue:
        click.echo(f"{ambiguity.name}  ({ambiguity.clause}; {ambiguity.marks})")
        click.echo(textwrap.fill(ambiguity.question, 96, initial_indent="  ", subsequent_indent="  "))
        page = in_language(Phrase("The page: {page}", page=ambiguity.page), language)
        click.echo(textwrap.fill(page, 96, initial_indent="  ", subsequent_indent="    "))
        for nth, (value, meaning) in enumerate(ambiguity.values.items()):
            click.echo(f"    {value:16} {meaning}{f'  {default}' if nth == 0 else ''}")
        click.echo()


@commands.command()
@_configured
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def config(*, as_json: bool, **options: Any) -> None:
    """Every setting with its value and where it came from; passwords are masked."""
    import msgspec

    from kobikom_emulator.settings import described

    rows = described(_load(options))
    if as_json:
        click.echo(msgspec.json.encode([{"name": n, "value": v, "source": s} for n, v, s in rows]).decode())
        return
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    for name, value, source in rows:
        click.echo(f"{name:{widths[0]}}  {value:{min(widths[1], 60)}}  {source}")


@commands.command()
@click.argument("file", metavar="FILE|URL", default="")
@click.option("--url", default="", metavar="URL", help="A pull's URL, instead of a body.")
@click.option("--content-type", default="", metavar="TYPE", help="The request's Content-Type, for its charset.")
@_configured
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@_in_languages
def explain(*, file: str, url: str, content_type: str, as_json: bool, language: Language, **options: Any) -> int:
    """Say what the server would answer to the request body in FILE (- for standard input) or to the pull of URL, and
    why.

    Offline, against fresh accounts. Exit code 0 if it would be accepted, 1 if anything in it would be refused.
    """
    import asyncio

    import msgspec

    from kobikom_emulator.bootstrap import explain_offline, explain_pull_offline
    from kobikom_emulator.journal.printing import printed

    if bool(file) == bool(url):
        raise Problem("explain takes a FILE with a request body, or the URL of a pull")
    url = url or (file if file.startswith(("http://", "https://")) else "")
    settings = _load(options).settings
    if url:
        entry = asyncio.run(explain_pull_offline(settings, _pull_target(url), language=language))
    else:
        body = sys.stdin.buffer.read() if file == "-" else _read(file)
        entry = asyncio.run(explain_offline(settings, body, content_type, language=language))
    if as_json:
        click.echo(msgspec.json.format(msgspec.json.encode(entry), indent=2).decode())
    else:
        click.echo(printed(entry, language))
    return 0 if entry["outcome"] in ("accepted", "answered", "given", "empty") else 1


def _pull_target(url: str) -> str:
    """Path and query of a pull's URL."""
    _, slashes, rest = url.partition("://")
    target = "/" + (rest if slashes else url).partition("#")[0].partition("/")[2]
    path = target.partition("?")[0].rstrip("/")
    if not path.endswith("/api/sendsms/xml/pull"):
        raise Problem(f"{url!r} is not the URL of a pull, which is …/api/sendsms/xml/pull?kullanici=…&parola=…")
    return target


@commands.command()
@click.option("--url", default="", metavar="URL", help="The server [the one that was started last on this machine].")
@click.option(
    "--wait", "seconds", type=click.FloatRange(0, 3600), default=0.0, metavar="SECONDS", help="How long to try [0]."
)
def ready(*, url: str, seconds: float) -> int:
    """Exit 0 once the emulator answers, 1 if it does not in time: for health checks and scripts."""
    from kobikom_emulator.readiness import local_url, wait_until_ready
    from kobikom_emulator.settings import BadSettings, Settings, load

    if url and not url.startswith(("http://", "https://")):
        raise Problem(f"--url {url!r} is no http URL")
    try:
        settings = load(environment=os.environ).settings
    except BadSettings:
        settings = Settings()
    otherwise = local_url(host=settings.host, port=settings.port, secure=bool(settings.tls.cert))
    if problem := wait_until_ready(url, otherwise=otherwise, seconds=seconds):
        click.echo(f"{click.get_current_context().find_root().info_name}: {problem}", err=True)
    return 1 if problem else 0


@commands.command()
@click.option("--url", envvar="KOBIKOM_URL", default="http://127.0.0.1:8080", metavar="URL", help="A running emulator.")
@click.option("--http", "http_port", type=click.IntRange(0, 65535), metavar="PORT", help="HTTP on this loopback port.")
def mcp(*, url: str, http_port: int | None) -> None:
    """Serve coding agents over MCP: tools on the spaces of a running emulator, by standard input and output."""
    try:
        from kobikom_emulator.mcp_server.command import run
    except ImportError:
        from kobikom_emulator.extras import how_to_install

        raise Problem(f"mcp needs the package mcp: {how_to_install('mcp')}") from None
    try:
        run(url, token=os.environ.get("KOBIKOM_CONTROL__TOKEN", ""), http_port=http_port)
    except (ValueError, OSError) as error:
        raise Problem(str(error)) from None


def _load(options: dict[str, Any]) -> Loaded:
    from kobikom_emulator.settings import BadSettings, load, serve_defaults

    try:
        loaded = load(
            file=options.get("config"), environment=os.environ, flags=_flags(options), defaults=serve_defaults()
        )
    except BadSettings as error:
        raise Problem(str(error)) from None
    for warning in loaded.warnings:
        click.echo(f"kobikom-emulator: warning: {warning}", err=True)
    return loaded


_FLAGS = {
    "proxy.base-path": "--base-path",
    "proxy.public-url": "--public-url",
    "proxy.trusted": "--trusted-proxy",
    "tls.cert": "--tls-cert",
    "tls.key": "--tls-key",
}
"""The flags of `serve` that have another name than their setting."""


def _flags(options: dict[str, Any]) -> Layer:
    from kobikom_emulator.settings import from_flags

    flags: list[tuple[str, Any, str]] = []
    for assignment in options["assignments"]:
        name, equals, value = assignment.partition("=")
        if not equals:
            words = re.findall(r"^[\w.-]*", assignment)  # the name alone: a password may follow
            raise Problem(f"--set takes NAME=VALUE, not {words[0]!r}")
        flags.append((name, value, "--set"))
    for reading in options["readings"]:
        name, equals, value = reading.partition("=")
        if not equals:
            raise Problem(f"--reading takes NAME=VALUE, not {reading!r}")
        flags.append((f"readings.{name}", value, "--reading"))
    if options["accounts"]:
        flags.append(("accounts", [_account(text) for text in options["accounts"]], "--account"))
    for name in ("host", "port", "seed", "log-level", "log-format"):
        value = options.get(name.replace("-", "_"))
        if value is not None:
            flags.append((name, value, f"--{name}"))
    for name, flag in _FLAGS.items():
        if value := options.get(flag[2:].replace("-", "_")):
            flags.append((name, list(value) if isinstance(value, tuple) else value, flag))
    return from_flags(flags)


def _account(text: str) -> dict[str, str]:
    user, colon, rest = text.partition(":")
    password, second_colon, credit = rest.partition(":")
    if not (user and colon and password):
        raise Problem("--account takes USER:PASSWORD[:CREDIT]; user and password must not be empty")
    return {"user": user, "password": password, **({"credit": credit} if second_colon else {})}
