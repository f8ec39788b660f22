"""The octets of a body that a program wrote into a HAR as text."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator

_DECLARED = re.compile(r"<\?xml[^>]{0,200}encoding\s*=\s*[\"']([\w.:-]+)", re.IGNORECASE)
_CHARSET = re.compile(r"charset\s*=\s*\"?\s*([\w.:-]+)", re.IGNORECASE)


def octets_of(text: str, *, content_type: str = "", size: int = 0) -> bytes:
    """The octets that were decoded to this text: those of its size where it is known and one of the encodings fits.

    ``content_type`` is that of the body; ``size`` is 0 where it is unknown.
    """
    candidates = list(_candidates(text, content_type))
    return next((octets for octets in candidates if size and len(octets) == size), candidates[0])


def _candidates(text: str, content_type: str) -> Iterator[bytes]:
    """What the text may have been, the likeliest first; at least UTF-8."""
    declared = _DECLARED.search(text[:400]) or _CHARSET.search(content_type)
    if not text.isascii():
        if (misread := _misread(text)) is not None:
            yield misread
        if declared is not None and (octets := _encoded(text, declared[1])) is not None:
            yield octets
    yield text.encode("utf-8", "surrogatepass")
    for encoding in ("windows-1254", "latin-1"):
        if (octets := _encoded(text, encoding)) is not None:
            yield octets


def _misread(text: str) -> bytes | None:
    """The octets of a text that is UTF-8 read as Latin-1, as programs do where no charset is given."""
    octets = _encoded(text, "latin-1")
    try:
        return octets if octets is not None and octets.decode("utf-8") else None
    except UnicodeDecodeError:
        return None


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(codecs.lookup(encoding).name)
    except (LookupError, UnicodeError, TypeError, ValueError):
        return None
