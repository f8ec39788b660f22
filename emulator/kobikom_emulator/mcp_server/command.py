"""Runs the MCP server of the command line: over standard input and output, or over HTTP on loopback."""

from __future__ import annotations

from kobikom_emulator.bootstrap import open_port, version
from kobikom_emulator.driver.transport import OverHttp
from kobikom_emulator.mcp_server.server import build_server, serve_http

LOOPBACK = "127.0.0.1"


def run(url: str, *, token: str, http_port: int | None) -> None:
    """Serve until the client goes away (or, over HTTP, until a signal). ValueError where `url` is not an emulator's
    address, OSError where the port is taken.
    """
    server = build_server(OverHttp(url, token=token), version=version())
    if http_port is None:
        server.run("stdio")
    else:
        serve_http(server, open_port(LOOPBACK, http_port))
