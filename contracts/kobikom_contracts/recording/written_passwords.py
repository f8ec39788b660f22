"""Finds a known password in any writing: plain, percent-encoded, as references, escaped in JSON, in UTF-16."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

SHORTEST = 4
"""Shorter passwords are not looked for: a password of a digit or two would mask most of a recording."""
WITHIN_WORDS = 6
"""Passwords of so many characters are masked inside longer words, too."""

_NAMED = {"&": "amp", "<": "lt", ">": "gt", '"': "quot", "'": "apos"}
_ESCAPED = {'"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n", "\t": "\\t", "\r": "\\r", "\b": "\\b", "\f": "\\f"}


def occurrences(data: bytes | bytearray, password: str) -> Iterator[tuple[int, int]]:
    """The places of a password of :data:`SHORTEST` characters or more; of a short one as a whole word only."""
    if len(password) >= SHORTEST:
        for match in _pattern(password).finditer(bytes(data)):
            yield match.span()


@lru_cache(maxsize=1000)
def _pattern(password: str) -> re.Pattern[bytes]:
    written = b"".join(b"(?:" + b"|".join(_writings(char)) + b")" for char in password)
    wide = [re.escape(password.encode(encoding, "surrogatepass")) for encoding in ("utf-16-le", "utf-16-be")]
    if len(password) < WITHIN_WORDS:
        before, after = rb"(?:(?<![0-9A-Za-z])|(?<=%[0-9A-Fa-f]{2}))", rb"(?![0-9A-Za-z])"
        written = before + written + after
    return re.compile(b"|".join([written, *wide]))


@lru_cache(maxsize=10_000)
def _writings(char: str) -> tuple[bytes, ...]:
    """Every way in which a character may be written, as patterns."""
    code = ord(char)
    texts = [char, *([f"&{_NAMED[char]};"] if char in _NAMED else []), *([_ESCAPED[char]] if char in _ESCAPED else [])]
    patterns = {_encoded_or_not(text.encode("utf-8", "surrogatepass")) for text in texts}
    patterns |= {_encoded_or_not(octets) for octets in _in_legacy_encodings(char)}
    patterns.add(rb"(?:&|%%26)(?:#|%%23)0*%d(?:;|%%3[Bb])" % code)
    patterns.add(rb"(?:&|%%26)(?:#|%%23)[xX]0*(?i:%x)(?:;|%%3[Bb])" % code)
    patterns.add(b"".join(rb"\\u(?i:%04x)" % unit for unit in _units(char)))
    if char == " ":
        patterns.add(rb"\+")
    # The longest first: `&` is also the beginning of its own references.
    return tuple(sorted(patterns, key=len, reverse=True))


def _in_legacy_encodings(char: str) -> set[bytes]:
    encoded = (char.encode(encoding, "ignore") for encoding in ("windows-1254", "latin-1"))
    return {octets for octets in encoded if octets}


def _encoded_or_not(octets: bytes) -> bytes:
    """Each octet as it is or percent-encoded, in either case; encoded twice, too."""
    return b"".join(rb"(?:%b|%%(?:25)?(?i:%02x))" % (re.escape(bytes([octet])), octet) for octet in octets)


def _units(char: str) -> list[int]:
    octets = char.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(octets[at : at + 2], "big") for at in range(0, len(octets), 2)]
