"""The commands that run a server: serve and demo."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Coroutine
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from kobikom_emulator.cli.group import Problem, announce, commands
from kobikom_emulator.cli.options import complete_setting, configured, load_settings, read

if TYPE_CHECKING:
    from kobikom_emulator.bootstrap import RunningServer
    from kobikom_emulator.settings import Settings


@commands.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen [127.0.0.1].")
@click.option("--port", metavar="N", help="Which port; 0 picks a free one [8080].")
@click.option(
    "--log-level", metavar="LEVEL", help="debug, info, warning or error [info].", shell_complete=complete_setting
)
@click.option("--log-format", metavar="FORMAT", help="text or json [text].", shell_complete=complete_setting)
@click.option("--store", metavar="FILE", type=click.Path(), help="Keep everything in this file [in memory].")
@click.option("--base-path", metavar="PATH", help="The path below which a proxy shows the server [none].")
@click.option("--public-url", metavar="URL", help="The address that people see, where a proxy is in front [none].")
@click.option(
    "--trusted-proxy", "trusted_proxy", multiple=True, metavar="ADDRESS", help="Believe its X-Forwarded-… headers."
)
@click.option("--tls-cert", metavar="FILE", type=click.Path(), help="Serve HTTPS with this certificate [no TLS].")
@click.option(
    "--tls-key", metavar="FILE", type=click.Path(), help="The key of the certificate, if it is in a file of its own."
)
@click.option(
    "--scenario", metavar="FILE", type=click.Path(), help="Begin with a scenario in JSON, as fuzzing prints it."
)
@click.option("--state", metavar="FILE", type=click.Path(), help="Begin with a state that was exported from a space.")
@configured
def serve(*, scenario: str | None, state: str | None, **options: Any) -> None:
    """Run the emulator until SIGTERM or SIGINT."""
    import gc

    gc.disable()  # everything imported and built at the start stays in use; collecting there takes a tenth of the time

    import asyncio

    from kobikom_emulator.settings import BadSettings

    if scenario is not None and state is not None:
        raise Problem("--state and --scenario are two ways to begin; choose one")
    begin = None if state is None else partial(_restore, file=state, document=read(state))
    try:
        asyncio.run(_serve(load_settings(options).settings, begin, scenario=scenario, begins=state is not None))
    except BadSettings as error:
        raise Problem(str(error)) from None


async def _restore(running: RunningServer, *, file: str, document: bytes) -> None:
    """Replace the default space by an exported state."""
    from kobikom_emulator.operations.errors import OperationError
    from kobikom_emulator.operations.spaces import ServerOperations

    try:
        await ServerOperations(running.registry).space().import_state(document)
    except OperationError as error:
        raise Problem(f"{file}: {error.detail}") from None


@commands.command()
@click.option("--host", metavar="ADDRESS", help="Where to listen [127.0.0.1].")
@click.option("--port", metavar="N", help="Which port; 0 picks a free one [8080].")
@click.option("--seed", type=click.IntRange(0), default=1, metavar="N", help="Which week [1].")
@click.option("--still", is_flag=True, help="No more messages are sent, and the clock is frozen.")
def demo(*, host: str | None, port: str | None, seed: int, still: bool) -> None:
    """Run the emulator with the messages of a made-up week, to look at in the inbox."""
    import asyncio

    from kobikom_emulator import demo as week
    from kobikom_emulator import logs
    from kobikom_emulator.settings import BadSettings, from_flags, load

    values = {**week.settings(seed), **({"host": host} if host else {}), **({"port": port} if port else {})}
    try:
        loaded = load(environment={}, flags=from_flags([(name, value, f"--{name}") for name, value in values.items()]))
    except BadSettings as error:
        raise Problem(str(error)) from None

    async def begin(running: RunningServer) -> Coroutine[Any, Any, None] | None:
        try:
            with logs.without_requests():  # the address would scroll away
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
    begins: bool = False,
    inbox: bool = False,
) -> None:
    """Serve until a signal comes. `begin` runs before the first request; the coroutine it returns runs while the server
    does. `scenario` is a file with which the default space begins. With `begins` the store must be a new one.
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
        document = None if scenario is None else read(scenario)
        server = RunningServer(settings, listening, scenario=document, begins=begins or scenario is not None)
    except UnplayableScenario as error:
        listening.close()
        raise Problem(f"{scenario}: {error}") from None
    except BaseException:
        listening.close()
        raise
    async with server as running:
        address = local_url(host=running.host, port=running.port, secure=running.secure)
        background = None if begin is None else await begin(running)
        task = asyncio.ensure_future(background) if background is not None else None
        with announced(address, port=running.port):  # before the line that says that it listens
            announce(
                f"kobikom-emulator listening on {running.url}",
                *([f"the inbox: {running.url}/_emulator/"] if inbox else []),
            )
            if not inbox and settings.log_level in ("debug", "info"):
                _say_how_to_use(settings.proxy.public_url or running.url, settings)
            gc.freeze()
            gc.enable()
            await stop.wait()
        if task is not None:
            task.cancel()


def _say_how_to_use(url: str, settings: Settings) -> None:
    """Say on standard error what somebody needs who sees the server start for the first time; a log in JSON has it as
    one of its lines.
    """
    import logging

    from kobikom_emulator.extras import how_to_call

    account = settings.accounts[0]
    known = account.user == account.password == "test"  # the documented one; others are not shown
    password, page = "test" if known else "as configured", f"{url}/_emulator/"
    if settings.log_format == "json":
        fields = {"base_url": url, "user": account.user, "password": password, "page": page}
        logging.getLogger("kobikom_emulator").info("listening on %s", url, extra={"fields": fields})
        return
    lines = [
        f"  base URL for your application   {url}",
        f"  user, password                  {account.user}, {password}",
        f"  page with messages and requests {page}",
        f"  why was something refused?      {page}?view=requests, or: {how_to_call()} explain FILE",
    ]
    with contextlib.suppress(OSError):  # closed or full, like standard output
        click.echo("\n".join(lines), err=True)
