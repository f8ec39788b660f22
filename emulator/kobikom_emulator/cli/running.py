"""The commands about a server that runs already: ready and mcp."""

from __future__ import annotations

import os

import click

from kobikom_emulator.cli.group import Problem, commands


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
