"""The certificate with which the server speaks HTTPS."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from kobikom_emulator.settings import BadSettings, Settings

if TYPE_CHECKING:
    import ssl


def tls_context(settings: Settings) -> ssl.SSLContext | None:
    """What TLS connections need, None without a certificate; `BadSettings` names a file that cannot be used."""
    tls = settings.tls
    if not tls.cert:
        if tls.key:
            raise BadSettings("tls.key is set without tls.cert")
        return None
    import ssl  # most servers listen without it

    for name, file in (("cert", tls.cert), ("key", tls.key)):
        if file:
            try:
                Path(file).read_bytes()
            except OSError as error:
                raise BadSettings(f"tls.{name}: cannot read {file}: {error.strerror}") from None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(tls.cert, tls.key or None, password=_no_password)
    except (ssl.SSLError, OSError, ValueError) as error:
        files = f"{tls.cert} and {tls.key}" if tls.key else tls.cert
        raise BadSettings(f"tls: {files} cannot be used as certificate and key: {error}") from None
    return context


def _no_password() -> str:
    raise ValueError("the key has a password")
