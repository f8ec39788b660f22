"""Which certificates of an https target are accepted."""

from __future__ import annotations

import ssl
from pathlib import Path


def tls_context(*, ca: Path | str | None = None, insecure: bool = False) -> ssl.SSLContext:
    """The settings for TLS connections: ``ca`` is a file of certificates to trust beside those of the machine.

    With ``insecure`` any certificate is accepted. Raises ``OSError`` for a file that holds no certificate.
    """
    context = ssl.create_default_context()
    if ca is not None:
        context.load_verify_locations(ca)
    if insecure:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
