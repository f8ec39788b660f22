"""Compressed answers: nobody asked for them, but what they say can still be judged."""

from __future__ import annotations

import zlib
from dataclasses import replace

from kobikom_contracts.http_connection import MAX_BODY, HttpAnswer

_WINDOWS = {"gzip": (31,), "x-gzip": (31,), "deflate": (15, -15)}
"""The sizes by which zlib tells the formats apart; ``deflate`` is written with and without a head."""


def decompressed(http: HttpAnswer) -> HttpAnswer | None:
    """The answer with its body decompressed; None when it isn't compressed in a known way."""
    for window in _WINDOWS.get((http.header("Content-Encoding") or "").strip().lower(), ()):
        try:
            return replace(http, body=zlib.decompressobj(window).decompress(http.body, MAX_BODY))
        except zlib.error:
            continue
    return None
