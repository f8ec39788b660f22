"""Alphabets and parts: how many messages a text really is (S-10, S-12). Pure; imports nothing of
ours.

The tables are those of 3GPP TS 23.038: default alphabet, its extension, Turkish locking and single
shift. A part carries 140 octets; headers for concatenation and for a national table take their
toll.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

_ESCAPE = "\x1b"  # a code, not a character: no table can encode it

DEFAULT = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
TURKISH_LOCKING = (
    "@£$¥€éùıòÇ\nĞğ\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bŞşßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "İABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§çabcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENSION = {
    0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\",
    0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€",
}  # fmt: skip
TURKISH_SHIFT = EXTENSION | {
    0x47: "Ğ", 0x49: "İ", 0x53: "Ş", 0x63: "ç", 0x67: "ğ", 0x69: "ı", 0x73: "ş",
}  # fmt: skip


class Alphabet(StrEnum):
    """In order of preference: the fewest parts win, ties go to the earlier."""

    GSM = "gsm"
    TURKISH_SHIFT = "turkish-shift"
    TURKISH_LOCKING = "turkish-locking"
    TURKISH_BOTH = "turkish-both"
    UCS2 = "ucs2"
    BINARY = "binary"


PLAIN = (Alphabet.GSM,)
TURKISH = (Alphabet.TURKISH_SHIFT, Alphabet.TURKISH_LOCKING, Alphabet.TURKISH_BOTH)

_CAPACITY = {  # (a message of one part, each part of several), in septets, code units or octets
    Alphabet.GSM: (160, 153),
    Alphabet.TURKISH_SHIFT: (155, 149),
    Alphabet.TURKISH_LOCKING: (155, 149),
    Alphabet.TURKISH_BOTH: (152, 146),
    Alphabet.UCS2: (70, 67),
    Alphabet.BINARY: (140, 134),
}

_TABLES = {
    Alphabet.GSM: (DEFAULT, EXTENSION),
    Alphabet.TURKISH_SHIFT: (DEFAULT, TURKISH_SHIFT),
    Alphabet.TURKISH_LOCKING: (TURKISH_LOCKING, EXTENSION),
    Alphabet.TURKISH_BOTH: (TURKISH_LOCKING, TURKISH_SHIFT),
}


@dataclass(frozen=True, slots=True)
class Parts:
    """A text, divided. `units` are septets, UCS-2 code units or octets, over all parts."""

    alphabet: Alphabet
    units: int
    texts: tuple[str, ...] | tuple[bytes, ...]

    @property
    def count(self) -> int:
        return len(self.texts)


def divide(text: str, candidates: Iterable[Alphabet] = (*PLAIN, *TURKISH)) -> Parts:
    """`text` in the best of `candidates`; in UCS-2 if none of them has all its characters."""
    divided = [parts for alphabet in candidates if (parts := _divide(text, alphabet))]
    if not divided:
        return divide(text, (Alphabet.UCS2,))  # which has every character
    return min(divided, key=lambda parts: parts.count)


def divide_binary(octets: bytes) -> Parts:
    """`octets` in parts of 140, or of 134 when there are several (S-14)."""
    single, several = _CAPACITY[Alphabet.BINARY]
    size = single if len(octets) <= single else several
    pieces = tuple(octets[at : at + size] for at in range(0, len(octets), size))
    return Parts(Alphabet.BINARY, len(octets), pieces or (b"",))


def _divide(text: str, alphabet: Alphabet) -> Parts | None:
    """`text` in `alphabet`, each part filled as far as whole characters go; None if it can't."""
    cost = _cost(alphabet)
    costs = [cost(character) for character in text]
    if None in costs:
        return None
    prices = [price for price in costs if price is not None]
    single, several = _CAPACITY[alphabet]
    if (units := sum(prices)) <= single:
        return Parts(alphabet, units, (text,))
    pieces, start, used = [], 0, 0
    for at, price in enumerate(prices):
        if used + price > several:
            pieces.append(text[start:at])
            start, used = at, 0
        used += price
    return Parts(alphabet, units, (*pieces, text[start:]))


def _cost(alphabet: Alphabet) -> Callable[[str], int | None]:
    """What one character costs; None when the alphabet lacks it."""
    if alphabet is Alphabet.UCS2:
        return lambda character: 2 if character > "\uffff" else 1
    basic, escaped = _TABLES[alphabet]
    prices = dict.fromkeys(escaped.values(), 2) | dict.fromkeys(basic.replace(_ESCAPE, ""), 1)
    return prices.get
