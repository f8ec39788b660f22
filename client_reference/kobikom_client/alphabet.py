"""Divides a text into parts (S-10, S-12).

The tables are those of 3GPP TS 23.038: default alphabet, its extension, Turkish locking and single
shift. A part holds 140 octets, which include the headers for concatenation and for a national table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

_ESCAPE = "\x1b"  # selects the extension table; it is not a character that can be encoded

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
    """The alphabets in order of preference: of those that need the fewest parts, the first is used."""

    GSM = "gsm"
    TURKISH_SHIFT = "turkish-shift"
    TURKISH_LOCKING = "turkish-locking"
    TURKISH_BOTH = "turkish-both"
    UCS2 = "ucs2"
    BINARY = "binary"


class TurkishTable(StrEnum):
    """Which national tables a Turkish text may use (reading turkish-table): the page names none."""

    FEWEST = "fewest"
    SINGLE = "single"
    LOCKING = "locking"


PLAIN = (Alphabet.GSM,)
TURKISH = (Alphabet.TURKISH_SHIFT, Alphabet.TURKISH_LOCKING, Alphabet.TURKISH_BOTH)
NATIONAL: Mapping[TurkishTable, tuple[Alphabet, ...]] = MappingProxyType(
    {
        TurkishTable.FEWEST: TURKISH,
        TurkishTable.SINGLE: (Alphabet.TURKISH_SHIFT,),
        # What the locking table lacks, such as è, is in the single shift table.
        TurkishTable.LOCKING: (Alphabet.TURKISH_LOCKING, Alphabet.TURKISH_BOTH),
    }
)

# (units in a message of one part, units in each of several parts), in septets, code units or octets
_CAPACITY = {
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
    """A text divided into parts.

    `units` is the length of all parts in septets, UCS-2 code units or octets, depending on `alphabet`.
    `texts` has one element for each part: octets for `Alphabet.BINARY`, otherwise text.
    """

    alphabet: Alphabet
    units: int
    texts: tuple[str, ...] | tuple[bytes, ...]

    @property
    def count(self) -> int:
        """The number of parts."""
        return len(self.texts)


def divide(text: str, candidates: Iterable[Alphabet] = (*PLAIN, *TURKISH)) -> Parts:
    """`text` in the candidate that needs the fewest parts; in UCS-2 if none has all its characters."""
    divisions = [parts for alphabet in candidates if (parts := _divide(text, alphabet))]
    if not divisions:
        return divide(text, (Alphabet.UCS2,))  # UCS-2 has every character
    return min(divisions, key=lambda parts: parts.count)


def divide_binary(octets: bytes) -> Parts:
    """`octets` in one part of up to 140 octets, or in several of up to 134 (S-14)."""
    single, several = _CAPACITY[Alphabet.BINARY]
    size = single if len(octets) <= single else several
    pieces = tuple(octets[at : at + size] for at in range(0, len(octets), size))
    return Parts(Alphabet.BINARY, len(octets), pieces or (b"",))


def _divide(text: str, alphabet: Alphabet) -> Parts | None:
    """`text` in `alphabet`, without splitting a character; None if the alphabet lacks a character."""
    width = _width(alphabet)
    widths = [units for character in text if (units := width(character)) is not None]
    if len(widths) < len(text):
        return None
    single, several = _CAPACITY[alphabet]
    if (total := sum(widths)) <= single:
        return Parts(alphabet, total, (text,))
    pieces, start, used = [], 0, 0
    for at, units in enumerate(widths):
        if used + units > several:
            pieces.append(text[start:at])
            start, used = at, 0
        used += units
    return Parts(alphabet, total, (*pieces, text[start:]))


def _width(alphabet: Alphabet) -> Callable[[str], int | None]:
    """A function that gives the units one character takes, or None if the alphabet lacks it."""
    if alphabet is Alphabet.UCS2:
        return lambda character: 2 if character > "\uffff" else 1
    basic, escaped = _TABLES[alphabet]
    widths = dict.fromkeys(escaped.values(), 2) | dict.fromkeys(basic.replace(_ESCAPE, ""), 1)
    return widths.get
