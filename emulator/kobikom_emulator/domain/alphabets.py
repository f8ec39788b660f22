"""The alphabets of 3GPP TS 23.038: their characters, the septets each takes, and how many fit into a part (S-10, S-12).

The default alphabet and its extension are clause 6.2.1 of TS 23.038, the Turkish single shift table is A.2.1, the
Turkish locking shift table A.3.1. The reference client and the contracts have copies of their own on purpose, so that
the three can be compared.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final

ESCAPE: Final = "\x1b"
"""The septet before each extension character; not a character of any table here."""


class Alphabet(StrEnum):
    """What the units of a message are: septets (the first four), UCS-2 code units, or octets."""

    GSM = "gsm"
    TURKISH_SINGLE = "gsm+turkish-single"
    TURKISH_LOCKING = "gsm+turkish-locking"
    TURKISH_BOTH = "gsm+turkish-both"
    UCS2 = "ucs2"
    BINARY = "binary"


@dataclass(frozen=True, slots=True)
class Room:
    """Units that one part holds: alone, and as one of several, where the concatenation header takes space."""

    alone: int
    among: int


# S-10, S-14. The header names each national table, so a Turkish part holds less.
ROOM: Final[Mapping[Alphabet, Room]] = MappingProxyType(
    {
        Alphabet.GSM: Room(160, 153),
        Alphabet.TURKISH_SINGLE: Room(155, 149),
        Alphabet.TURKISH_LOCKING: Room(155, 149),
        Alphabet.TURKISH_BOTH: Room(152, 146),
        Alphabet.UCS2: Room(70, 67),
        Alphabet.BINARY: Room(140, 134),
    }
)

_BASIC: Final = (
    "@£$¥èéùìòÇ\nØø\rÅå"
    "Δ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ"
    " !\"#¤%&'()*+,-./"
    "0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNO"
    "PQRSTUVWXYZÄÖÑÜ§"
    "¿abcdefghijklmno"
    "pqrstuvwxyzäöñüà"
)
# A.3.1 is the default alphabet with these eight places changed.
_LOCKING_CHANGES: Final = str.maketrans("èìØøÆæ¡¿", "€ıĞğŞşİç")
_LOCKING: Final = _BASIC.translate(_LOCKING_CHANGES)

_EXTENSION: Final[Mapping[int, str]] = MappingProxyType(
    {
        0x0A: "\f",
        0x14: "^",
        0x28: "{",
        0x29: "}",
        0x2F: "\\",
        0x3C: "[",
        0x3D: "~",
        0x3E: "]",
        0x40: "|",
        0x65: "€",
    }
)
# A.2.1 is the default extension table with these seven places filled.
_SINGLE: Final[Mapping[int, str]] = MappingProxyType(
    {
        **_EXTENSION,
        0x47: "Ğ",
        0x49: "İ",
        0x53: "Ş",
        0x63: "ç",
        0x67: "ğ",
        0x69: "ı",
        0x73: "ş",
    }
)


class Table:
    """One 7-bit alphabet; immutable after construction.

    `singles` are the characters of one septet, `escaped` those of two (none is in both: one septet is
    always preferred), `outside` matches a character that is not in the alphabet; the escape is not.
    """

    __slots__ = ("_decoding", "_encoding", "escaped", "outside", "singles")

    def __init__(self, basic: str, extension: Mapping[int, str]) -> None:
        extra = {code: char for code, char in extension.items() if char not in basic}
        self.singles: Final = basic.replace(ESCAPE, "")
        self.escaped: Final = "".join(extra.values())
        self.outside: Final = re.compile(f"[^{re.escape(self.singles + self.escaped)}]")
        singles = {char: chr(code) for code, char in enumerate(basic) if char != ESCAPE}
        pairs = {char: ESCAPE + chr(code) for code, char in extra.items()}
        self._encoding: Final = str.maketrans(singles | pairs)
        # Decoding takes the whole extension table: a title may escape what the basic table has.
        self._decoding: Final = {units: char for char, units in singles.items()} | {
            ESCAPE + chr(code): char for code, char in extension.items()
        }

    def marked(self, text: str) -> str:
        """`text` with an escape before each extension character: one character a septet.

        All of `text` must be in the alphabet.
        """
        # At most seventeen passes in C are several times faster than a loop over characters.
        for char in self.escaped:
            if char in text:
                text = text.replace(char, ESCAPE + char)
        return text

    def encode(self, text: str) -> bytes:
        """One byte a septet; ValueError names the first character that is not in the table."""
        if (missing := self.outside.search(text)) is not None:
            raise ValueError(f"U+{ord(missing[0]):04X} at {missing.start()} has no septet")
        return text.translate(self._encoding).encode("latin-1")

    def decode(self, data: bytes) -> str:
        """The inverse; ValueError for septets that are not a character, an escape at the end included."""
        try:
            return "".join(self._decoding[units] for units in _UNITS.findall(data.decode("latin-1")))
        except KeyError as unknown:
            shown = unknown.args[0].encode("latin-1").hex(" ")
            raise ValueError(f"septets {shown} are not a character") from None


_UNITS: Final = re.compile("\x1b?.", re.DOTALL)

TABLES: Final[Mapping[Alphabet, Table]] = MappingProxyType(
    {
        Alphabet.GSM: Table(_BASIC, _EXTENSION),
        Alphabet.TURKISH_SINGLE: Table(_BASIC, _SINGLE),
        # A locking shift alone leaves the default extension table in force.
        Alphabet.TURKISH_LOCKING: Table(_LOCKING, _EXTENSION),
        Alphabet.TURKISH_BOTH: Table(_LOCKING, _SINGLE),
    }
)


def septets(text: str, alphabet: Alphabet) -> bytes:
    """`text` as septets, one byte each, escapes (0x1B) included.

    ValueError if a character is outside the alphabet, or if that has no septets (UCS-2, binary).
    """
    return _table(alphabet).encode(text)


def characters(data: bytes, alphabet: Alphabet) -> str:
    """The inverse of `septets`; ValueError for septets that are not a character of the alphabet."""
    return _table(alphabet).decode(data)


def _table(alphabet: Alphabet) -> Table:
    table = TABLES.get(alphabet)
    if table is None:
        raise ValueError(f"{alphabet} has no septets")
    return table
