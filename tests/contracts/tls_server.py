"""A TLS proxy on loopback in front of any server, with a certificate made for the test."""

from __future__ import annotations

import contextlib
import shutil
import socket
import socketserver
import ssl
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from deviant_servers.proxy import Proxy

from .answering import listening


def certificate(folder: Path) -> Path:
    """A file with a new key and its certificate for 127.0.0.1; the test is skipped where OpenSSL is not installed."""
    openssl = shutil.which("openssl")
    if openssl is None:
        pytest.skip("needs the command openssl to make a certificate")
    key, chain = folder / "key.pem", folder / "chain.pem"
    subprocess.run(
        [
            openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1",
            "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(chain),
        ],
        capture_output=True, check=True,
    )  # fmt: skip
    chain.write_bytes(chain.read_bytes() + key.read_bytes())
    return chain


@contextlib.contextmanager
def tls(proxy: Proxy, chain: Path) -> Iterator[str]:
    """The https URL under which a proxy answers; it ends each connection as TLS does, with a close_notify."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            # A handshake is many small writes; each would wait for an acknowledgement.
            self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with (
                contextlib.suppress(OSError, ValueError),
                context.wrap_socket(self.request, server_side=True) as secured,
            ):
                with secured.makefile("rb") as stream:
                    proxy.converse(stream, secured)
                secured.unwrap()

    with listening(Handler) as server:
        yield f"https://127.0.0.1:{server.server_address[1]}"
